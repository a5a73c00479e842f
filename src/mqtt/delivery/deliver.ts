import { ACK_FRAME, FirstByte, type Frame, patchOf, publishFirstByte } from "../packet/frame";
import type { Qos } from "../packet/publish";
import { type Connection, Waits } from "../state/connection";
import type { Core } from "../state/core";
import { countSent, type DropReason } from "../state/counters";
import { drop } from "../state/drop";
import { addWaiting, endEmptyQueue, holdSent, letGoSent, takeExpiredWaiting, takeWaiting } from "../state/holding";
import { Awaits, createInflight, release, slotOf, slotsInOrder, takePacketId } from "../state/inflight";
import { isExpired, type Message, ownBytes } from "../state/message";
import { Overload } from "../state/overload";
import { type QueuedMessage, queuedMessage } from "../state/queue";
import type { SharedGroup } from "../state/route";
import type { Session } from "../state/session";
import { scheduleTurnEnd } from "../state/turn";
import { frameFor } from "./encoding";
import { hasRoom, send } from "./outbox";

/**
 * Gives a message to one session: to its socket, to its queue, or to the client in this process. `shared` is the group
 * for which it does so: a QoS 1 message is kept then until it is acknowledged, for another member if need be.
 */
export function deliver(
  core: Core,
  session: Session,
  message: Message,
  qos: Qos,
  retain: boolean,
  ids: readonly number[],
  shared: SharedGroup | null,
): void {
  if (session.local !== null) {
    core.turn.local.push({ client: session.local, message, qos, retain });
    scheduleTurnEnd(core);
    if (qos > 0) core.turn.reached |= Waits.local;
    return;
  }
  const { connection } = session;
  if (qos === 0) {
    if (connection !== null) sendQos0(core, connection, message, retain, ids);
    else drop(core, session, "offline");
    return;
  }
  // A QoS 2 message may go to one member alone [MQTT-4.8.2-5].
  const group = qos === 1 ? shared : null;
  if (connection !== null && group === null && !session.persistent && isReady(core, session, connection)) {
    sendUnkept(core, session, connection, message, qos, retain, ids);
    return;
  }
  keep(core, session, queuedMessage(message, qos, retain, ids, sequenceFor(core, message, shared), group));
}

/**
 * All who have asked for a message by a subscription of their own share its number, so that a message and a byte are
 * all that each of their queues must keep. To a session it goes once in that way; whatever else comes has its own.
 */
function sequenceFor(core: Core, message: Message, shared: SharedGroup | null): number {
  if (shared !== null || core.publishing !== message) return ++core.sequence;
  if (message.sequence === 0) message.sequence = ++core.sequence;
  return message.sequence;
}

function sendQos0(core: Core, connection: Connection, message: Message, retain: boolean, ids: readonly number[]): void {
  if (core.overload !== 0 && connection.blockedSinceMs !== 0) {
    drop(core, connection.session!, "overload");
    return;
  }
  if (!hasRoom(core, connection)) {
    drop(core, connection.session!, "slow_reader");
    return;
  }
  const frame = frameFor(core, connection, message, 0, ids);
  if (frame === null) return;
  send(core, connection, frame, patchOf(publishFirstByte(0, retain, false), 0));
  countSent(core.counters, 0, message.payload.length);
}

/** A QoS 1 or 2 message to a session that ends with its connection: nothing of it is needed once it is written. */
function sendUnkept(
  core: Core,
  session: Session,
  connection: Connection,
  message: Message,
  qos: 1 | 2,
  retain: boolean,
  ids: readonly number[],
): void {
  const frame = frameFor(core, connection, message, qos, ids);
  if (frame === null) return;
  session.inflight ??= createInflight();
  const packetId = takePacketId(session.inflight, qos === 1 ? Awaits.puback : Awaits.pubrec, null);
  connection.outstanding++;
  holdForStore(connection, qos, false);
  send(core, connection, frame, patchOf(publishFirstByte(qos, retain, false), packetId));
  countSent(core.counters, qos, message.payload.length);
}

/**
 * A message of a session that is stored goes out when it is in the store. So does any QoS 2 message: it must not come a
 * second time from a publisher whose first attempt a killed process had not written down.
 */
function holdForStore(connection: Connection, qos: 1 | 2, isStored: boolean): void {
  if (qos === 2 || isStored) connection.waits |= Waits.store;
}

/** Puts a message into a session's queue, within its limits, and sends it if its turn has come. */
function keep(core: Core, session: Session, queued: QueuedMessage): void {
  if (isFull(core, session)) dropExpired(core, session);
  if (isFull(core, session)) {
    drop(core, session, "queue_full");
    return;
  }
  if (core.overload >= Overload.refuseGrowth && isAmongLongest(core, session)) {
    drop(core, session, "overload");
    return;
  }
  const { connection, persistent } = session;
  if (persistent) core.turn.reached |= Waits.store;
  if (connection !== null && isReady(core, session, connection)) {
    const sent = sendQueued(core, session, connection, queued);
    if (sent && persistent) core.store.putQueued(session, queued);
    return;
  }
  if (persistent) core.store.putQueued(session, queued);
  ownBytes(queued.message);
  addWaiting(core, session, queued);
}

function isFull(core: Core, { pending, inflight }: Session): boolean {
  const { queuedMessages, queuedBytes } = core.limits;
  if (pending !== null && pending.length >= queuedMessages) return true;
  return (pending?.bytes ?? 0) + (inflight?.bytes ?? 0) >= queuedBytes;
}

/**
 * Whether as much waits for a session that nobody reads as for the average one: in an overload such a queue grows no
 * more. What stands in it already was acknowledged, and stays.
 */
function isAmongLongest({ waiting, sessions }: Core, { pending, connection }: Session): boolean {
  return connection === null && (pending?.length ?? 0) >= waiting / sessions.size;
}

/** Forgets what has expired while it waited [MQTT-3.3.2-5]. */
export function dropExpired(core: Core, session: Session): void {
  for (const queued of takeExpiredWaiting(core, session, core.clock.now())) {
    drop(core, session, "expired");
    forget(core, session, queued);
    scheduleTurnEnd(core);
  }
  endEmptyQueue(core, session);
}

/** Whether the next message may go out at once: nothing stands before it, and the client takes it. */
function isReady(core: Core, session: Session, connection: Connection): boolean {
  return (
    (session.pending === null || session.pending.length === 0) &&
    session.resend === null &&
    mayTakeMore(core, connection)
  );
}

/** Flow control: the receive maximum of the client and our own [MQTT-3.3.4-9], and room in its outbox. */
function mayTakeMore(core: Core, connection: Connection): boolean {
  return connection.outstanding < connection.sendWindow && hasRoom(core, connection);
}

/** Sends a kept message for the first time. False: it could never be sent and is out of the queue. */
function sendQueued(core: Core, session: Session, connection: Connection, queued: QueuedMessage): boolean {
  const { message, qos } = queued;
  const frame = frameFor(core, connection, message, qos, queued.subscriptionIds);
  if (frame === null) return false;
  session.inflight ??= createInflight();
  const kept = session.persistent || queued.group !== null ? queued : null;
  queued.packetId = takePacketId(session.inflight, qos === 1 ? Awaits.puback : Awaits.pubrec, kept);
  if (kept !== null) {
    ownBytes(message);
    holdSent(core, queued);
  }
  holdForStore(connection, qos, session.persistent);
  connection.outstanding++;
  send(core, connection, frame, patchOf(publishFirstByte(qos, queued.retain, false), queued.packetId));
  countSent(core.counters, qos, message.payload.length);
  return true;
}

/** Sends what waits for a session, as far as its client takes it: first what it has seen already, then what is new. */
export function sendWaiting(core: Core, session: Session): void {
  const { connection } = session;
  if (connection === null || connection.isClosed) return;
  while (session.resend !== null && mayTakeMore(core, connection)) {
    sendAgain(core, session, connection, session.resend.shift()!);
    if (session.resend.length === 0) session.resend = null;
  }
  if (session.pending === null || session.resend !== null) return;
  while (session.pending.length > 0 && mayTakeMore(core, connection)) {
    const queued = takeWaiting(core, session)!;
    const refusal = refusalOf(core, session, queued.message);
    if (refusal !== null) {
      drop(core, session, refusal);
      forget(core, session, queued);
    } else if (!sendQueued(core, session, connection, queued)) forget(core, session, queued);
    else if (session.persistent) core.store.markSent(session, queued);
  }
  endEmptyQueue(core, session);
}

/** Why a message that has waited is not sent any more: its time is over, or its receiver's right. */
function refusalOf(core: Core, session: Session, message: Message): DropReason | null {
  if (isExpired(message, core.clock.now())) return "expired";
  return mayRead(core, session, message) ? null : "not_authorized";
}

function mayRead(core: Core, session: Session, message: Message): boolean {
  return core.authorize === null || core.authorize(session.identity, "read", message.topic.name);
}

function forget(core: Core, session: Session, queued: QueuedMessage): void {
  if (session.persistent) core.store.dropQueued(session, queued);
}

/** A message that was sent is done with: its identifier is free, and what was kept of it goes. */
export function releaseSent(core: Core, session: Session, slot: number): void {
  const inflight = session.inflight!;
  const queued = inflight.messages[slot]!;
  if (queued !== null) {
    letGoSent(core, queued);
    core.store.dropQueued(session, queued);
    scheduleTurnEnd(core);
  }
  release(inflight, slot);
}

/** Lists what was in flight on an earlier connection, to be sent again in its order [MQTT-4.4.0-1] [MQTT-4.6.0-1]. */
export function resumeInflight(session: Session): void {
  const { inflight } = session;
  if (inflight === null || inflight.count === 0) return;
  session.resend = slotsInOrder(inflight).map((slot) => inflight.packetIds[slot]!);
}

function sendAgain(core: Core, session: Session, connection: Connection, packetId: number): void {
  const inflight = session.inflight!;
  const slot = slotOf(inflight, packetId);
  if (slot === -1) return;
  const queued = inflight.messages[slot]!;
  const frame = inflight.awaits[slot] === Awaits.pubcomp ? null : frameAgain(core, session, connection, queued);
  if (frame === null && queued.qos === 1) {
    releaseSent(core, session, slot);
    return;
  }
  connection.outstanding++;
  if (frame === null) {
    sendPubrel(core, session, connection, slot);
    return;
  }
  send(core, connection, frame, patchOf(publishFirstByte(queued.qos, queued.retain, true), packetId));
  countSent(core.counters, queued.qos, queued.message.payload.length);
}

/** Null where its receiver must not have it any more, or takes nothing of that size. */
function frameAgain(core: Core, session: Session, connection: Connection, queued: QueuedMessage): Frame | null {
  if (mayRead(core, session, queued.message))
    return frameFor(core, connection, queued.message, queued.qos, queued.subscriptionIds);
  drop(core, session, "not_authorized");
  return null;
}

/**
 * Goes on to the last step of a QoS 2 message: it has arrived, or will not be sent again. In the second case too the
 * client may have seen it, and an identifier that was just dropped would make the next message look like a repetition.
 */
export function sendPubrel(core: Core, session: Session, connection: Connection, slot: number): void {
  const inflight = session.inflight!;
  inflight.awaits[slot] = Awaits.pubcomp;
  const queued = inflight.messages[slot]!;
  if (queued !== null) {
    queued.isReleased = true;
    core.store.markReleased(session, queued);
    connection.waits |= Waits.store;
  }
  send(core, connection, ACK_FRAME, patchOf(FirstByte.pubrel, inflight.packetIds[slot]!));
}

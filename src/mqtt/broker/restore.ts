import type { Core } from "../state/core";
import { CUT_OFF } from "../state/gate";
import { addWaiting, holdSent } from "../state/holding";
import { Awaits, createInflight, restorePacketId } from "../state/inflight";
import { createMessage, type Message } from "../state/message";
import { dequeue, enqueue, type QueuedMessage, queuedMessage } from "../state/queue";
import { createSession, type Session } from "../state/session";
import type { StoredMessage, StoredQueued, StoredSession, StoredState, StoredWill } from "../state/store";
import { scheduleTurnEnd } from "../state/turn";
import { parseFilter } from "../topic/rules";
import { goOffline } from "./endSession";
import { addSubscription } from "./subscriptions";
import { setWill } from "./wills";

/**
 * Fills a new broker with what its store has kept. A session that was connected when the process ended has lost its
 * connection now: its expiry begins, and so does the delay of its will.
 */
export function restore(core: Core, state: StoredState): void {
  const messages = new Map<number, Message>();
  for (const stored of state.retained) core.retained.restore(core, messageOf(core, stored));
  for (const stored of state.sessions) restoreSession(core, state, messages, stored);
  state.eachWaiting(({ identity }, stored, qos, retain) => {
    const message = sharedMessage(core, messages, stored);
    wait(core, core.sessions.get(identity.clientId)!, queuedMessage(message, qos, retain, [], stored.sequence, null));
  });
  for (const { identity, queued } of state.sessions) {
    if (queued.some(({ packetId }) => packetId === 0)) putInOrder(core.sessions.get(identity.clientId)!);
  }
  if (core.store.hasWork()) scheduleTurnEnd(core);
}

function messageOf(core: Core, stored: StoredMessage): Message {
  const topic = core.topics.named(stored.topic);
  const { qos, retain, payload, properties, expiresAtMs, publisher } = stored;
  const message = createMessage(topic, qos, retain, payload, properties, expiresAtMs, publisher);
  message.storedId = stored.id;
  message.sequence = stored.sequence;
  return message;
}

function restoreSession(core: Core, state: StoredState, messages: Map<number, Message>, stored: StoredSession): void {
  const session = createSession(stored.identity);
  session.persistent = true;
  session.expirySeconds = stored.expirySeconds;
  session.endsAtMs = stored.endsAtMs;
  core.sessions.set(stored.identity.clientId, session);
  for (const { filter, ...options } of stored.subscriptions) {
    const { levels, group } = parseFilter(filter, core.limits);
    addSubscription(core, { session, filter, levels, group: null, ...options }, group);
  }
  if (stored.inbound.length > 0) {
    core.unreleased += stored.inbound.length;
    session.inbound = new Map(
      stored.inbound.map(({ packetId, isFinished }) => [packetId, isFinished ? null : CUT_OFF]),
    );
  }
  for (const queued of stored.queued) restoreQueued(core, state, messages, session, queued);
  if (stored.will !== null) restoreWill(core, session, stored.will);
  if (stored.endsAtMs === 0) goOffline(core, session);
}

/** One without a delay goes out with the broker's first look at what is due: by then those in this process listen. */
function restoreWill(core: Core, session: Session, { message, delaySeconds, expirySeconds, atMs }: StoredWill): void {
  const { topic, qos, retain, payload, properties } = message;
  const name = core.topics.named(topic);
  const will = {
    message: createMessage(name, qos, retain, payload, properties, 0, session.identity),
    delaySeconds,
    expirySeconds,
  };
  setWill(core, session, will);
  session.willAtMs = atMs === 0 ? core.clock.now() + delaySeconds * 1000 : atMs;
}

function restoreQueued(
  core: Core,
  state: StoredState,
  messages: Map<number, Message>,
  session: Session,
  stored: StoredQueued,
): void {
  const kept = state.messages.get(stored.messageId);
  if (kept === undefined) throw new Error(`the store has no message ${stored.messageId}, which a queue refers to`);
  const message = sharedMessage(core, messages, kept);
  const { qos, retain, subscriptionIds, packetId, sequence } = stored;
  const queued = queuedMessage(message, qos, retain, subscriptionIds, sequence, null);
  queued.packetId = packetId;
  queued.isReleased = stored.isReleased;
  queued.row = stored.hasRow ? "written" : "none";
  if (packetId === 0) {
    wait(core, session, queued);
    return;
  }
  core.sequence = Math.max(core.sequence, sequence);
  message.storedReferences++;
  holdSent(core, queued);
  session.inflight ??= createInflight();
  const firstStep = qos === 1 ? Awaits.puback : Awaits.pubrec;
  restorePacketId(session.inflight, packetId, stored.isReleased ? Awaits.pubcomp : firstStep, queued);
  // As files of before version 3 have it; from now on it stands with what else is on its way.
  if (stored.hasRow) core.store.markSent(session, queued);
}

/** The message of a row, one object for all who refer to it. */
function sharedMessage(core: Core, messages: Map<number, Message>, stored: StoredMessage): Message {
  const message = messages.get(stored.id) ?? messageOf(core, stored);
  messages.set(stored.id, message);
  return message;
}

function wait(core: Core, session: Session, queued: QueuedMessage): void {
  core.sequence = Math.max(core.sequence, queued.sequence);
  queued.message.storedReferences++;
  addWaiting(core, session, queued);
}

/** Messages with rows of their own and those without were read one after the other. */
function putInOrder({ pending }: Session): void {
  const all: QueuedMessage[] = [];
  for (let item = dequeue(pending!); item !== undefined; item = dequeue(pending!)) all.push(item);
  for (const item of all.sort((a, b) => a.sequence - b.sequence)) enqueue(pending!, item);
}

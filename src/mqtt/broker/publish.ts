import { send } from "../delivery/outbox";
import { mayWrite, publish, publishInside } from "../delivery/publish";
import { ACK_FRAME, ackFrame, FirstByte, type Frame, patchOf, varintSize } from "../packet/frame";
import { forwardedProperties } from "../packet/properties";
import { createPublishView, decodePublish, messageExpiryOf, type PublishView, topicAliasOf } from "../packet/publish";
import { PacketError, Reason } from "../packet/reason";
import { type Connection, Waits } from "../state/connection";
import type { Core } from "../state/core";
import { CUT_OFF } from "../state/gate";
import { createMessage, formOf, type Message } from "../state/message";
import type { Route } from "../state/route";
import type { Session } from "../state/session";
import { localGateOf } from "../state/turn";
import type { Topic } from "../topic/names";
import { pauseReading, slowDown } from "./backpressure";

const view = createPublishView();
/** How long a client is not read whose earlier messages are still worked on, before it may send the next one. */
const HOLD_MS = 250;
const NO_PROPERTIES = new Uint8Array(0);
const NOBODY_FRAME = ackFrame(Reason.noMatchingSubscribers);
const DENIED_FRAME = ackFrame(Reason.notAuthorized);

/** A PUBLISH from a client: the hottest path of the broker. */
export function onPublish(
  core: Core,
  connection: Connection,
  firstByte: number,
  bytes: Uint8Array,
  frameFrom: number,
  from: number,
  to: number,
): void {
  decodePublish(view, bytes, from, to, firstByte & 0x0f, connection.version, core.limits.userProperties);
  const session = connection.session!;
  const { counters } = core;
  counters.messagesReceived[view.qos]++;
  counters.messageBytesReceived[view.qos] += to - view.payloadFrom;
  if (core.overload !== 0 || core.limits.publishesPerSecond > 0) slowDown(core, connection);
  const topic = topicOf(core, connection);
  if (view.qos === 2 && isRepeated(core, session)) {
    confirmAgain(core, connection, session, topic, frameFrom, from);
    return;
  }
  if (view.qos === 1 && connection.gates !== null) holdBack(core, connection);
  if (!mayPublish(core, connection, session, topic)) {
    refuse(core, connection, session, topic);
    return;
  }
  const receivers = publish(core, messageFrom(core, connection, topic, frameFrom, from));
  if (view.qos === 0) return;
  acknowledge(core, connection, session, receivers);
}

/** The topic that a PUBLISH names, by itself or by an alias [MQTT-3.3.2-9]. */
function topicOf(core: Core, connection: Connection): Topic<Route> {
  const alias = connection.version === 5 ? topicAliasOf(view) : 0;
  if (alias === 0) return core.topics.intern(view.bytes, view.topicFrom, view.topicTo);
  if (alias > core.limits.topicAliases) {
    throw new PacketError(Reason.topicAliasInvalid, `topic alias ${alias}; the maximum is ${core.limits.topicAliases}`);
  }
  const v5 = connection.v5!;
  if (view.topicTo === view.topicFrom) {
    const known = v5.aliasesIn?.get(alias);
    if (known === undefined)
      throw new PacketError(Reason.protocolError, `topic alias ${alias} was never given a topic`);
    return known;
  }
  const topic = core.topics.intern(view.bytes, view.topicFrom, view.topicTo);
  v5.aliasesIn ??= new Map();
  v5.aliasesIn.set(alias, topic);
  return topic;
}

/** Whether a QoS 2 message is here already. */
function isRepeated(core: Core, session: Session): boolean {
  if (session.inbound === null) return false;
  if (session.inbound.has(view.packetId)) return true;
  if (session.inbound.size < core.limits.receiveMaximum) return false;
  throw new PacketError(
    Reason.receiveMaximumExceeded,
    `more than ${core.limits.receiveMaximum} QoS 2 messages that have not been released`,
  );
}

/**
 * A QoS 1 message while earlier ones wait for work in this process: no more of them than QoS 2 messages. One more ends a
 * 5.0 connection, which was told [3.2.2.3.3]; of an older one the rest is not read yet.
 */
function holdBack(core: Core, connection: Connection): void {
  connection.heldAcks++;
  if (connection.heldAcks <= core.limits.receiveMaximum) return;
  if (connection.version === 5) {
    const message = `more than ${core.limits.receiveMaximum} QoS 1 messages that have not been acknowledged`;
    throw new PacketError(Reason.receiveMaximumExceeded, message);
  }
  pauseReading(core, connection, core.clock.now() + HOLD_MS);
}

/** The repeated message goes nowhere again [MQTT-4.3.3-10], but work that ended with an earlier process is done now. */
function confirmAgain(
  core: Core,
  connection: Connection,
  session: Session,
  topic: Topic<Route>,
  frameFrom: number,
  from: number,
): void {
  const gate = session.inbound!.get(view.packetId)!;
  if (gate === CUT_OFF) {
    publishInside(core, messageFrom(core, connection, topic, frameFrom, from));
    acknowledge(core, connection, session, 1);
    return;
  }
  // The first of them may have been noted in this very turn.
  connection.waits |= Waits.store;
  send(core, connection, ACK_FRAME, patchOf(FirstByte.pubrec, view.packetId));
  if (gate !== null && !gate.isOpen) core.turn.repeated.push({ connection, gate });
}

function mayPublish(core: Core, connection: Connection, session: Session, topic: Topic<Route>): boolean {
  if (connection.allowedTopic === topic && connection.allowedVersion === core.routeVersion) return true;
  if (!mayWrite(core, session.identity, topic)) return false;
  connection.allowedTopic = topic;
  connection.allowedVersion = core.routeVersion;
  return true;
}

/** [MQTT-3.3.5-2]: before 5.0 there is no negative acknowledgement, so the message is confirmed and goes nowhere. */
function refuse(core: Core, connection: Connection, session: Session, topic: Topic<Route>): void {
  core.counters.dropped.not_authorized++;
  core.emit("denied", { identity: session.identity, action: "write", topic: topic.name });
  if (view.qos === 0) return;
  const frame = connection.version === 5 ? DENIED_FRAME : ACK_FRAME;
  send(core, connection, frame, patchOf(view.qos === 1 ? FirstByte.puback : FirstByte.pubrec, view.packetId));
}

function messageFrom(
  core: Core,
  connection: Connection,
  topic: Topic<Route>,
  frameFrom: number,
  from: number,
): Message {
  const { bytes, qos, retain, end } = view;
  const isV5 = connection.version === 5;
  const properties = isV5 ? forwardedProperties(bytes, view.properties) : NO_PROPERTIES;
  const expirySeconds = isV5 ? messageExpiryOf(view) : -1;
  const expiresAtMs = expirySeconds === -1 ? 0 : core.clock.now() + expirySeconds * 1000;
  const payload = bytes.subarray(view.payloadFrom, end);
  const message = createMessage(topic, qos, retain, payload, properties, expiresAtMs, connection.session!.identity);
  if (isForwardable(view, isV5, properties) && from - frameFrom === 1 + varintSize(end - from)) {
    const frame: Frame = {
      bytes: bytes.subarray(frameFrom, end),
      packetIdAt: qos === 0 ? 0 : view.topicTo - frameFrom,
    };
    message.frames[formOf(connection.version, qos)] = frame;
  }
  return message;
}

/** Whether receivers of the same version and QoS can be sent the very bytes that came. */
function isForwardable(arrived: PublishView, isV5: boolean, properties: Uint8Array): boolean {
  return !isV5 || properties.length === arrived.properties.to - arrived.properties.from;
}

function acknowledge(core: Core, connection: Connection, session: Session, receivers: number): void {
  connection.waits |= core.turn.reached;
  if (view.qos === 2) {
    const gate = (core.turn.reached & Waits.local) === 0 ? null : localGateOf(core);
    session.inbound ??= new Map();
    const before = session.inbound.size;
    session.inbound.set(view.packetId, gate);
    core.unreleased += session.inbound.size - before;
    if (session.persistent) {
      core.store.putInbound(session, view.packetId, gate);
      gate?.inbound.push({ session, packetId: view.packetId });
      connection.waits |= Waits.store;
    }
  }
  const frame = receivers === 0 && connection.version === 5 ? NOBODY_FRAME : ACK_FRAME;
  send(core, connection, frame, patchOf(view.qos === 1 ? FirstByte.puback : FirstByte.pubrec, view.packetId));
}

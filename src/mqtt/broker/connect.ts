import { resumeInflight, sendWaiting } from "../delivery/deliver";
import { sendWhole } from "../delivery/outbox";
import { type Body, checkConnect, readProtocolLevel } from "../packet/check";
import { type ConnectPacket, parseConnect } from "../packet/parse";
import { PacketError, protocolError, Reason } from "../packet/reason";
import { type ConnackProperties, connackFrame } from "../packet/replies";
import type { Identity, Verdict } from "../rights/rights";
import { type Connection, Waits } from "../state/connection";
import type { Core } from "../state/core";
import { createMessage } from "../state/message";
import { createSession, NEVER_EXPIRES_SECONDS, type Session, type Will } from "../state/session";
import { endAwaiting, judgeFlapping, judgeOwner, judgeRoom } from "./admission";
import { closeConnection } from "./close";
import { endSession } from "./endSession";
import { sweepSession } from "./sweep";
import { setWill } from "./wills";

/** A CONNECT, checked: what the parser made of it, and what it would have lost. */
interface Request {
  packet: ConnectPacket;
  willProperties: Uint8Array;
  clientId: string;
  isAssigned: boolean;
}

/** The first packet of a connection: checks it, asks who it is, and opens or resumes its session. */
export function onConnect(core: Core, connection: Connection, body: Body, frame: Uint8Array): void {
  // [MQTT-3.1.0-2]
  if (!connection.awaitsConnect) throw protocolError("second CONNECT on one connection");
  const request = readConnect(core, connection, body, frame);
  const { packet, clientId } = request;
  connection.maxOutBytes = packet.properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
  if (packet.properties?.authenticationMethod !== undefined) {
    // [MQTT-4.12.0-1]
    throw new PacketError(Reason.badAuthenticationMethod, "no enhanced authentication method is supported");
  }
  const identity: Identity = { clientId, username: packet.username ?? null, address: connection.address };
  connection.claimed = identity;
  connection.reading = false;
  const verdict = judge(core, connection, identity, packet.password ?? null);
  if (!(verdict instanceof Promise)) {
    admit(core, connection, request, identity, verdict);
    connection.reading = !connection.isClosed;
    return;
  }
  connection.transport.pause();
  verdict
    .catch((error: unknown): Verdict => {
      core.emit("fault", { error });
      return Reason.serverUnavailable;
    })
    .then((settled) => {
      if (connection.isClosed) return;
      connection.transport.resume();
      try {
        admit(core, connection, request, identity, settled);
      } catch (error) {
        closeConnection(core, connection, reasonOf(error), (error as Error).message);
      }
      if (connection.isClosed) return;
      connection.reading = true;
      core.readOn(connection);
    });
}

function reasonOf(error: unknown): PacketError["reason"] {
  return error instanceof PacketError ? error.reason : Reason.unspecified;
}

function readConnect(core: Core, connection: Connection, body: Body, frame: Uint8Array): Request {
  connection.version = readProtocolLevel(body);
  body.version = connection.version;
  const { willProperties } = checkConnect(body);
  const packet = parseConnect(frame);
  if (packet.clientId === "")
    return { packet, willProperties, clientId: assignedId(core, connection, packet), isAssigned: true };
  if (Buffer.byteLength(packet.clientId) > core.limits.clientIdBytes) {
    throw new PacketError(
      Reason.clientIdentifierNotValid,
      `client identifier is longer than ${core.limits.clientIdBytes} bytes`,
    );
  }
  return { packet, willProperties, clientId: packet.clientId, isAssigned: false };
}

/** [MQTT-3.1.3-6] A client without an identifier gets one, unless it is a 3.1.1 client that wants to be remembered. */
function assignedId(core: Core, connection: Connection, packet: ConnectPacket): string {
  // [MQTT-3.1.3-8] of 3.1.1
  if (connection.version !== 5 && packet.clean !== true) {
    throw new PacketError(Reason.clientIdentifierNotValid, "empty client identifier without clean session");
  }
  let clientId: string;
  do {
    clientId = `auto-${core.random.below(2 ** 48).toString(36)}`;
  } while (core.sessions.has(clientId));
  return clientId;
}

function judge(
  core: Core,
  connection: Connection,
  identity: Identity,
  password: Uint8Array | null,
): Verdict | Promise<Verdict> {
  if (core.authenticate === null) return null;
  const isGone = (): boolean => connection.isClosed;
  return core.authenticate({ ...identity, password, transport: connection.transportName, isGone });
}

function admit(core: Core, connection: Connection, request: Request, identity: Identity, verdict: Verdict): void {
  const refusal =
    verdict ?? judgeOwner(core, identity) ?? judgeRoom(core, identity) ?? judgeFlapping(core, identity.clientId);
  if (refusal !== null) throw new PacketError(refusal, "the broker does not let this client in");
  const { packet } = request;
  const will = willOf(core, request, identity);
  const expirySeconds = expirySecondsOf(core, connection, packet);
  const properties = connackProperties(core, connection, request, expirySeconds);
  const { session, isPresent } = openSession(core, identity, packet.clean === true);
  connection.session = session;
  connection.claimed = null;
  session.connection = connection;
  session.endsAtMs = 0;
  settleExpiry(core, session, expirySeconds);
  settleFlow(core, connection, packet);
  connection.awaitsConnect = false;
  endAwaiting(core, connection);
  connection.maxPacketBytes = core.limits.packetBytes;
  core.counters.connectionsAccepted++;
  if (session.persistent) {
    core.store.putSession(session);
    connection.waits |= Waits.store;
  }
  setWill(core, session, will);
  sendWhole(core, connection, connackFrame(connection.version, isPresent, properties));
  core.emit("connected", { identity, version: connection.version, transport: connection.transportName });
  resumeInflight(session);
  sendWaiting(core, session);
}

/** The session of a client identifier: the one that is there [MQTT-3.1.2-5], or a new one. */
function openSession(core: Core, identity: Identity, isClean: boolean): { session: Session; isPresent: boolean } {
  const existing = core.sessions.get(identity.clientId);
  if (existing !== undefined) {
    if (existing.connection !== null) {
      // [MQTT-3.1.4-3]
      closeConnection(
        core,
        existing.connection,
        Reason.sessionTakenOver,
        "another connection took over this client identifier",
      );
    } else sweepSession(core, existing, core.clock.now());
    const isStillThere = core.sessions.get(identity.clientId) === existing;
    if (isStillThere && !isClean) {
      const { username, address } = existing.identity;
      // Routes remember what this session may read.
      if (username !== identity.username || address !== identity.address) core.routeVersion++;
      existing.identity = identity;
      return { session: existing, isPresent: true };
    }
    // [MQTT-3.1.2-4]
    if (isStillThere) endSession(core, existing);
  }
  if (core.sessions.size >= core.limits.sessions) {
    throw new PacketError(Reason.quotaExceeded, `${core.limits.sessions} sessions are kept, which is the limit`);
  }
  const session = createSession(identity);
  core.sessions.set(identity.clientId, session);
  return { session, isPresent: false };
}

function expirySecondsOf(core: Core, connection: Connection, packet: ConnectPacket): number {
  const asked = packet.properties?.sessionExpiryInterval ?? 0;
  const forever = packet.clean === true ? 0 : NEVER_EXPIRES_SECONDS;
  return Math.min(connection.version === 5 ? asked : forever, core.limits.sessionExpirySeconds);
}

function settleExpiry(core: Core, session: Session, expirySeconds: number): void {
  const wasPersistent = session.persistent;
  session.expirySeconds = expirySeconds;
  session.persistent = session.expirySeconds > 0;
  if (wasPersistent && !session.persistent) core.store.dropSession(session);
}

function settleFlow(core: Core, connection: Connection, packet: ConnectPacket): void {
  const { keepAliveSeconds, inflightMessages, topicAliases } = core.limits;
  const asked = packet.keepalive ?? 0;
  const keepAlive = isServersKeepAlive(core, connection, asked) ? keepAliveSeconds : asked;
  connection.silenceLimitMs = keepAlive * 1500;
  connection.sendWindow = Math.min(packet.properties?.receiveMaximum ?? 65_535, inflightMessages);
  if (connection.version !== 5) return;
  connection.v5 = {
    aliasesIn: null,
    aliasesOut: null,
    aliasesOutMax: Math.min(packet.properties?.topicAliasMaximum ?? 0, topicAliases),
  };
}

function isServersKeepAlive(core: Core, connection: Connection, asked: number): boolean {
  const { keepAliveSeconds } = core.limits;
  return connection.version === 5 && keepAliveSeconds > 0 && (asked === 0 || asked > keepAliveSeconds);
}

/** Throws where the client does not take a packet of the size of its own CONNACK [MQTT-3.1.2-24]. */
function connackProperties(
  core: Core,
  connection: Connection,
  request: Request,
  expirySeconds: number,
): ConnackProperties {
  const { limits } = core;
  const { packet, isAssigned, clientId } = request;
  const properties: ConnackProperties = {
    receiveMaximum: limits.receiveMaximum,
    maximumPacketSize: limits.packetBytes,
    topicAliasMaximum: limits.topicAliases,
  };
  if (isAssigned) properties.assignedClientIdentifier = clientId;
  if (isServersKeepAlive(core, connection, packet.keepalive ?? 0)) properties.serverKeepAlive = limits.keepAliveSeconds;
  if ((packet.properties?.sessionExpiryInterval ?? 0) !== expirySeconds) {
    properties.sessionExpiryInterval = expirySeconds;
  }
  if (!fits(connection, properties)) {
    throw new PacketError(
      Reason.packetTooLarge,
      `the answer is larger than the ${connection.maxOutBytes} bytes asked for`,
    );
  }
  if (packet.properties?.requestResponseInformation !== true || /[+#]/.test(clientId)) return properties;
  const helpful = { ...properties, responseInformation: `response/${clientId}/` };
  return fits(connection, helpful) ? helpful : properties;
}

function fits({ version, maxOutBytes }: Connection, properties: ConnackProperties): boolean {
  return (
    maxOutBytes === Number.POSITIVE_INFINITY || connackFrame(version, false, properties).bytes.length <= maxOutBytes
  );
}

function willOf(core: Core, request: Request, identity: Identity): Will | null {
  const { will } = request.packet;
  if (will === undefined) return null;
  const topic = core.topics.named(will.topic);
  const payload = Buffer.from(will.payload as Uint8Array);
  const retain = will.retain === true;
  return {
    message: createMessage(topic, will.qos ?? 0, retain, payload, request.willProperties, 0, identity),
    delaySeconds: will.properties?.willDelayInterval ?? 0,
    expirySeconds: will.properties?.messageExpiryInterval ?? -1,
  };
}

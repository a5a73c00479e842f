import { send } from "../delivery/outbox";
import { type Body, checkDisconnect, checkSubscribe, checkUnsubscribe, decodeAck } from "../packet/check";
import { decodeChunk, PacketType, resumeDecoding } from "../packet/decoder";
import { FirstByte, PINGRESP_FRAME, patchOf } from "../packet/frame";
import { type DisconnectPacket, parsePacket, type SubscribePacket, type UnsubscribePacket } from "../packet/parse";
import { PacketError, protocolError, Reason } from "../packet/reason";
import type { Connection } from "../state/connection";
import type { Core } from "../state/core";
import { onPuback, onPubcomp, onPubrec, onPubrel } from "./acknowledge";
import { countInput } from "./backpressure";
import { closeConnection } from "./close";
import { onConnect } from "./connect";
import { onDisconnect } from "./disconnect";
import { onPublish } from "./publish";
import { onSubscribe, onUnsubscribe } from "./subscribe";

type Sink = (
  connection: Connection,
  firstByte: number,
  bytes: Uint8Array,
  frameFrom: number,
  from: number,
  to: number,
) => void;

/** Bytes from a client. Whatever is wrong with them ends its connection and nothing else. */
export type Receive = (connection: Connection, chunk: Uint8Array) => void;

/** What transports hand their bytes to, and what reads on after a pause. */
export function createReceiver(core: Core): { receive: Receive; readOn: (connection: Connection) => void } {
  const body: Body = {
    bytes: new Uint8Array(0),
    at: 0,
    end: 0,
    version: 0,
    maxUserProperties: core.limits.userProperties,
  };

  const sink: Sink = (connection, firstByte, bytes, frameFrom, from, to) => {
    core.counters.packetsReceived++;
    const type = firstByte >> 4;
    if (type === PacketType.publish) {
      onPublish(core, connection, firstByte, bytes, frameFrom, from, to);
      return;
    }
    body.bytes = bytes;
    body.at = from;
    body.end = to;
    body.version = connection.version;
    if (type === PacketType.connect) onConnect(core, connection, body, bytes.subarray(frameFrom, to));
    else receivePacket(core, connection, type, body, bytes, frameFrom);
  };

  function readOn(connection: Connection): void {
    try {
      resumeDecoding(connection, sink);
    } catch (error) {
      endBadly(core, connection, error);
    }
    countInput(core, connection);
  }

  function receive(connection: Connection, chunk: Uint8Array): void {
    if (connection.isClosed) return;
    const { counters } = core;
    const packetsBefore = counters.packetsReceived;
    counters.bytesReceived += chunk.length;
    try {
      decodeChunk(connection, chunk, sink);
    } catch (error) {
      endBadly(core, connection, error);
    }
    noteLife(connection, counters.packetsReceived !== packetsBefore, core.clock.now());
    countInput(core, connection);
  }

  return { receive, readOn };
}

/**
 * [MQTT-3.1.2-24] counts packets alone. Here, as with mosquitto, bytes of one that has begun are a sign of life too: a
 * slow link may need longer for a packet than its keep-alive. How long such a packet may take, the sweep judges.
 */
function noteLife(connection: Connection, isPacketWhole: boolean, nowMs: number): void {
  connection.lastReadMs = nowMs;
  if (connection.partial === null) connection.packetSinceMs = 0;
  else if (isPacketWhole || connection.packetSinceMs === 0) connection.packetSinceMs = nowMs;
}

function endBadly(core: Core, connection: Connection, error: unknown): void {
  if (error instanceof PacketError) {
    core.counters.protocolErrors++;
    closeConnection(core, connection, error.reason, error.message);
    return;
  }
  core.emit("fault", { error });
  closeConnection(core, connection, Reason.unspecified, "the broker failed at this packet");
}

function receivePacket(
  core: Core,
  connection: Connection,
  type: number,
  body: Body,
  bytes: Uint8Array,
  frameFrom: number,
): void {
  if (type >= PacketType.puback && type <= PacketType.pubcomp) ON_ACK[type]!(core, connection, decodeAck(body, type));
  else if (type === PacketType.pingreq) onPingreq(core, connection, body);
  else receiveRarePacket(core, connection, type, body, bytes.subarray(frameFrom, body.end));
}

const ON_ACK: ((core: Core, connection: Connection, ack: number) => void)[] = [];
ON_ACK[PacketType.puback] = onPuback;
ON_ACK[PacketType.pubrec] = onPubrec;
ON_ACK[PacketType.pubrel] = onPubrel;
ON_ACK[PacketType.pubcomp] = onPubcomp;

function receiveRarePacket(core: Core, connection: Connection, type: number, body: Body, frame: Uint8Array): void {
  const { version } = connection;
  switch (type) {
    case PacketType.subscribe:
      checkSubscribe(body);
      onSubscribe(core, connection, parsePacket(frame, version) as SubscribePacket);
      break;
    case PacketType.unsubscribe:
      checkUnsubscribe(body);
      onUnsubscribe(core, connection, parsePacket(frame, version) as UnsubscribePacket);
      break;
    case PacketType.disconnect:
      checkDisconnect(body);
      onDisconnect(core, connection, parsePacket(frame, version) as DisconnectPacket);
      break;
    default:
      // A client may send AUTH only after the server has asked for more, which this one never does [MQTT-4.12.0-1].
      throw protocolError("AUTH without an authentication exchange");
  }
}

function onPingreq(core: Core, connection: Connection, body: Body): void {
  if (body.at !== body.end) throw protocolError("PINGREQ with a body");
  send(core, connection, PINGRESP_FRAME, patchOf(FirstByte.pingresp, 0));
}

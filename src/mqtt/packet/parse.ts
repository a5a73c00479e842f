import {
  type IConnectPacket,
  type IDisconnectPacket,
  type ISubscribePacket,
  type IUnsubscribePacket,
  type Packet,
  type Parser,
  parser,
} from "mqtt-packet";
import { malformed } from "./reason";

export type ConnectPacket = IConnectPacket;
export type SubscribePacket = ISubscribePacket;
export type UnsubscribePacket = IUnsubscribePacket;
export type DisconnectPacket = IDisconnectPacket;

let parsed: Packet | null = null;
let failure: Error | null = null;

function createParser(version: number): Parser {
  const made = parser({ protocolVersion: version });
  made.on("packet", (packet) => {
    parsed = packet;
  });
  made.on("error", (error: Error) => {
    failure = error;
  });
  return made;
}

// A CONNECT changes the version its parser reads from then on, so it has one of its own.
const connectParser = createParser(4);
const v3Parser = createParser(4);
const v5Parser = createParser(5);

/** Parses one whole packet that has passed its check. Throws PacketError where mqtt-packet still refuses it. */
function parseWhole(by: Parser, frame: Uint8Array): Packet {
  parsed = null;
  failure = null;
  by.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.length));
  if (failure !== null) throw malformed((failure as Error).message);
  if (parsed === null) throw malformed("packet is shorter than it says");
  return parsed;
}

/** A CONNECT of any version. */
export function parseConnect(frame: Uint8Array): ConnectPacket {
  return parseWhole(connectParser, frame) as ConnectPacket;
}

/** Any other packet that is not on the fast path. */
export function parsePacket(frame: Uint8Array, version: number): Packet {
  return parseWhole(version === 5 ? v5Parser : v3Parser, frame);
}

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
const VERSIONS = { connect: 4, v3: 4, v5: 5 };
type Kind = keyof typeof VERSIONS;
const parsers: Record<Kind, Parser> = { connect: createParser(4), v3: createParser(4), v5: createParser(5) };

/** Parses one whole packet that has passed its check. Throws PacketError where mqtt-packet still refuses it. */
function parseWhole(kind: Kind, frame: Uint8Array): Packet {
  parsed = null;
  failure = null;
  const left = parsers[kind].parse(Buffer.from(frame.buffer, frame.byteOffset, frame.length));
  if (failure === null && parsed !== null && left === 0) return parsed;
  // It keeps what it could not read, which would stand before the next packet, whoever sends that.
  parsers[kind] = createParser(VERSIONS[kind]);
  throw malformed((failure as Error | null)?.message ?? `packet is ${left > 0 ? "longer" : "shorter"} than it says`);
}

/** A CONNECT of any version. */
export function parseConnect(frame: Uint8Array): ConnectPacket {
  return parseWhole("connect", frame) as ConnectPacket;
}

/** Any other packet that is not on the fast path. */
export function parsePacket(frame: Uint8Array, version: number): Packet {
  return parseWhole(version === 5 ? "v5" : "v3", frame);
}

import { malformed, PacketError, protocolError, Reason } from "./reason";

/** Packet types of MQTT 5.0, table 2-1. */
export const PacketType = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
  auth: 15,
} as const;

/** Low four bits that each type must have [MQTT-2.1.3-1]; -1: any, PUBLISH has its own; -2: never sent by a client. */
const FLAGS = [-2, 0, -2, -1, 0, 0, 2, 0, 2, -2, 2, -2, 0, -2, 0, 0];

/** What may be kept of a client that goes on sending while it is not read: about one read of a socket. */
const UNREAD_BYTES = 1_048_576;

/** One connection's place in its stream of bytes. */
export interface StreamState {
  /** What has come of a packet that is not whole yet, and how much of the array that is. */
  partial: Uint8Array | null;
  partialLength: number;
  /** Protocol level: 3, 4 or 5; 0 before CONNECT. */
  version: number;
  /** The largest packet allowed now, fixed header included; smaller before the client is known. */
  maxPacketBytes: number;
  /** Until the client has said who it is, nothing but CONNECT is read [MQTT-3.1.0-1]. */
  awaitsConnect: boolean;
  /** False stops the decoder before the next packet: the connection is closed or waits for its authentication. */
  reading: boolean;
}

/** Is called with each whole packet in place: its bytes stand in `bytes[frameFrom, to)`, its body begins at `from`. */
export type PacketSink<S extends StreamState> = (
  state: S,
  firstByte: number,
  bytes: Uint8Array,
  frameFrom: number,
  from: number,
  to: number,
) => void;

/** What the fixed header at the start of some bytes says. One for all, filled by {@link readHeader}. */
const header = { bodyFrom: 0, end: 0 };

/**
 * Reads a fixed header at `at`. False: more bytes are needed. Refuses what no client may send and what is too large as
 * soon as the header shows it, before anything of the body is kept.
 */
function readHeader(state: StreamState, bytes: Uint8Array, at: number, end: number): boolean {
  checkFirstByte(state, bytes[at]!);
  let length = 0;
  for (let i = 1; i <= 4; i++) {
    if (at + i >= end) return false;
    const byte = bytes[at + i]!;
    length |= (byte & 0x7f) << (7 * (i - 1));
    if (byte < 0x80) {
      // Padding is forbidden in 5.0 [MQTT-1.5.5-1] and common among small devices that speak 3.1.1.
      if (byte === 0 && i > 1 && state.version === 5) throw malformed("remaining length is padded");
      header.bodyFrom = at + i + 1;
      header.end = header.bodyFrom + length;
      if (header.end - at > state.maxPacketBytes) throw tooLarge(header.end - at, state.maxPacketBytes);
      return true;
    }
  }
  throw malformed("remaining length is longer than four bytes");
}

function checkFirstByte(state: StreamState, firstByte: number): void {
  const type = firstByte >> 4;
  const flags = FLAGS[type]!;
  if (flags >= 0 && flags !== (firstByte & 0x0f)) throw malformed("reserved flags of the fixed header are wrong");
  if (flags === -2) throw protocolError(`packet type ${type} is not for clients to send`);
  if (state.awaitsConnect && type !== PacketType.connect) {
    throw protocolError(`first packet is of type ${type}, not CONNECT`);
  }
}

function tooLarge(size: number, limit: number): PacketError {
  return new PacketError(Reason.packetTooLarge, `packet of ${size} bytes; the limit here is ${limit}`);
}

/**
 * Cuts a chunk of the stream into packets and hands each to the sink, without copying packets that came whole. What is
 * left over is kept in `state` by a copy that grows with what has really come, never with what a header promises.
 * Throws PacketError at the first fault of the framing, and whatever the sink throws.
 */
export function decodeChunk<S extends StreamState>(state: S, chunk: Uint8Array, sink: PacketSink<S>): void {
  let at = state.partial === null ? 0 : completePartial(state, chunk, sink);
  while (at < chunk.length) {
    if (!state.reading || !readHeader(state, chunk, at, chunk.length)) break;
    const { bodyFrom, end } = header;
    if (end > chunk.length) break;
    sink(state, chunk[at]!, chunk, at, bodyFrom, end);
    at = end;
  }
  if (at < chunk.length) keep(state, chunk.subarray(at));
}

/** The size of the packet that has begun and not ended, as its header says; 0 where there is none, or too little of it. */
export function bytesBegun({ partial, partialLength }: StreamState): number {
  let length = 0;
  for (let i = 1; partial !== null && i <= 4 && i < partialLength; i++) {
    length |= (partial[i]! & 0x7f) << (7 * (i - 1));
    if (partial[i]! < 0x80) return i + 1 + length;
  }
  return 0;
}

/** Goes on with what was kept while `state.reading` was false. */
export function resumeDecoding<S extends StreamState>(state: S, sink: PacketSink<S>): void {
  if (state.partial === null) return;
  const kept = state.partial.subarray(0, state.partialLength);
  state.partial = null;
  state.partialLength = 0;
  decodeChunk(state, kept, sink);
}

/** Adds to the kept packet what it lacks, and hands it over when it is whole; gives how much of the chunk that took. */
function completePartial<S extends StreamState>(state: S, chunk: Uint8Array, sink: PacketSink<S>): number {
  let taken = 0;
  while (state.reading && taken < chunk.length) {
    const hasHeader = readHeader(state, state.partial!, 0, state.partialLength);
    const missing = hasHeader ? header.end - state.partialLength : 1;
    const more = Math.min(missing, chunk.length - taken);
    append(state, chunk.subarray(taken, taken + more));
    taken += more;
    if (!readHeader(state, state.partial!, 0, state.partialLength) || header.end > state.partialLength) continue;
    const bytes = state.partial!;
    state.partial = null;
    state.partialLength = 0;
    sink(state, bytes[0]!, bytes, 0, header.bodyFrom, header.end);
    return taken;
  }
  return taken;
}

function keep(state: StreamState, bytes: Uint8Array): void {
  if (!state.reading && state.partialLength + bytes.length > state.maxPacketBytes + UNREAD_BYTES) {
    throw new PacketError(Reason.quotaExceeded, "too much was sent to a broker that has stopped reading");
  }
  if (state.partial === null) {
    state.partial = bytes.slice();
    state.partialLength = bytes.length;
    return;
  }
  append(state, bytes);
}

function append(state: StreamState, bytes: Uint8Array): void {
  const length = state.partialLength + bytes.length;
  if (length > state.partial!.length) {
    const grown = new Uint8Array(Math.max(length, 2 * state.partial!.length));
    grown.set(state.partial!.subarray(0, state.partialLength));
    state.partial = grown;
  }
  state.partial!.set(bytes, state.partialLength);
  state.partialLength = length;
}

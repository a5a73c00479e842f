/**
 * An encoded packet that may go to many connections. What differs from one to the next, its first byte and its packet
 * identifier, is written into the copy that is made for the socket; the frame itself is never changed.
 */
export interface Frame {
  bytes: Uint8Array;
  /** Offset of the packet identifier, or 0 where the packet has none of its own to be filled in. */
  packetIdAt: number;
}

/** What is written over a frame's copy: its first byte, and its packet identifier above it. */
export type Patch = number;

/** Packs the first byte and the packet identifier (0: none) of one sending into one small integer. */
export function patchOf(firstByte: number, packetId: number): Patch {
  return (packetId << 8) | firstByte;
}

/** Copies a frame to `target` at `at` with its patch applied; gives the offset behind it. */
export function copyFrame(frame: Frame, patch: Patch, target: Uint8Array, at: number): number {
  target.set(frame.bytes, at);
  target[at] = patch & 0xff;
  if (frame.packetIdAt !== 0) {
    target[at + frame.packetIdAt] = patch >>> 16;
    target[at + frame.packetIdAt + 1] = (patch >>> 8) & 0xff;
  }
  return at + frame.bytes.length;
}

/** The size in bytes of a variable byte integer. */
export function varintSize(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  return value < 2_097_152 ? 3 : 4;
}

/** Writes a variable byte integer; gives the offset behind it. */
export function writeVarint(value: number, target: Uint8Array, at: number): number {
  let rest = value;
  let offset = at;
  while (rest > 127) {
    target[offset++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[offset++] = rest;
  return offset;
}

/** First bytes of the packets that have no flags of their own. */
export const FirstByte = {
  puback: 0x40,
  pubrec: 0x50,
  pubrel: 0x62,
  pubcomp: 0x70,
  pingresp: 0xd0,
} as const;

/** PUBACK, PUBREC, PUBREL and PUBCOMP that report success: the same four bytes in both versions. */
export const ACK_FRAME: Frame = { bytes: new Uint8Array([0, 2, 0, 0]), packetIdAt: 2 };

/** The same four packets with a 5.0 reason code. */
export function ackFrame(reason: number): Frame {
  return { bytes: new Uint8Array([0, 3, 0, 0, reason]), packetIdAt: 2 };
}

export const PINGRESP_FRAME: Frame = { bytes: new Uint8Array([FirstByte.pingresp, 0]), packetIdAt: 0 };

/** A packet that is sent as it is. */
export function wholeFrame(bytes: Uint8Array): Frame {
  return { bytes, packetIdAt: 0 };
}

/** The first byte of a PUBLISH. */
export function publishFirstByte(qos: number, retain: boolean, duplicate: boolean): number {
  return 0x30 | (duplicate ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
}

import { isUtf8 } from "node:buffer";
import { malformed } from "./reason";

/** A place in the bytes of one packet. No read goes beyond `end`: each throws "Malformed Packet" instead. */
export interface Cursor {
  bytes: Uint8Array;
  at: number;
  end: number;
}

/** One byte. */
export function readByte(cursor: Cursor): number {
  if (cursor.at >= cursor.end) throw malformed(`packet ends before its byte ${cursor.at}`);
  return cursor.bytes[cursor.at++]!;
}

/** A two-byte integer, big-endian. */
export function readUint16(cursor: Cursor): number {
  const high = readByte(cursor);
  return (high << 8) | readByte(cursor);
}

/** A four-byte integer, big-endian. */
export function readUint32(cursor: Cursor): number {
  const high = readUint16(cursor);
  return high * 0x10000 + readUint16(cursor);
}

/** A variable byte integer: at most four bytes, and no more than it needs [MQTT-1.5.5-1]. */
export function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = readByte(cursor);
    value |= (byte & 0x7f) << shift;
    if (byte === 0 && shift > 0) throw malformed("variable byte integer is padded");
    if (byte < 0x80) return value;
  }
  throw malformed("variable byte integer is longer than four bytes");
}

/** Steps over binary data (two-byte length, then bytes); gives its length, `cursor.at` stands behind it. */
export function skipBinary(cursor: Cursor): number {
  const length = readUint16(cursor);
  if (cursor.at + length > cursor.end) {
    throw malformed(`field of ${length} bytes, but only ${cursor.end - cursor.at} are left in the packet`);
  }
  cursor.at += length;
  return length;
}

/**
 * Steps over a UTF-8 string; gives its length in bytes, `cursor.at` stands behind it.
 * Ill-formed UTF-8, surrogates included, is refused [MQTT-1.5.4-1], and so is U+0000 [MQTT-1.5.4-2].
 */
export function skipString(cursor: Cursor): number {
  const length = skipBinary(cursor);
  checkText(cursor.bytes, cursor.at - length, cursor.at);
  return length;
}

/** Throws unless the bytes are well-formed UTF-8 without U+0000. */
export function checkText(bytes: Uint8Array, from: number, to: number): void {
  let asciiOnly = true;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte === 0) throw malformed(`text has a null character at byte ${i - from}`);
    if (byte > 0x7f) asciiOnly = false;
  }
  if (!asciiOnly && !isUtf8(bytes.subarray(from, to))) throw malformed("text is not well-formed UTF-8");
}

/** The string between two offsets that are already known to hold well-formed UTF-8. */
export function textAt(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString();
}

import type { QueuedMessage } from "../state/queue";
import type { StoredQueued } from "../state/store";

// Lists that are written and read as a whole stand in one column as bytes: the receivers of a message, and what is on
// its way to a session.

const RETAIN_BIT = 2;
const RELEASED_BIT = 4;
const RECEIVER_BITS = 2;
/** Message, sequence, packet identifier, flags, number of subscription identifiers. */
const ENTRY_BYTES = 8 + 8 + 2 + 1 + 2;
const IDENTIFIER_BYTES = 4;

/** A receiver of a message: the number of its session, and how the message goes to it. */
export function receiverOf(sessionId: number, qos: 1 | 2, retain: boolean): number {
  return sessionId * 2 ** RECEIVER_BITS + (qos - 1) + (retain ? RETAIN_BIT : 0);
}

/** Receivers as variable byte integers. */
export function encodeReceivers(receivers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(receivers.length * 8);
  let at = 0;
  for (let rest of receivers) {
    while (rest > 127) {
      bytes[at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    bytes[at++] = rest;
  }
  return bytes.subarray(0, at);
}

/** Calls `visit` with each receiver. */
export function eachReceiver(bytes: Uint8Array, visit: (sessionId: number, qos: 1 | 2, retain: boolean) => void): void {
  let value = 0;
  let weight = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * weight;
    weight *= 128;
    if (byte > 127) continue;
    visit(Math.floor(value / 2 ** RECEIVER_BITS), (value & 1) === 0 ? 1 : 2, (value & RETAIN_BIT) !== 0);
    value = 0;
    weight = 1;
  }
}

/** What is on its way to a session. */
export function encodeInflight(messages: readonly (QueuedMessage | null)[]): Uint8Array {
  let length = 0;
  for (const queued of messages) {
    if (queued !== null) length += ENTRY_BYTES + queued.subscriptionIds.length * IDENTIFIER_BYTES;
  }
  const view = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (const queued of messages) {
    if (queued !== null) at = encodeEntry(view, at, queued);
  }
  return new Uint8Array(view.buffer);
}

function encodeEntry(view: DataView, from: number, queued: QueuedMessage): number {
  const { message, sequence, packetId, qos, retain, isReleased, subscriptionIds } = queued;
  view.setFloat64(from, message.storedId);
  view.setFloat64(from + 8, sequence);
  view.setUint16(from + 16, packetId);
  view.setUint8(from + 18, qos - 1 + (retain ? RETAIN_BIT : 0) + (isReleased ? RELEASED_BIT : 0));
  view.setUint16(from + 19, subscriptionIds.length);
  let at = from + ENTRY_BYTES;
  for (const id of subscriptionIds) {
    view.setUint32(at, id);
    at += IDENTIFIER_BYTES;
  }
  return at;
}

/** The same, read again. */
export function decodeInflight(bytes: Uint8Array): StoredQueued[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const list: StoredQueued[] = [];
  for (let at = 0; at < bytes.length; ) {
    const flags = view.getUint8(at + 18);
    const idCount = view.getUint16(at + 19);
    const idsAt = at + ENTRY_BYTES;
    list.push({
      messageId: view.getFloat64(at),
      sequence: view.getFloat64(at + 8),
      packetId: view.getUint16(at + 16),
      qos: (flags & 1) === 0 ? 1 : 2,
      retain: (flags & RETAIN_BIT) !== 0,
      isReleased: (flags & RELEASED_BIT) !== 0,
      subscriptionIds: Array.from({ length: idCount }, (_, i) => view.getUint32(idsAt + i * IDENTIFIER_BYTES)),
      hasRow: false,
    });
    at = idsAt + idCount * IDENTIFIER_BYTES;
  }
  return list;
}

import type { QueuedMessage } from "./queue";

/** What the broker waits for from the receiver of a message. */
export const Awaits = { nothing: 0, puback: 1, pubrec: 2, pubcomp: 3 } as const;

const MAX_PACKET_ID = 65_535;
const SMALLEST_CAPACITY = 16;

/**
 * Messages that are on their way to one receiver, by packet identifier. A table of a power of two, in which an
 * identifier's low bits are its slot: identifiers are handed out so that no two in use share one. Nothing is allocated
 * per message; the table grows with the number in flight.
 */
export interface Inflight {
  packetIds: Uint16Array;
  awaits: Uint8Array;
  /** The message, where it may have to be sent again; null for a session that ends with its connection. */
  messages: (QueuedMessage | null)[];
  count: number;
  /** Bytes of the messages that may have to be sent again. */
  bytes: number;
  nextPacketId: number;
}

/** A table with nothing in flight. */
export function createInflight(): Inflight {
  return {
    packetIds: new Uint16Array(SMALLEST_CAPACITY),
    awaits: new Uint8Array(SMALLEST_CAPACITY),
    messages: new Array<QueuedMessage | null>(SMALLEST_CAPACITY).fill(null),
    count: 0,
    bytes: 0,
    nextPacketId: 1,
  };
}

/** Takes a free packet identifier [MQTT-2.2.1-3] for a message; the caller has seen to it that one is free. */
export function takePacketId(inflight: Inflight, awaits: number, message: QueuedMessage | null): number {
  if (inflight.count === inflight.packetIds.length) grow(inflight);
  const mask = inflight.packetIds.length - 1;
  let packetId = inflight.nextPacketId;
  while (inflight.packetIds[packetId & mask] !== 0) packetId = following(packetId);
  inflight.nextPacketId = following(packetId);
  put(inflight, packetId, awaits, message);
  return packetId;
}

/** Puts a message back under the identifier it was sent with, as a restart does. */
export function restorePacketId(
  inflight: Inflight,
  packetId: number,
  awaits: number,
  message: QueuedMessage | null,
): void {
  while (inflight.packetIds[packetId & (inflight.packetIds.length - 1)] !== 0) grow(inflight);
  put(inflight, packetId, awaits, message);
}

/** The slot of a packet identifier that is in use, or -1. */
export function slotOf(inflight: Inflight, packetId: number): number {
  const slot = packetId & (inflight.packetIds.length - 1);
  return inflight.packetIds[slot] === packetId ? slot : -1;
}

/** Frees the slot of a message that has arrived. */
export function release(inflight: Inflight, slot: number): void {
  inflight.bytes -= sizeOf(inflight.messages[slot]!);
  inflight.packetIds[slot] = 0;
  inflight.awaits[slot] = Awaits.nothing;
  inflight.messages[slot] = null;
  inflight.count--;
}

/** Slots in use, those first whose message came first. */
export function slotsInOrder(inflight: Inflight): number[] {
  const slots: number[] = [];
  for (let slot = 0; slot < inflight.packetIds.length; slot++) {
    if (inflight.packetIds[slot] !== 0) slots.push(slot);
  }
  return slots.sort((a, b) => orderOf(inflight, a) - orderOf(inflight, b));
}

function orderOf(inflight: Inflight, slot: number): number {
  return inflight.messages[slot]?.sequence ?? -1;
}

function following(packetId: number): number {
  return packetId === MAX_PACKET_ID ? 1 : packetId + 1;
}

function put(inflight: Inflight, packetId: number, awaits: number, message: QueuedMessage | null): void {
  const slot = packetId & (inflight.packetIds.length - 1);
  inflight.packetIds[slot] = packetId;
  inflight.awaits[slot] = awaits;
  inflight.messages[slot] = message;
  inflight.count++;
  inflight.bytes += sizeOf(message);
}

function sizeOf(message: QueuedMessage | null): number {
  return message === null ? 0 : message.message.size;
}

function grow(inflight: Inflight): void {
  const { packetIds, awaits, messages } = inflight;
  const capacity = packetIds.length * 2;
  inflight.packetIds = new Uint16Array(capacity);
  inflight.awaits = new Uint8Array(capacity);
  inflight.messages = new Array<QueuedMessage | null>(capacity).fill(null);
  inflight.count = 0;
  inflight.bytes = 0;
  for (let slot = 0; slot < packetIds.length; slot++) {
    if (packetIds[slot] !== 0) put(inflight, packetIds[slot]!, awaits[slot]!, messages[slot]!);
  }
}

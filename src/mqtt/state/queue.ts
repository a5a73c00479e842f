import { isExpired, type Message } from "./message";
import type { SharedGroup } from "./route";

/** One message on its way to one session. */
export interface QueuedMessage {
  message: Message;
  qos: 1 | 2;
  retain: boolean;
  subscriptionIds: readonly number[];
  /** 0 until it is first sent. */
  packetId: number;
  /** Rises from message to message within a session: the order in which they are sent. */
  sequence: number;
  /** QoS 2: the receiver has it, and has not yet confirmed its release. */
  isReleased: boolean;
  /** The shared subscription by which it came, as long as another member may have it instead; else null. */
  group: SharedGroup | null;
  /** For the store: whether its row is noted, written, or not to be written any more. */
  row: RowState;
}

export type RowState = "none" | "noted" | "written" | "gone";

/** A message that has not been sent to this session yet. */
export function queuedMessage(
  message: Message,
  qos: 1 | 2,
  retain: boolean,
  subscriptionIds: readonly number[],
  sequence: number,
  group: SharedGroup | null,
): QueuedMessage {
  return { message, qos, retain, subscriptionIds, packetId: 0, sequence, isReleased: false, group, row: "none" };
}

/** First in, first out, in an array that is used as a ring. */
export interface MessageQueue {
  ring: (QueuedMessage | undefined)[];
  head: number;
  length: number;
  /** Payload bytes of all that wait. */
  bytes: number;
  /** When the first of them expires, or would have if it had not been sent; 0: none does. */
  expiresAtMs: number;
}

const SMALLEST_RING = 8;

/** A queue in which nothing waits. */
export function createQueue(): MessageQueue {
  const ring = new Array<QueuedMessage | undefined>(SMALLEST_RING).fill(undefined);
  return { ring, head: 0, length: 0, bytes: 0, expiresAtMs: 0 };
}

/** Adds at the end. */
export function enqueue(queue: MessageQueue, item: QueuedMessage): void {
  if (queue.length === queue.ring.length) growRing(queue);
  queue.ring[(queue.head + queue.length) & (queue.ring.length - 1)] = item;
  queue.length++;
  queue.bytes += item.message.size;
  const { expiresAtMs } = item.message;
  if (expiresAtMs !== 0 && (queue.expiresAtMs === 0 || expiresAtMs < queue.expiresAtMs)) {
    queue.expiresAtMs = expiresAtMs;
  }
}

/** Takes the first, or undefined. */
export function dequeue(queue: MessageQueue): QueuedMessage | undefined {
  if (queue.length === 0) return undefined;
  const item = queue.ring[queue.head]!;
  queue.ring[queue.head] = undefined;
  queue.head = (queue.head + 1) & (queue.ring.length - 1);
  queue.length--;
  queue.bytes -= item.message.size;
  return item;
}

/** Takes out all that has expired; walks the queue only where something may have. */
export function takeExpired(queue: MessageQueue, nowMs: number): QueuedMessage[] {
  const expired: QueuedMessage[] = [];
  if (queue.expiresAtMs === 0 || queue.expiresAtMs > nowMs) return expired;
  queue.expiresAtMs = 0;
  for (let left = queue.length; left > 0; left--) {
    const item = dequeue(queue)!;
    if (isExpired(item.message, nowMs)) expired.push(item);
    else enqueue(queue, item);
  }
  return expired;
}

function growRing(queue: MessageQueue): void {
  const { ring, head, length } = queue;
  const grown = new Array<QueuedMessage | undefined>(ring.length * 2).fill(undefined);
  for (let i = 0; i < length; i++) grown[i] = ring[(head + i) & (ring.length - 1)];
  queue.ring = grown;
  queue.head = 0;
}

/** Calls `visit` with all that wait, first one first. */
export function eachQueued(queue: MessageQueue, visit: (item: QueuedMessage) => void): void {
  for (let i = 0; i < queue.length; i++) visit(queue.ring[(queue.head + i) & (queue.ring.length - 1)]!);
}

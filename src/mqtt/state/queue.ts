import type { Qos } from "../packet/publish";
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
  /** For the store: whether it has a row of its own that is noted, written, or not to be written any more. */
  row: RowState;
}

export type RowState = "none" | "noted" | "written" | "gone";

const NO_IDS: readonly number[] = [];

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

/**
 * First in, first out, in an array that is used as a ring. What can be told by its message and a byte stands there as
 * these alone: a message that waits for a thousand sessions costs each of them nine bytes.
 */
export interface MessageQueue {
  ring: (QueuedMessage | Message | undefined)[];
  /** For each place QoS and retain flag of a message that stands there alone; 0: a whole {@link QueuedMessage}. */
  marks: Uint8Array;
  head: number;
  length: number;
  /** Payload bytes of all that wait. */
  bytes: number;
  /** When the first of them expires, or would have if it had not been sent; 0: none does. */
  expiresAtMs: number;
}

const SMALLEST_RING = 8;
const RETAIN_MARK = 4;

/** A queue in which nothing waits. */
export function createQueue(): MessageQueue {
  const ring = new Array<QueuedMessage | undefined>(SMALLEST_RING).fill(undefined);
  return { ring, marks: new Uint8Array(SMALLEST_RING), head: 0, length: 0, bytes: 0, expiresAtMs: 0 };
}

/** Whether a message, its QoS and its retain flag say all there is to say: nothing was noted for this session alone. */
export function isPlain({ message, sequence, subscriptionIds, group, row }: QueuedMessage): boolean {
  return sequence === message.sequence && row === "none" && subscriptionIds.length === 0 && group === null;
}

/** Adds at the end. */
export function enqueue(queue: MessageQueue, item: QueuedMessage): void {
  if (isPlain(item)) put(queue, item.message, item.message, item.qos + (item.retain ? RETAIN_MARK : 0));
  else put(queue, item, item.message, 0);
}

function put(queue: MessageQueue, item: QueuedMessage | Message, message: Message, mark: number): void {
  if (queue.length === queue.ring.length) growRing(queue);
  const place = (queue.head + queue.length) & (queue.ring.length - 1);
  queue.ring[place] = item;
  queue.marks[place] = mark;
  queue.length++;
  queue.bytes += message.size;
  const { expiresAtMs } = message;
  if (expiresAtMs !== 0 && (queue.expiresAtMs === 0 || expiresAtMs < queue.expiresAtMs)) {
    queue.expiresAtMs = expiresAtMs;
  }
}

/** Takes the first, or undefined. */
export function dequeue(queue: MessageQueue): QueuedMessage | undefined {
  if (queue.length === 0) return undefined;
  const item = at(queue, queue.head);
  queue.ring[queue.head] = undefined;
  queue.head = (queue.head + 1) & (queue.ring.length - 1);
  queue.length--;
  queue.bytes -= item.message.size;
  return item;
}

function at({ ring, marks }: MessageQueue, place: number): QueuedMessage {
  const mark = marks[place]!;
  if (mark === 0) return ring[place] as QueuedMessage;
  const message = ring[place] as Message;
  const qos: Qos = (mark & 3) === 1 ? 1 : 2;
  return queuedMessage(message, qos, (mark & RETAIN_MARK) !== 0, NO_IDS, message.sequence, null);
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
  const { ring, marks, head, length } = queue;
  const grown = new Array<QueuedMessage | Message | undefined>(ring.length * 2).fill(undefined);
  const grownMarks = new Uint8Array(ring.length * 2);
  for (let i = 0; i < length; i++) {
    const place = (head + i) & (ring.length - 1);
    grown[i] = ring[place];
    grownMarks[i] = marks[place]!;
  }
  queue.ring = grown;
  queue.marks = grownMarks;
  queue.head = 0;
}

/** Calls `visit` with all that wait, first one first. */
export function eachQueued(queue: MessageQueue, visit: (item: QueuedMessage) => void): void {
  for (let i = 0; i < queue.length; i++) visit(at(queue, (queue.head + i) & (queue.ring.length - 1)));
}

import type { Core } from "./core";
import type { Message } from "./message";
import { createQueue, dequeue, eachQueued, enqueue, isPlain, type QueuedMessage, takeExpired } from "./queue";
import type { Session } from "./session";

// What is kept for sessions is counted with what it takes, each message's bytes once, however many keep it.

/** What a place in a queue's ring takes, and what an entry takes that is more than a place in it, as measured. */
const PLACE_BYTES = 9;
const ENTRY_BYTES = 150;

/** One more keeps the message: the first one pays for its bytes, whoever else keeps it has them with it. */
function hold(core: Core, message: Message): void {
  if (message.holders++ === 0) core.queuedBytes += message.size;
}

function letGo(core: Core, message: Message): void {
  if (--message.holders === 0) core.queuedBytes -= message.size;
}

/** A message is retained no more: its bytes are counted with the queues in which it still waits. */
export function letGoRetained(core: Core, message: Message): void {
  message.holders--;
  if (message.holders > 0) core.queuedBytes += message.size;
}

/** Puts a message at the end of a session's queue. */
export function addWaiting(core: Core, session: Session, queued: QueuedMessage): void {
  const placesBefore = session.pending?.ring.length ?? 0;
  session.pending ??= createQueue();
  enqueue(session.pending, queued);
  core.queuedBytes += (session.pending.ring.length - placesBefore) * PLACE_BYTES + entryBytes(queued);
  core.waiting++;
  hold(core, queued.message);
}

/** Takes the first message from a session's queue, or undefined. */
export function takeWaiting(core: Core, session: Session): QueuedMessage | undefined {
  const queued = session.pending === null ? undefined : dequeue(session.pending);
  if (queued !== undefined) letGoWaiting(core, queued);
  return queued;
}

/** Takes from it all that has expired. */
export function takeExpiredWaiting(core: Core, session: Session, nowMs: number): QueuedMessage[] {
  const expired = session.pending === null ? [] : takeExpired(session.pending, nowMs);
  for (const queued of expired) letGoWaiting(core, queued);
  return expired;
}

/** Forgets a session's queue where it is empty. */
export function endEmptyQueue(core: Core, session: Session): void {
  if (session.pending?.length !== 0) return;
  core.queuedBytes -= session.pending.ring.length * PLACE_BYTES;
  session.pending = null;
}

/** Forgets all that waits for a session and is on its way to it. */
export function forgetKept(core: Core, session: Session): void {
  const { pending, inflight } = session;
  if (pending !== null) {
    eachQueued(pending, (queued) => letGoWaiting(core, queued));
    core.queuedBytes -= pending.ring.length * PLACE_BYTES;
  }
  for (const queued of inflight?.messages ?? []) if (queued !== null) letGoSent(core, queued);
  session.pending = null;
  session.inflight = null;
}

function letGoWaiting(core: Core, queued: QueuedMessage): void {
  core.queuedBytes -= entryBytes(queued);
  core.waiting--;
  letGo(core, queued.message);
}

/** Counts a message that is on its way to a session and may have to be sent again. */
export function holdSent(core: Core, queued: QueuedMessage): void {
  hold(core, queued.message);
  core.queuedBytes += ENTRY_BYTES;
}

/** Counts it no more. */
export function letGoSent(core: Core, queued: QueuedMessage): void {
  core.queuedBytes -= ENTRY_BYTES;
  letGo(core, queued.message);
}

function entryBytes(queued: QueuedMessage): number {
  return isPlain(queued) ? 0 : ENTRY_BYTES;
}

import { createStore } from "../common/store";
import type { ReceivedMessage } from "./mqtt/link";

/** A message with its place in the order in which they came. */
export interface ShownMessage extends ReceivedMessage {
  id: number;
  timeMs: number;
}

export interface Messages {
  /** The newest first, so many as are kept. */
  shown: readonly ShownMessage[];
  /** How many have come. */
  count: number;
  isPaused: boolean;
}

/** More would be of no use to anybody who reads them. */
const MAX_SHOWN = 500;
/** Messages that come faster are shown together. */
const SHOW_EVERY_MS = 100;

/** What has come for this page, the newest first. However fast it comes, it is drawn ten times a second at most. */
export function createInbox() {
  const messages = createStore<Messages>({ shown: [], count: 0, isPaused: false });
  let arrived: ShownMessage[] = [];
  let isPlanned = false;
  let nextId = 0;

  function show(): void {
    isPlanned = false;
    const { shown, isPaused } = messages.get();
    const now = isPaused ? shown : [...arrived.toReversed(), ...shown].slice(0, MAX_SHOWN);
    arrived = [];
    messages.set({ shown: now, count: nextId, isPaused });
  }

  return {
    messages,
    take(message: ReceivedMessage): void {
      arrived.push({ ...message, id: nextId++, timeMs: Date.now() });
      if (arrived.length > MAX_SHOWN) arrived.shift();
      if (isPlanned) return;
      isPlanned = true;
      setTimeout(show, SHOW_EVERY_MS);
    },
    /** While paused messages are counted and not shown. */
    pause(isPaused: boolean): void {
      messages.set({ ...messages.get(), isPaused });
    },
    clear(): void {
      arrived = [];
      nextId = 0;
      messages.set({ shown: [], count: 0, isPaused: messages.get().isPaused });
    },
  };
}

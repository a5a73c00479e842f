import type { Clock } from "../../../src/platform/clock";

export interface VirtualClock extends Clock {
  /** Moves time on, running what falls due on the way, in its order. Turns of the event loop pass in between. */
  advance(byMs: number): Promise<void>;
}

export const START_MS = Date.UTC(2026, 0, 1);

/** Time that stands still until it is told to move. */
export function virtualClock(startMs = START_MS): VirtualClock {
  let nowMs = startMs;
  let order = 0;
  const timers = new Map<number, { atMs: number; action: () => void }>();

  function nextDue(untilMs: number) {
    let found: [number, { atMs: number; action: () => void }] | undefined;
    for (const entry of timers) {
      if (entry[1].atMs > untilMs) continue;
      if (found === undefined || entry[1].atMs < found[1].atMs) found = entry;
    }
    return found;
  }

  return {
    now: () => nowMs,
    after(delayMs, action) {
      const id = order++;
      timers.set(id, { atMs: nowMs + delayMs, action });
      return () => timers.delete(id);
    },
    async advance(byMs) {
      const untilMs = nowMs + byMs;
      await settled();
      for (let due = nextDue(untilMs); due !== undefined; due = nextDue(untilMs)) {
        const [id, { atMs, action }] = due;
        timers.delete(id);
        nowMs = Math.max(nowMs, atMs);
        action();
        await settled(2);
      }
      nowMs = untilMs;
      await settled();
    },
  };
}

/** Lets what is under way in this process end: transactions take a turn or two each. */
export async function settled(turns = 8): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

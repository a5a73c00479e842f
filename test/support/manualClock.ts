import type { Clock } from "../../src/platform/clock";

export interface ManualClock extends Clock {
  /** Lets time pass; what falls due runs in the order of its time, at that time. */
  advance(ms: number): void;
  /** Somebody sets the machine's clock: no time passes, and nothing that is planned comes earlier or later. */
  set(byMs: number): void;
  /** The times for which something is planned, in milliseconds since the Unix epoch, soonest first. */
  planned(): number[];
}

/** A clock that stands still until it is told. */
export function manualClock(start: number | string): ManualClock {
  let nowMs = typeof start === "string" ? Date.parse(start) : start;
  let setByMs = 0;
  const timers = new Map<() => void, number>();
  const soonest = () => [...timers].sort(([, a], [, b]) => a - b);
  return {
    now: () => nowMs + setByMs,
    monotonic: () => nowMs,
    after(delayMs, action) {
      const timer = () => action();
      timers.set(timer, nowMs + delayMs);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const until = nowMs + ms;
      for (let due = soonest()[0]; due !== undefined && due[1] <= until; due = soonest()[0]) {
        timers.delete(due[0]);
        nowMs = Math.max(nowMs, due[1]);
        due[0]();
      }
      nowMs = until;
    },
    set(byMs) {
      setByMs += byMs;
    },
    planned: () => soonest().map(([, atMs]) => atMs),
  };
}

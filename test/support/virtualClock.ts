import type { Clock } from "../../src/platform/clock";

export interface VirtualClock extends Clock {
  /** Moves time on, running what falls due on the way, in its order. Turns of the event loop pass in between. */
  advance(byMs: number): Promise<void>;
}

export const START_MS = Date.UTC(2026, 0, 1);

interface Timer {
  atMs: number;
  /** Of two at the same time the one that was set first runs first. */
  order: number;
  action: () => void;
}

/** Time that stands still until it is told to move. */
export function virtualClock(startMs = START_MS): VirtualClock {
  let nowMs = startMs;
  let order = 0;
  const timers = createHeap();

  return {
    now: () => nowMs,
    monotonic: () => nowMs,
    after(delayMs, action) {
      const timer = { atMs: nowMs + Math.max(delayMs, 0), order: order++, action };
      timers.push(timer);
      return () => {
        timer.action = () => undefined;
      };
    },
    async advance(byMs) {
      const untilMs = nowMs + byMs;
      await settled();
      for (let due = timers.pop(untilMs); due !== undefined; due = timers.pop(untilMs)) {
        nowMs = due.atMs;
        due.action();
        await settled(1);
      }
      nowMs = untilMs;
      await settled();
    },
  };
}

function createHeap() {
  const heap: Timer[] = [];
  const isBefore = (a: Timer, b: Timer) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j]!, heap[i]!];
  };

  function sink(from: number): void {
    for (let i = from; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && isBefore(heap[child]!, heap[least]!)) least = child;
      }
      if (least === i) return;
      swap(i, least);
      i = least;
    }
  }

  return {
    push(timer: Timer): void {
      heap.push(timer);
      for (let i = heap.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1;
        if (!isBefore(heap[i]!, heap[parent]!)) return;
        swap(i, parent);
        i = parent;
      }
    },
    /** The first timer, when it is due by then. */
    pop(untilMs: number): Timer | undefined {
      const first = heap[0];
      if (first === undefined || first.atMs > untilMs) return undefined;
      const last = heap.pop()!;
      if (heap.length > 0) {
        heap[0] = last;
        sink(0);
      }
      return first;
    },
  };
}

/** Lets what is under way in this process end: transactions take a turn or two each. */
export async function settled(turns = 8): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

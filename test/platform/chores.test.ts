import { expect, test } from "bun:test";
import { runChores } from "../../src/platform/chores";
import { manualClock } from "../support/manualClock";
import { settled } from "../support/virtualClock";

const START = "2026-01-01T00:00:00Z";

function told() {
  const faults: string[] = [];
  return { faults, onFault: (what: string, error: unknown) => void faults.push(`${what}: ${String(error)}`) };
}

test("each chore is done at its own period, first when it asks for it", () => {
  const clock = manualClock(START);
  const done: string[] = [];
  const chore = (what: string, firstAfterMs: number, everyMs: number) => ({
    what,
    firstAfterMs,
    everyMs,
    run: () => void done.push(what),
  });
  void runChores(clock, [chore("a", 0, 100), chore("b", 250, 1000)], told().onFault);
  clock.advance(0);
  expect(done).toEqual(["a"]);
  clock.advance(300);
  expect(done).toEqual(["a", "a", "a", "b", "a"]);
});

test("a chore that fails, now or later, is told of and done again at its next turn", async () => {
  const clock = manualClock(START);
  const { faults, onFault } = told();
  let runs = 0;
  const now = {
    what: "now",
    everyMs: 100,
    firstAfterMs: 100,
    run() {
      runs++;
      throw new Error("disk full");
    },
  };
  const later = { what: "later", everyMs: 100, firstAfterMs: 100, run: () => Promise.reject(new Error("gone")) };
  void runChores(clock, [now, later], onFault);
  clock.advance(100);
  await settled(1);
  clock.advance(100);
  await settled(1);
  expect(runs).toBe(2);
  expect(faults.sort()).toEqual([
    "later: Error: gone",
    "later: Error: gone",
    "now: Error: disk full",
    "now: Error: disk full",
  ]);
});

test("a slow chore is never done twice at once, and the end waits for it", async () => {
  const clock = manualClock(START);
  const { promise, resolve } = Promise.withResolvers<void>();
  let runs = 0;
  const slow = {
    what: "slow",
    everyMs: 10,
    firstAfterMs: 0,
    run() {
      runs++;
      return promise;
    },
  };
  const stop = runChores(clock, [slow], told().onFault);
  clock.advance(1000);
  expect(runs).toBe(1);
  let hasEnded = false;
  const ending = stop().then(() => {
    hasEnded = true;
  });
  await settled(1);
  expect(hasEnded).toBe(false);
  resolve();
  await ending;
  clock.advance(1000);
  expect([runs, clock.planned()]).toEqual([1, []]);
});

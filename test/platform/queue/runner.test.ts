import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { systemClock } from "../../../src/platform/clock";
import { openDatabase } from "../../../src/platform/database";
import { createLog } from "../../../src/platform/log";
import type { Lease } from "../../../src/platform/queue/entry";
import { createQueue } from "../../../src/platform/queue/queue";
import { createRunner, type RunnerOptions, type StopReason } from "../../../src/platform/queue/runner";
import { atTestEnd } from "../../support/endings";
import { until } from "../../support/until";

setDefaultTimeout(30_000);

const LEASE_MS = 3000;

async function open(work: Partial<RunnerOptions> = {}) {
  const database = await openDatabase({ version: "0", clock: systemClock, onSamplesError: () => undefined });
  const { storage } = database;
  const queue = createQueue(storage, LEASE_MS);
  const log = createLog({ level: "error", clock: systemClock, sink: () => undefined });
  const settled: string[] = [];
  const runner = createRunner({
    queue,
    name: "q",
    worker: "w1",
    slots: 2,
    mostPerOwner: 0,
    clock: systemClock,
    log,
    begin: async () => undefined,
    async run(lease) {
      await storage.transact((db) => queue.settle(db, "q", lease));
      settled.push(lease.id);
    },
    lost: async (db, lease) => {
      await queue.release(db, "q", lease, 0);
    },
    ...work,
  });
  atTestEnd(async () => {
    await runner.stop(0);
    await database.close();
  });
  const add = (id: string) => storage.transact((db) => queue.add(db, { queue: "q", id, owner: "a", priority: 0 }));
  return { storage, queue, runner, settled, add, log };
}

/** Work that goes on until it is told to end, and says why it was. */
function endless(reasons: StopReason[], onEnd: (lease: Lease) => Promise<unknown>) {
  return async (lease: Lease, signal: AbortSignal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    reasons.push(signal.reason);
    await onEnd(lease);
  };
}

describe("a runner", () => {
  test("does what waits when it starts, and what comes later once it is woken", async () => {
    const { runner, settled, add } = await open();
    await add("before");
    runner.start();
    await until(() => settled.length === 1, "the first piece");
    await add("after");
    runner.wake();
    await until(() => settled.length === 2, "the second piece");
  });

  test("runs no more at a time than it has slots; a slot freed early takes the next", async () => {
    let running = 0;
    let most = 0;
    const frees: (() => void)[] = [];
    const { runner, add } = await open({
      async run(_, signal, free) {
        most = Math.max(most, ++running);
        frees.push(free);
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        running -= 1;
      },
    });
    for (let i = 0; i < 5; i++) await add(`p${i}`);
    runner.start();
    await until(() => running === 2, "two pieces");
    frees[0]!();
    frees[0]!();
    await until(() => running === 3, "the third piece");
    expect(most).toBe(3);
  });

  test("ends a piece that is called off", async () => {
    const reasons: StopReason[] = [];
    const { runner, add } = await open({ run: endless(reasons, async () => undefined) });
    await add("one");
    runner.start();
    await until(() => runner.callOff("one"), "the piece");
    await until(() => reasons.length === 1, "its end");
    expect(reasons).toEqual(["called off"]);
    expect(runner.callOff("unknown")).toBe(false);
  });

  test("lets what runs end while it drains, then tells it to, and leaves nothing leased", async () => {
    const reasons: StopReason[] = [];
    const { runner, add, queue, storage, settled } = await open({
      run: endless(reasons, (lease) => storage.transact((db) => queue.release(db, "q", lease, 0))),
    });
    for (const id of ["one", "two", "three"]) await add(id);
    runner.start();
    await until(() => runner.load().running.length === 2, "two pieces");
    const began = performance.now();
    await runner.stop(300);
    expect(performance.now() - began).toBeGreaterThan(250);
    expect(reasons).toEqual(["draining", "draining"]);
    expect(settled).toEqual([]);
    expect(await queue.figures("q")).toEqual({ ready: 3, delayed: 0, leased: 0 });
  });

  test("renews what it holds for as long as it runs, and takes over what others let lapse", async () => {
    const { runner, add, queue, settled } = await open();
    await add("abandoned");
    await queue.claim({ queue: "q", worker: "dead", most: 1, mostPerOwner: 0 }, async () => undefined);
    runner.start();
    const began = performance.now();
    await until(() => settled.includes("abandoned"), "the abandoned piece");
    expect(performance.now() - began).toBeGreaterThan(LEASE_MS - 500);
    const other = await open({ run: endless([], async () => undefined) });
    await other.add("long");
    other.runner.start();
    await until(() => other.runner.load().running.length === 1, "the long piece");
    await Bun.sleep(LEASE_MS + 1200);
    expect(await other.queue.reclaim("q", async () => undefined)).toBe(0);
  });

  test("takes nothing while it is paused", async () => {
    const { runner, add, settled } = await open();
    runner.pause();
    runner.start();
    await add("one");
    runner.wake();
    await Bun.sleep(50);
    expect(settled).toEqual([]);
    runner.resume();
    await until(() => settled.length === 1, "the piece");
  });
});

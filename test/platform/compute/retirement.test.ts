import { afterEach, describe, expect, test } from "bun:test";
import { createPool, type WorkPool } from "../../../src/platform/compute/pool";
import type { WorkInput, WorkKind } from "../../../src/platform/compute/work";
import { until } from "../../support/until";

let pool: WorkPool;
let threads: number;

function start(workers = 1): void {
  threads = 0;
  pool = createPool({
    workers,
    maxWaitMs: 1000,
    maxWaiting: 10,
    createWorker: () => {
      threads++;
      return new Worker(new URL("../../support/work.worker.ts", import.meta.url));
    },
    onCrash: (error) => {
      throw error;
    },
  });
}

const run = <Kind extends WorkKind>(kind: Kind, input: WorkInput<Kind>) => pool.run({ kind, input, costMs: 1 });

afterEach(() => pool.stop());

describe("a thread that holds memory which only its end gives back", () => {
  test("is replaced at the end of its piece, and what waits runs in the fresh one with what was shared", async () => {
    start();
    pool.share("greeting", "hello");
    const [spent, shared, next] = await Promise.all([
      run("test.retire", 0),
      run("test.shared", "greeting"),
      run("test.thread", 0),
    ]);
    expect(shared).toBe("hello");
    expect(next).not.toBe(spent);
    expect(threads).toBe(2);
  });

  test("is replaced after a piece that failed, too", async () => {
    start();
    const spent = await run("test.retireAndFail", 0).catch((error: Error) => error.message);
    expect(await run("test.thread", 0)).not.toBe(spent as string);
  });

  test("lives on while there is work, and is replaced when there was none for as long as it said", async () => {
    start();
    const spent = await run("test.retire", 1);
    const gate = new SharedArrayBuffer(4);
    // The thread cannot say that it is spent before this piece ends, and by then it has begun a new wait.
    const busy = run("test.wait", gate);
    Atomics.store(new Int32Array(gate), 0, 1);
    Atomics.notify(new Int32Array(gate), 0);
    await busy;
    await until(() => threads === 2, "a fresh thread");
    expect(await run("test.thread", 0)).not.toBe(spent);
  });

  test("costs the other threads nothing", async () => {
    start(2);
    const gate = new SharedArrayBuffer(4);
    const other = run("test.wait", gate);
    await run("test.retire", 0);
    Atomics.store(new Int32Array(gate), 0, 1);
    Atomics.notify(new Int32Array(gate), 0);
    expect(await other).toBe("released");
    expect(threads).toBe(3);
  });
});

import { afterEach, describe, expect, test } from "bun:test";
import { createPool, type PoolOptions, type WorkPool } from "../../../src/platform/compute/pool";
import type { WorkKind } from "../../../src/platform/compute/work";
import { RequestError } from "../../../src/platform/errors";

let pool: WorkPool;
const crashes: unknown[] = [];

function start(options: Partial<PoolOptions> = {}): WorkPool {
  pool = createPool({
    workers: 1,
    maxWaitMs: 1000,
    maxWaiting: 10,
    createWorker: () => new Worker(new URL("../../support/work.worker.ts", import.meta.url)),
    onCrash: (error) => crashes.push(error),
    ...options,
  });
  return pool;
}

function gate() {
  const shared = new SharedArrayBuffer(4);
  const open = () => {
    Atomics.store(new Int32Array(shared), 0, 1);
    Atomics.notify(new Int32Array(shared), 0);
  };
  return { shared, open };
}

// `expect(...).rejects` runs the event loop by itself while it waits, which can starve messages of Workers.
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => "",
    (error: Error) => error.message,
  );

afterEach(() => pool.stop());

describe("the Worker pool", () => {
  test("gives back values and whole buffers", async () => {
    start();
    expect(await pool.run({ kind: "test.double", input: 21, costMs: 1 })).toBe(42);
    const bytes = await pool.run({ kind: "test.bytes", input: 1_000_000, costMs: 1 });
    expect([bytes.length, bytes[999_999]]).toEqual([1_000_000, 7]);
  });

  test("takes buffers of the input over without a copy where it is told to", async () => {
    start();
    const kept = new Float64Array(8);
    const given = new Float64Array(8);
    const lengths = () => pool.run({ kind: "test.length", input: kept, costMs: 1 });
    expect([await lengths(), kept.length]).toEqual([8, 8]);
    const taken = await pool.run({ kind: "test.length", input: given, costMs: 1, transfer: [given.buffer] });
    expect([taken, given.length]).toEqual([8, 0]);
  });

  test("what the work refuses is refused with its status and sentence", async () => {
    start();
    const refused = await pool
      .run({ kind: "test.refuse", input: "no sun", costMs: 1 })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RequestError);
    expect(refused).toMatchObject({ status: 422, detail: "no sun", faults: [{ path: ["sky"] }] });
  });

  test("an error in the work rejects that piece alone", async () => {
    start();
    expect(await failure(pool.run({ kind: "test.fail", input: "no power", costMs: 1 }))).toContain("no power");
    expect(await pool.run({ kind: "test.double", input: 1, costMs: 1 })).toBe(2);
    const unheard = "test.unheard" as WorkKind;
    expect(await failure(pool.run({ kind: unheard, input: 0 as never, costMs: 1 }))).toContain("test.unheard");
  });

  test("a crashed thread fails its piece with 503 and is replaced, with what was shared", async () => {
    start();
    pool.share("greeting", "hello");
    const lost = pool.run({ kind: "test.crash", input: 0, costMs: 1 });
    expect(await lost.catch((error: RequestError) => error.status)).toBe(503);
    expect(crashes.length).toBeGreaterThan(0);
    expect(await pool.run({ kind: "test.shared", input: "greeting", costMs: 1 })).toBe("hello");
  });

  test("interactive work goes before batches that came earlier", async () => {
    start();
    const { shared, open } = gate();
    const order: string[] = [];
    const done = (name: string) => () => void order.push(name);
    const all = [
      pool.run({ kind: "test.wait", input: shared, costMs: 1 }),
      pool.run({ kind: "test.double", input: 1, costMs: 1, priority: "batch" }).then(done("batch")),
      pool.run({ kind: "test.double", input: 1, costMs: 1 }).then(done("interactive")),
    ];
    open();
    await Promise.all(all);
    expect(order).toEqual(["interactive", "batch"]);
  });

  test("work that would wait too long is refused with the wait in Retry-After", async () => {
    start({ maxWaitMs: 2000 });
    const { shared, open } = gate();
    const running = pool.run({ kind: "test.wait", input: shared, costMs: 1 });
    const waiting = pool.run({ kind: "test.double", input: 1, costMs: 5000 });
    const refused = await pool.run({ kind: "test.double", input: 1, costMs: 1 }).catch((error: RequestError) => error);
    expect(refused).toBeInstanceOf(RequestError);
    expect([(refused as RequestError).status, (refused as RequestError).retryAfterS]).toEqual([503, 5]);
    expect(pool.load()).toEqual({ workers: 1, running: 1, waiting: 1, expectedWaitMs: 5000 });
    open();
    await Promise.all([running, waiting]);
  });

  test("a caller that hangs up ends even work that never yields", async () => {
    start();
    const caller = new AbortController();
    const endless = pool.run({ kind: "test.spin", input: 0, costMs: 1, signal: caller.signal });
    const queued = new AbortController();
    const never = pool.run({ kind: "test.double", input: 1, costMs: 1, signal: queued.signal });
    queued.abort();
    caller.abort();
    expect(await endless.catch((error: RequestError) => error.status)).toBe(499);
    expect(await never.catch((error: RequestError) => error.status)).toBe(499);
    expect(await pool.run({ kind: "test.double", input: 2, costMs: 1 })).toBe(4);
  });

  test("partial results come in order before the end", async () => {
    start();
    const parts: unknown[] = [];
    const total = await pool.run({
      kind: "test.parts",
      input: 5,
      costMs: 1,
      onPartial: (part) => void parts.push(part),
    });
    expect([total, parts]).toEqual([5, [0, 1, 2, 3, 4]]);
  });

  test("threads of a pool that starts when needed start with their first piece, and know what was shared", async () => {
    let started = 0;
    start({
      workers: 2,
      startsWhenNeeded: true,
      createWorker: () => {
        started++;
        return new Worker(new URL("../../support/work.worker.ts", import.meta.url));
      },
    });
    pool.share("a key", "a value");
    expect([started, pool.load().workers]).toEqual([0, 2]);
    expect(await pool.run({ kind: "test.double", input: 4, costMs: 1 })).toBe(8);
    expect(started).toBe(1);
  });

  test("stopping refuses what waits and what comes", async () => {
    start();
    const { shared } = gate();
    const open = [
      pool.run({ kind: "test.wait", input: shared, costMs: 1 }),
      pool.run({ kind: "test.double", input: 1, costMs: 1 }),
    ].map((piece) => piece.catch((error: RequestError) => error.status));
    await pool.stop();
    expect(await Promise.all(open)).toEqual([503, 503]);
    expect(await failure(pool.run({ kind: "test.double", input: 1, costMs: 1 }))).toContain("shutting down");
  });
});

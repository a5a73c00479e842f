import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { expectPassesAlone } from "../../support/alone";
import { manualClock } from "../../support/manualClock";
import { until } from "../../support/until";
import { pidOf, refusal, start, timeoutMs } from "./startChild";

setDefaultTimeout(30_000);

describe("a child", () => {
  test("is started by the first request and answers with what came", async () => {
    const child = start();
    expect(child.status().state).toBe("asleep");
    const bulk = [new Float32Array([1, 2.5]), new Uint8Array(0), new Uint8Array([9])];
    const answer = await child.run({ kind: "echo", input: { days: 3 }, bulk, timeoutMs });
    expect(answer.value).toEqual({ days: 3 });
    expect(answer.bulk.map((bytes) => bytes.byteLength)).toEqual([8, 0, 1]);
    expect(new Float32Array(answer.bulk[0]!.buffer)).toEqual(new Float32Array([1, 2.5]));
    expect(child.status()).toEqual({ state: "ready", pid: expect.any(Number), waiting: 0, crashes: 0 });
    expect(child.status().pid).toBe(await pidOf(child));
  });

  test("takes and gives arrays far larger than the pipe, in the order of the requests", async () => {
    const child = start();
    const values = Float64Array.from({ length: 4_000_000 }, (_, index) => index);
    const [sum, echo] = await Promise.all([
      child.run({ kind: "sum", bulk: [values], timeoutMs }),
      child.run({ kind: "echo", bulk: [values, values.subarray(5, 8)], timeoutMs }),
    ]);
    expect(sum.value).toBe((4_000_000 * 3_999_999) / 2);
    expect(new Float64Array(echo.bulk[0]!.buffer)).toEqual(values);
    expect(new Float64Array(echo.bulk[1]!.buffer)).toEqual(Float64Array.of(5, 6, 7));
  });

  test("gets a large array without a second copy of it in the parent, whose event loop turns meanwhile", () =>
    expectPassesAlone(join(import.meta.dir, "childMemory.fixture.ts")));

  test("hands over what it knows so far, each with its arrays, before it answers", async () => {
    const child = start();
    const partial: [unknown, number][] = [];
    const answer = await child.run({
      kind: "count",
      input: 4,
      timeoutMs,
      onPartial: ({ value, bulk }) => partial.push([value, new Float64Array(bulk[0]!.buffer)[0]!]),
    });
    expect(partial).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect([answer.value, new Float64Array(answer.bulk[0]!.buffer)[0]]).toEqual([4, 4]);
  });

  test("ends when it has had no work for as long as it may rest, and the next request starts another", async () => {
    const clock = manualClock(0);
    const crashes: unknown[] = [];
    const child = start({ clock, idleMs: 60_000, onCrash: (end) => crashes.push(end) });
    const first = await pidOf(child);
    clock.advance(59_999);
    expect(await pidOf(child)).toBe(first);
    clock.advance(60_000);
    await until(() => child.status().state === "asleep", "the child to end");
    expect(await pidOf(child)).not.toBe(first);
    expect([crashes, child.status().crashes]).toEqual([[], 0]);
  });

  test("tells a refused request from a fault inside", async () => {
    const child = start();
    const refused = await refusal(child.run({ kind: "refuse", timeoutMs }));
    expect([refused.status, refused.detail]).toEqual([422, "the horizon is 0, expected at least 1"]);
    expect(child.run({ kind: "fail", timeoutMs })).rejects.toThrow("a fault inside");
    expect(child.run({ kind: "unheardOf", timeoutMs })).rejects.toThrow("no handler for work of kind unheardOf");
    expect(child.run({ kind: "tooMuch", timeoutMs })).rejects.toThrow("the limit is 16384; pass arrays as bulk");
    expect(child.run({ kind: "echo", input: "x".repeat(20_000), timeoutMs })).rejects.toThrow("The input of echo has");
    expect((await child.run({ kind: "echo", input: 1, timeoutMs })).value).toBe(1);
    expect(child.status().crashes).toBe(0);
  });

  test("leaves Ctrl-C, which reaches it too, to its parent", async () => {
    const child = start();
    const pid = await pidOf(child);
    process.kill(pid, "SIGINT");
    expect(await pidOf(child)).toBe(pid);
    expect((await child.stop())?.exitCode).toBe(0);
  });

  test("keeps what a native library prints away from its answers", async () => {
    const child = start();
    await child.run({ kind: "print", input: "a warning of the driver", timeoutMs });
    expect((await child.run({ kind: "echo", input: "still fine", timeoutMs })).value).toBe("still fine");
    const end = await child.stop();
    expect(end?.lastLines.filter((line) => line === "a warning of the driver")).toHaveLength(2);
  });
});

describe("a request", () => {
  test("over which the child hangs is ended, and the next one finds a new child", async () => {
    const child = start();
    const pid = await pidOf(child);
    const hung = await refusal(child.run({ kind: "hang", timeoutMs: 200 }));
    expect(hung.detail).toBe("The test work took longer than 0.2 s and was ended.");
    expect(await pidOf(child)).not.toBe(pid);
  });

  test("whose caller hangs up is cancelled in the child", async () => {
    const child = start();
    const pid = await pidOf(child);
    const control = new AbortController();
    const cancelled = refusal(child.run({ kind: "untilCancelled", timeoutMs, signal: control.signal }));
    const next = child.run({ kind: "whoAmI", timeoutMs });
    control.abort();
    expect((await cancelled).status).toBe(499);
    expect((await next).value).toBe(pid);
  });

  test("that still waits when its caller hangs up never reaches the child", async () => {
    const child = start();
    const control = new AbortController();
    const before = child.run({ kind: "slow", input: 20, timeoutMs });
    const dropped = refusal(child.run({ kind: "die", timeoutMs, signal: control.signal }));
    control.abort();
    expect((await dropped).status).toBe(499);
    expect((await before).value).toBe("done");
    expect((await refusal(child.run({ kind: "die", timeoutMs, signal: control.signal }))).status).toBe(499);
    expect(child.status()).toMatchObject({ crashes: 0, waiting: 0 });
  });

  test("beyond the limit of waiting ones is refused with Retry-After", async () => {
    const child = start({ maxWaiting: 2 });
    await pidOf(child);
    const taken = [1, 2, 3].map(() => child.run({ kind: "slow", input: 1, timeoutMs }));
    expect(await refusal(child.run({ kind: "whoAmI", timeoutMs }))).toMatchObject({
      status: 503,
      retryAfterS: 5,
      detail: "Too much test work is waiting; the limit is 2 requests. Try again later.",
    });
    await Promise.all(taken);
  });
});

describe("stopping", () => {
  test("lets the work at hand end, releases, and ends with 0", async () => {
    const child = start();
    await pidOf(child);
    const atHand = child.run({ kind: "slow", input: 50, timeoutMs });
    const waiting = refusal(child.run({ kind: "whoAmI", timeoutMs }));
    const end = await child.stop();
    expect((await atHand).bulk[0]).toEqual(new Uint8Array(3_000_000).fill(7));
    expect((await waiting).detail).toBe("The test process is shutting down.");
    expect(end).toEqual({ exitCode: 0, signal: null, lastLines: ["released"] });
    expect((await refusal(child.run({ kind: "whoAmI", timeoutMs }))).status).toBe(503);
    expect(child.status()).toMatchObject({ state: "stopped", crashes: 0 });
  });

  test("a child that never ran starts nothing", async () => {
    expect(await start().stop()).toBeUndefined();
  });

  test("does not wait for a child that hangs", async () => {
    const child = start();
    await pidOf(child);
    const hung = refusal(child.run({ kind: "hang", timeoutMs }));
    const end = await child.stop(100);
    expect(end?.signal).toBe("SIGKILL");
    expect((await hung).status).toBe(503);
  });

  test("a child that is still starting ends it", async () => {
    const child = start({}, "silent");
    const refused = refusal(child.run({ kind: "whoAmI", timeoutMs }));
    const end = await child.stop();
    expect(end?.signal).toBe("SIGKILL");
    expect((await refused).status).toBe(503);
  });
});

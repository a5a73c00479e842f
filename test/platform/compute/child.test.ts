import { afterEach, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../src/platform/clock";
import { type Child, type ChildOptions, createChild } from "../../../src/platform/compute/child";
import type { ChildEnd } from "../../../src/platform/compute/childProcess";
import { RequestError } from "../../../src/platform/errors";

const fixture = join(import.meta.dir, "child.fixture.ts");
const timeoutMs = 20_000;
const children: Child[] = [];

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
});

function start(options: Partial<ChildOptions> = {}, manner = "well"): Child {
  const command = [process.execPath, fixture, manner];
  const child = createChild({ name: "test", command, clock: systemClock, ...options });
  children.push(child);
  return child;
}

async function refusal(promise: Promise<unknown>): Promise<RequestError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(RequestError);
  return error as RequestError;
}

async function pidOf(child: Child): Promise<number> {
  return (await child.run({ kind: "whoAmI", timeoutMs })).value as number;
}

describe("a child", () => {
  test("is started by the first request and answers with what came", async () => {
    const child = start();
    expect(child.figures().state).toBe("asleep");
    const bulk = [new Float32Array([1, 2.5]), new Uint8Array(0), new Uint8Array([9])];
    const answer = await child.run({ kind: "echo", input: { days: 3 }, bulk, timeoutMs });
    expect(answer.value).toEqual({ days: 3 });
    expect(answer.bulk.map((bytes) => bytes.byteLength)).toEqual([8, 0, 1]);
    expect(new Float32Array(answer.bulk[0]!.buffer)).toEqual(new Float32Array([1, 2.5]));
    expect(child.figures()).toEqual({ state: "ready", pid: expect.any(Number), waiting: 0, crashes: 0 });
    expect(child.figures().pid).toBe(await pidOf(child));
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

  test("gets a large array without a second copy of it in the parent, whose event loop turns meanwhile", async () => {
    const child = start();
    await pidOf(child);
    const values = new Float64Array(8 * 1024 * 1024).fill(1);
    const before = process.memoryUsage.rss();
    let turns = 0;
    let most = 0;
    let done = false;
    const turn = () => {
      turns++;
      most = Math.max(most, process.memoryUsage.rss() - before);
      if (!done) setTimeout(turn, 0);
    };
    turn();
    expect((await child.run({ kind: "sum", bulk: [values], timeoutMs })).value).toBe(values.length);
    done = true;
    expect(turns).toBeGreaterThan(20);
    expect(most).toBeLessThan(values.byteLength / 2);
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
    expect(child.figures().crashes).toBe(0);
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

describe("a child that is killed in the middle", () => {
  test("costs the request at hand; those that wait are done by the next child", async () => {
    const ends: ChildEnd[] = [];
    const child = start({ onCrash: (end) => ends.push(end) });
    const first = await pidOf(child);
    const lost = refusal(child.run({ kind: "untilCancelled", timeoutMs }));
    const waited = child.run({ kind: "whoAmI", timeoutMs });
    process.kill(first, "SIGKILL");
    expect(await lost).toMatchObject({
      status: 503,
      detail: "The test process crashed over this request and is started anew. Try again.",
      retryAfterS: 1,
    });
    expect((await waited).value).not.toBe(first);
    expect(ends).toEqual([{ exitCode: null, signal: "SIGKILL", lastLines: [] }]);
    expect(child.figures().crashes).toBe(1);
  });

  test("while a large array is on its way loses that request alone", async () => {
    const child = start();
    const pid = await pidOf(child);
    const lost = refusal(child.run({ kind: "echo", bulk: [new Uint8Array(200_000_000)], timeoutMs }));
    process.kill(pid, "SIGKILL");
    expect((await lost).status).toBe(503);
    const after = await child.run({ kind: "echo", bulk: [new Uint8Array([1, 2])], timeoutMs });
    expect(after.bulk[0]).toEqual(new Uint8Array([1, 2]));
  });

  test("again and again is given pauses that grow, and said to be so", async () => {
    let now = 1_000_000;
    const clock = { ...systemClock, now: () => now };
    const child = start({ clock });
    const die = () => refusal(child.run({ kind: "die", timeoutMs }));
    expect((await die()).detail).toContain("crashed over this request");
    expect((await die()).detail).toContain("crashed over this request");
    const refused = await refusal(child.run({ kind: "whoAmI", timeoutMs }));
    expect(refused).toMatchObject({
      status: 503,
      retryAfterS: 1,
      detail: "The test process keeps crashing; it is started anew in 1 s.",
    });
    now += 250;
    for (let crash = 3; crash <= 6; crash++) {
      await die();
      now += 250 * 2 ** (crash - 2);
    }
    await die();
    expect((await refusal(child.run({ kind: "whoAmI", timeoutMs }))).retryAfterS).toBe(8);
    now += 8000;
    expect(await pidOf(child)).toBeNumber();
    expect((await die()).detail).toContain("crashed over this request");
    expect(await pidOf(child)).toBeNumber();
  });

  test("as is one whose answer cannot be read", async () => {
    const ends: ChildEnd[] = [];
    const child = start({ onCrash: (end) => ends.push(end) });
    expect((await refusal(child.run({ kind: "garble", timeoutMs }))).status).toBe(503);
    await pidOf(child);
    expect(ends.map((end) => end.signal)).toEqual(["SIGKILL"]);
    expect(ends[0]!.lastLines[0]).toContain("its answer could not be read: a frame of 4294967295 bytes");
  });

  test("does not leak descriptors", async () => {
    const child = start();
    const openDescriptors = () => readdirSync("/proc/self/fd").length;
    const crash = async () => {
      await refusal(child.run({ kind: "die", timeoutMs }));
      await pidOf(child);
    };
    await crash();
    const before = openDescriptors();
    for (let i = 0; i < 5; i++) await crash();
    expect(openDescriptors()).toBeLessThanOrEqual(before + 2);
  });
});

describe("a child that cannot start", () => {
  test("refuses with 503 instead of waiting for ever", async () => {
    const child = start({}, "broken");
    const refused = await refusal(child.run({ kind: "whoAmI", timeoutMs }));
    expect(refused.detail).toContain("keeps crashing");
    expect(child.figures().crashes).toBe(2);
  });

  test("because the executable is gone says so to the log", async () => {
    const ends: ChildEnd[] = [];
    const child = start({ command: ["/nowhere/foresight"], onCrash: (end) => ends.push(end) });
    expect((await refusal(child.run({ kind: "whoAmI", timeoutMs }))).status).toBe(503);
    expect(ends[0]?.lastLines[0]).toContain("/nowhere/foresight does not start");
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
    expect(child.figures()).toMatchObject({ crashes: 0, waiting: 0 });
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
    expect(child.figures()).toMatchObject({ state: "stopped", crashes: 0 });
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

test("a child ends when its parent is killed", async () => {
  const parent = Bun.spawn([process.execPath, join(import.meta.dir, "childParent.fixture.ts"), fixture], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const { value } = await parent.stdout.getReader().read();
  const pid = Number(new TextDecoder().decode(value));
  parent.kill("SIGKILL");
  await parent.exited;
  const deadline = performance.now() + 5000;
  while (isAlive(pid) && performance.now() < deadline) await Bun.sleep(10);
  expect(isAlive(pid)).toBe(false);
});

/** Whether the process runs; one that has ended and whose parent has not asked how does not. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../src/platform/clock";
import type { ChildEnd } from "../../../src/platform/compute/childProcess";
import { fixture, pidOf, refusal, start, timeoutMs } from "./startChild";

setDefaultTimeout(30_000);

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
    expect(child.status().crashes).toBe(1);
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
    expect(child.status().crashes).toBe(2);
  });

  test("because the executable is gone says so to the log", async () => {
    const ends: ChildEnd[] = [];
    const child = start({ command: ["/nowhere/foresight"], onCrash: (end) => ends.push(end) });
    expect((await refusal(child.run({ kind: "whoAmI", timeoutMs }))).status).toBe(503);
    expect(ends[0]?.lastLines[0]).toContain("/nowhere/foresight does not start");
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

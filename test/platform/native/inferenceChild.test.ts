import { expect, test } from "bun:test";
import { systemClock } from "../../../src/platform/clock";
import { createChild } from "../../../src/platform/compute/child";
import { type ChildEnd, ownCommand } from "../../../src/platform/compute/childProcess";

const probe = { kind: "inference.probe", timeoutMs: 20_000 };

function startInference(onCrash?: (end: ChildEnd) => void) {
  const command = [...ownCommand(), "--child", "inference"];
  return createChild({ name: "inference", command, clock: systemClock, ...(onCrash && { onCrash }) });
}

test("a graph built in memory gives what it should, and the child ends with 0", async () => {
  const child = startInference();
  const { value } = await child.run(probe);
  const end = await child.stop();
  const { runtimeVersion, worstError } = value as { runtimeVersion: string; worstError: number };
  expect(runtimeVersion).toMatch(/^\d+\.\d+\.\d+$/);
  expect(worstError).toBeGreaterThan(0);
  expect(worstError).toBeLessThan(1e-6);
  expect(end).toMatchObject({ exitCode: 0, signal: null });
});

test("SIGTERM from outside loses no request, and the sessions are released: every child ends with 0", async () => {
  const ends: ChildEnd[] = [];
  const child = startInference((end) => ends.push(end));
  for (let round = 0; round < 5; round++) {
    await child.run(probe);
    const work = child.run(probe);
    process.kill(child.status().pid!, "SIGTERM");
    expect(await work).toBeDefined();
    await child.run(probe);
  }
  ends.push((await child.stop())!);
  for (const end of ends) expect(end).toMatchObject({ exitCode: 0, signal: null });
  expect(ends.length).toBeGreaterThan(1);
});

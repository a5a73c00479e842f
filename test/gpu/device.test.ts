import { expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../../src/platform/clock";
import { createChild } from "../../src/platform/compute/child";
import { ownCommand } from "../../src/platform/compute/childProcess";
import { swiftShaderEnvironment } from "../support/chromium";

setDefaultTimeout(30_000);

const swiftShader = { ...process.env, ...(await swiftShaderEnvironment()) };
const withoutAdapter = { ...process.env, VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" };

async function probeIn(environment: Record<string, string | undefined>) {
  const command = [...ownCommand(), "--child", "gpu"];
  const child = createChild({ name: "GPU", command, clock: systemClock, environment });
  try {
    const { value } = await child.run({ kind: "gpu.probe", timeoutMs: 20_000 });
    return { value, end: await child.stop() };
  } finally {
    await child.stop();
  }
}

test("an adapter runs the kernel, its values come back, and the child ends with 0", async () => {
  const { value, end } = await probeIn(swiftShader);
  expect(value).toEqual({
    adapter: { vendor: "google", architecture: "swiftshader", description: expect.stringContaining("SwiftShader") },
    values: 1000,
    correct: 1000,
    elapsedMs: expect.any(Number),
  });
  expect(end).toMatchObject({ exitCode: 0, signal: null });
});

test("a machine without an adapter is told from a fault", async () => {
  const { value, end } = await probeIn(withoutAdapter);
  expect(value).toEqual({ adapter: null, values: 0, correct: 0, elapsedMs: expect.any(Number) });
  expect(end).toMatchObject({ exitCode: 0, signal: null });
});

test("the device lives through garbage collections", async () => {
  const run = Bun.spawn([process.execPath, join(import.meta.dir, "collections.fixture.ts")], {
    env: swiftShader,
    stdout: "pipe",
    stderr: "inherit",
  });
  expect(await new Response(run.stdout).text()).toBe("1000 of 1000");
  expect([await run.exited, run.signalCode]).toEqual([0, null]);
});

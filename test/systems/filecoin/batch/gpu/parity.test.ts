import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { DeviceTrial } from "../../../../../src/systems/filecoin/batch/gpu/trial";
import { swiftShaderEnvironment } from "../../../../support/chromium";
import type { Parity } from "./parity";

// The kernels are compiled for a processor, one for each shape of a job.
setDefaultTimeout(300_000);

const LONG = process.env["FORESIGHT_LONG"] === "1";

interface Found {
  found: Parity[];
  bands: Record<"exact" | "histogram", { worst: number; meanOff: number; method: string }>;
  plain: Parity[];
  trial: DeviceTrial;
}

/** One process for all: what it takes is the compilation of kernels. */
const found = (async (): Promise<Found> => {
  const run = Bun.spawn([process.execPath, join(import.meta.dir, "parity.fixture.ts"), "16", LONG ? "1000" : "128"], {
    env: { ...process.env, ...(await swiftShaderEnvironment()) },
    stdout: "pipe",
    stderr: "inherit",
  });
  return JSON.parse(await new Response(run.stdout).text()) as Found;
})();

describe("the kernel on SwiftShader beside the engine in 64 bits", () => {
  test("runs every case of the table, the goldens and chance within the tolerance, all 44 series", async () => {
    const beyond = (await found).found.filter(({ worst }) => !(worst <= 1));
    expect(beyond).toEqual([]);
    expect((await found).found.length).toBe(56);
  });

  test("has runs whose power falls to nothing done again in 64 bits", async () => {
    const fallen = (await found).found.find(({ name }) => name === "power that falls to nothing");
    expect(fallen).toMatchObject({ runs: 4, redone: 2 });
  });

  test("fails the same table with sums of one float, so that the table can tell", async () => {
    for (const { worst } of (await found).plain) expect(worst).toBeGreaterThan(5);
  });

  test("takes exact quantiles and means, and counts in bins within the bound that it tells", async () => {
    const { exact, histogram } = (await found).bands;
    expect([exact.method, histogram.method]).toEqual(["exact", "histogram"]);
    expect(exact.worst).toBeLessThanOrEqual(1);
    expect(histogram.worst).toBeLessThanOrEqual(1);
    // A mean of levels is as exact as its values; one of bins takes each value for the middle of its own.
    expect(exact.meanOff).toBeLessThan(2e-6);
    expect(histogram.meanOff).toBeLessThan(5e-3);
  });

  test("passes its own trial", async () => {
    const { trial } = await found;
    expect(trial.fault).toBeUndefined();
    expect(trial.arithmetic.fenced).toBeLessThan(1e-12);
    expect(trial.arithmetic.plain).toBeGreaterThan(1e-8);
  });
});

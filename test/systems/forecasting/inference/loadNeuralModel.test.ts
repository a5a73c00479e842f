import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../../src/platform/clock";
import { safeBits, writeInt8Weights } from "../../../../src/systems/forecasting/checkpoint/int8";
import { openCheckpoint } from "../../../../src/systems/forecasting/checkpoint/openCheckpoint";
import {
  checkCard,
  type LoadedModel,
  type LoadOptions,
  loadNeuralModel,
} from "../../../../src/systems/forecasting/inference/loadNeuralModel";
import { type OpenedFolder, openModelFolder } from "../../../../src/systems/forecasting/inference/modelFolder";
import { deviationBetween } from "../../../../src/systems/forecasting/inference/selfCheck";
import type { Series } from "../../../../src/systems/forecasting/model";
import { swiftShaderEnvironment } from "../../../support/chromium";
import { GOLDENS, goldenModel } from "../goldens";
import { writeRandomCheckpoint } from "../randomCheckpoint";

setDefaultTimeout(180_000);

let folder: string;
let opened: OpenedFolder;
const loaded: LoadedModel[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "loaded-models-"));
  writeRandomCheckpoint(folder, { layers: 3, width: 320, heads: 4 });
  opened = openModelFolder(folder);
});

afterEach(async () => {
  await Promise.all(loaded.splice(0).map(({ model }) => model.unload()));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function load(more: Partial<LoadOptions>, from = opened): Promise<LoadedModel> {
  const one = await loadNeuralModel(from, optionsWith(more));
  loaded.push(one);
  return one;
}

function optionsWith(more: Partial<LoadOptions>): LoadOptions {
  return {
    id: "random",
    backend: "cpu",
    precision: "f32",
    threads: 2,
    clock: systemClock,
    batchWaitMs: 1,
    maxWaitingRows: 1000,
    runTimeoutMs: 120_000,
    writeInt8: async ({ path, names, bits }) => writeInt8Weights(openCheckpoint(path), names, bits),
    ...more,
  };
}

const series = [20, 64, 64, 64, 512, 512, 512, 512].map((length, seed): Series => {
  return {
    values: Float64Array.from({ length }, (_, t) => 100 + 10 * Math.sin(t / (2 + seed)) + ((t * (seed + 3)) % 7)),
  };
});
const query = { series, horizon: 128, levels: [] };

describe("eight bits", () => {
  test("are near f32, and a row alone gives the bits that it gives in a batch", async () => {
    const exact = await load({});
    const small = await load({ precision: "int8" });
    const deviation = await deviationBetween(exact.model, small.model);
    expect(deviation).toBeGreaterThan(0);
    expect(deviation).toBeLessThan(0.02);
    const together = await small.model.forecast(query);
    for (const [index, one] of series.entries()) {
      const [alone] = await small.model.forecast({ ...query, series: [one] });
      expect(alone!.full!.values).toEqual(together[index]!.full!.values);
    }
  });

  test("are written once, beside the weights", async () => {
    let written = 0;
    const writeInt8: LoadOptions["writeInt8"] = async () => {
      written++;
    };
    await load({ precision: "int8", writeInt8 });
    expect(written).toBe(0);
    expect(["weights.int8.bin", "weights.int7.bin"].some((name) => existsSync(join(folder, name)))).toBe(true);
  });

  test("are seven where the processor would saturate", () => {
    expect(safeBits("fpu avx2 avx512f avx512_vnni")).toBe(8);
    expect(safeBits("fpu avx2 avx_vnni")).toBe(8);
    expect(safeBits("fpu avx2 avx512f")).toBe(7);
  });

  test.each(["timesfm/tiny-2.5", "chronos-bolt"])("are there for %s too", async (name) => {
    const from = openModelFolder(join(GOLDENS, name));
    const own = mkdtempSync(join(tmpdir(), "int8-"));
    const copy = join(own, "model.safetensors");
    await Bun.write(copy, Bun.file(from.checkpoint.path));
    await Bun.write(join(own, "config.json"), Bun.file(join(from.folder, "config.json")));
    const exact = await load({}, from);
    const small = await load({ precision: "int8" }, openModelFolder(own));
    expect(await deviationBetween(exact.model, small.model)).toBeLessThan(0.1);
    rmSync(own, { recursive: true });
  });
});

describe("a graphics card", () => {
  const nowhere = { ...process.env, VK_ICD_FILENAMES: "/nowhere.json", VK_DRIVER_FILES: "/nowhere.json" };

  test("that is not there is told, and the CPU does the work", async () => {
    const found = await load({ backend: "gpu", environment: nowhere });
    expect(found).toMatchObject({ backend: "cpu", device: "CPU" });
    expect(found.warnings).toMatchObject([{ code: "backend_fallback", message: expect.stringMatching(/has none/) }]);
    expect((await found.model.forecast({ ...query, horizon: 1 })).length).toBe(series.length);
  });

  test("in software is never used", async () => {
    const environment = { ...process.env, ...(await swiftShaderEnvironment()) };
    const found = await load({ backend: "gpu", environment });
    expect(found.backend).toBe("cpu");
    expect(found.warnings[0]!.message).toMatch(/SwiftShader.*computes in software/);
  });

  test("runs the same graph to the CPU's numbers", async () => {
    const environment = { ...process.env, ...(await swiftShaderEnvironment()) };
    const tiny = openModelFolder(join(GOLDENS, "timesfm/tiny-2.0"));
    const deviation = await checkCard(tiny, optionsWith({ environment }));
    expect(deviation).toBeGreaterThan(0);
    expect(deviation).toBeLessThan(1e-5);
  });

  test("that does not run the graph is told in words", async () => {
    const tiny = openModelFolder(join(GOLDENS, "timesfm/tiny-2.0"));
    expect(await checkCard(tiny, optionsWith({ environment: nowhere }))).toMatch(/adapter/);
  });
});

test("models that differ are found out by the same check", async () => {
  const [first, second] = [goldenModel("timesfm/tiny-2.0"), goldenModel("timesfm/tiny-1.0")];
  expect(await deviationBetween(first, second)).toBeGreaterThan(0.1);
  expect(await deviationBetween(first, first)).toBe(0);
  await Promise.all([first.unload(), second.unload()]);
});

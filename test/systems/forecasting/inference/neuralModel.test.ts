import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../../src/platform/clock";
import { openModelFolder } from "../../../../src/systems/forecasting/inference/modelFolder";
import { createNeuralModel, type NeuralModel } from "../../../../src/systems/forecasting/inference/neuralModel";
import type { Forecast, Series } from "../../../../src/systems/forecasting/model";
import { writeRandomCheckpoint } from "../randomCheckpoint";

setDefaultTimeout(120_000);

/** Heads as wide as the published ones, so that the same kernels run. */
const SHAPE = { layers: 3, width: 640, heads: 8 };

let folder: string;
let model: NeuralModel;
const further: NeuralModel[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "random-weights-"));
  writeRandomCheckpoint(folder, SHAPE);
  model = modelWith({});
});

afterEach(async () => {
  await Promise.all(further.splice(0).map((one) => one.unload()));
});

afterAll(async () => {
  await model.unload();
  rmSync(folder, { recursive: true });
});

function modelWith(more: Partial<Parameters<typeof createNeuralModel>[0]>): NeuralModel {
  return createNeuralModel({
    id: "random",
    network: openModelFolder(folder).network,
    folder,
    provider: "cpu",
    threads: 2,
    clock: systemClock,
    batchWaitMs: 5,
    batchTokens: 512,
    maxWaitingRows: 10_000,
    runTimeoutMs: 60_000,
    ...more,
  });
}

function seriesOf(length: number, seed: number): Series {
  const values = Float64Array.from(
    { length },
    (_, t) => 100 + seed + 10 * Math.sin(t / (2 + seed)) + ((t * (seed + 3)) % 7),
  );
  return { values };
}

const query = (series: Series[], horizon = 20) => ({ series, horizon, levels: [0.1, 0.9] });

describe("a row alone gives the bits that it gives in a batch", () => {
  test.each([16, 32, 64, 100, 512, 2048])("%p points", async (length) => {
    const series = Array.from({ length: length > 1000 ? 8 : 32 }, (_, seed) => seriesOf(length, seed));
    const together = await model.forecast(query(series));
    for (const [index, one] of series.entries()) {
      if (index % 5 !== 0) continue;
      const [alone] = await model.forecast(query([one]));
      expect(alone!.full!.values).toEqual(together[index]!.full!.values);
    }
  });

  test("among series of other lengths, over several steps", async () => {
    const series = [40, 512, 100, 64, 300, 40].map((length, seed) => seriesOf(length, seed));
    const together = await model.forecast(query(series, 300));
    for (const [index, one] of series.entries()) {
      const [alone] = await model.forecast(query([one], 300));
      expect(alone!.full!.values).toEqual(together[index]!.full!.values);
    }
  });
});

test("requests that come within milliseconds share a batch", async () => {
  await model.load();
  const before = model.figures();
  const requests = Array.from({ length: 8 }, (_, seed) => model.forecast(query([seriesOf(200, seed)])));
  await Promise.all(requests);
  const after = model.figures();
  expect(after.rows - before.rows).toBe(8);
  expect(after.batches - before.batches).toBe(1);
});

test("a batch is cut to the size that is computed fastest", async () => {
  const small = modelWith({ batchTokens: 14 });
  further.push(small);
  await small.forecast(query(Array.from({ length: 5 }, (_, seed) => seriesOf(200, seed))));
  // 200 points are 7 tokens: two rows a batch.
  expect(small.figures()).toMatchObject({ rows: 5, batches: 3 });
});

test("a crash fails the batch at hand with 503 and nothing else; the next request finds the model loaded anew", async () => {
  const [before] = await model.forecast(query([seriesOf(512, 1)]));
  const work = model.forecast(query(Array.from({ length: 200 }, (_, seed) => seriesOf(2048, seed))));
  const failed = work.then(
    () => undefined,
    (error: unknown) => error,
  );
  await until(() => model.figures().waiting > 0);
  process.kill(model.figures().pid!, "SIGKILL");
  expect(await failed).toMatchObject({ name: "RequestError", status: 503 });
  const [after] = await model.forecast(query([seriesOf(512, 1)]));
  expect(after!.full!.values).toEqual(before!.full!.values);
  expect(model.figures().crashes).toBe(1);
});

test("a caller who hangs up is told so, and does not hold up others", async () => {
  const leaving = new AbortController();
  const many = Array.from({ length: 400 }, (_, seed) => seriesOf(2048, seed));
  const work = model.forecast({ ...query(many), signal: leaving.signal }).then(
    () => undefined,
    (error: unknown) => error,
  );
  await until(() => model.figures().waiting > 0);
  leaving.abort();
  expect(await work).toMatchObject({ status: 499 });
  await model.forecast(query([seriesOf(512, 1)]));
  expect(model.figures().waiting).toBe(0);
});

test("all memory of the weights is back when a model is unloaded", async () => {
  const own = modelWith({});
  await own.load();
  const { pid } = own.figures();
  const loadedMib = residentMib(pid!);
  const weightsMib = Bun.file(join(folder, "torch_model.safetensors")).size / 1024 ** 2;
  expect(loadedMib).toBeGreaterThan(weightsMib);
  await own.unload();
  expect(residentMib(pid!)).toBe(0);
  expect(own.figures().state).toBe("stopped");
});

test("the event loop is free while a batch is computed", async () => {
  await model.load();
  const gaps: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    gaps.push(performance.now() - last);
    last = performance.now();
  }, 1);
  await model.forecast(query(Array.from({ length: 64 }, (_, seed) => seriesOf(2048, seed))));
  clearInterval(timer);
  const usual = gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.9)]!;
  expect(gaps.length).toBeGreaterThan(20);
  expect(usual).toBeLessThan(25);
});

describe("what the model does not take is refused with 422", () => {
  test.each<[string, Partial<Parameters<NeuralModel["forecast"]>[0]>, RegExp]>([
    ["a level that no head has", { levels: [0.25] }, /no quantile at 0\.25; it has 0\.1/],
    ["a series without a point", { series: [seriesOf(5, 1), seriesOf(0, 1)] }, /Series 1 has no points/],
    ["a horizon of 0", { horizon: 0 }, /forecasts 1 to/],
    ["a horizon that is no whole number", { horizon: 1.5 }, /forecasts 1 to/],
    ["a context beyond its limit", { contextLength: 2049 }, /1 to 2048 points/],
    ["an option of the wrong type", { options: { point_forecast_mode: "mode" } }, /point_forecast_mode/],
  ])("%s", async (_name, more, said) => {
    const failed = await model.forecast({ ...query([seriesOf(50, 1)]), ...more }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ status: 422 });
    expect(String(failed)).toMatch(said);
  });
});

test("numbers beyond f32 are forecast like their share of a power of two", async () => {
  const plain = seriesOf(300, 1);
  const factor = 2 ** 1000;
  const huge = { values: plain.values.map((value) => value * factor) };
  const [small, large] = await model.forecast(query([plain, huge]));
  const off = large!.full!.values.map((value, index) => value / factor - small!.full!.values[index]!);
  expect(Math.max(...off.map(Math.abs))).toBeLessThan(1e-4);
});

test("the largest numbers there are give a forecast without NaN", async () => {
  const values = Float64Array.from({ length: 100 }, (_, t) => (t % 2 === 0 ? 1 : -1) * Number.MAX_VALUE);
  const [made] = await model.forecast(query([{ values }]));
  expect(made!.full!.values.some(Number.isNaN)).toBe(false);
});

test("quantiles never cross, unless they are asked for as they came", async () => {
  const levels = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  const asked = { ...query([seriesOf(300, 2)]), levels };
  const crossings = ({ quantiles }: Forecast) =>
    quantiles.slice(1).filter((upper, index) => upper.some((value, step) => value < quantiles[index]![step]!)).length;
  const [repaired] = await model.forecast(asked);
  const [raw] = await model.forecast({ ...asked, options: { fix_quantile_crossing: false } });
  expect(crossings(repaired!)).toBe(0);
  expect(crossings(raw!)).toBeGreaterThan(0);
  expect(repaired!.quantiles[4]).toEqual(raw!.quantiles[4]!);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Memory of a process that is in use, in MiB; 0 when the process is gone. */
function residentMib(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

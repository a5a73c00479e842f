import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { NeuralModel } from "../../../../src/systems/forecasting/inference/neuralModel";
import type { Forecast } from "../../../../src/systems/forecasting/model";
import { casesOf, deviation, goldenModel, isWithin, rowsOf, valuesOf } from "../goldens";

setDefaultTimeout(60_000);

interface Golden {
  config: Record<string, unknown> & { context_len: number; horizon_len: number };
  freq: (0 | 1 | 2)[] | null;
  inputs: (number | null)[][];
  expected: { point: number[][]; full: number[][][] };
}

const models = new Map<string, NeuralModel>();

function modelOf(folder: string, weights?: string): NeuralModel {
  const key = `${folder} ${weights}`;
  const model = models.get(key) ?? goldenModel(folder, weights);
  models.set(key, model);
  return model;
}

afterAll(async () => {
  await Promise.all([...models.values()].map((model) => model.unload()));
});

function forecastGolden(model: NeuralModel, { config, freq, inputs }: Golden, release?: "1.3.0"): Promise<Forecast[]> {
  return model.forecast({
    series: inputs.map((values, index) => ({ values: valuesOf(values), frequency: freq?.[index] ?? 0 })),
    horizon: config.horizon_len,
    levels: [0.1, 0.9],
    past: config["return_forecast_on_context"] === true ? "fitted" : "none",
    options: { ...config, ...(release && { release }) },
  });
}

/** What the model said of the past, then of the future, as the reference answers with both. */
function wholeOf({ point, full, fitted }: Forecast): { point: number[]; full: number[][] } {
  return {
    point: [...(fitted?.point ?? []), ...point],
    full: [...(fitted?.full === undefined ? [] : rowsOf(fitted.full)), ...rowsOf(full!)],
  };
}

function holdGolden(name: string, golden: Golden, made: Forecast[], bound: number): void {
  const whole = made.map(wholeOf);
  const { expected } = golden;
  const off = [
    deviation(
      whole.map(({ point }) => point),
      expected.point,
      expected.full,
    ),
    deviation(
      whole.map(({ full }) => full),
      expected.full,
    ),
  ];
  for (const found of off) expect({ name, ...found, met: isWithin(found, name, bound) }).toMatchObject({ met: true });
}

for (const folder of ["tiny-2.0", "tiny-1.0"]) {
  for (const weights of ["torch_model.safetensors", "model.safetensors"]) {
    describe(`${folder}, ${weights}`, () => {
      test.each(casesOf<Golden>(`timesfm/cases/${folder}`))("%s", async (name, golden) => {
        const made = await forecastGolden(modelOf(`timesfm/${folder}`, weights), golden);
        holdGolden(name, golden, made, 1e-5);
      });
    });
  }
}

describe("the rules of release 1.3.0", () => {
  test.each(casesOf<Golden>("timesfm/cases/tiny-2.0-release130"))("%s", async (name, golden) => {
    const made = await forecastGolden(modelOf("timesfm/tiny-2.0", "torch_model.safetensors"), golden, "1.3.0");
    holdGolden(name, golden, made, name === "huge_scale" ? 1e-4 : 1e-5);
  });
});

describe("weights in torch's zip file", () => {
  const cases = casesOf<Golden>("timesfm/cases/tiny-2.0");

  test.each(["torch_model.ckpt", "torch_model_one_storage.ckpt", "torch_model_nested.ckpt"])("%s", async (file) => {
    for (const [name, golden] of cases) {
      holdGolden(name, golden, await forecastGolden(modelOf("ckpt", file), golden), 1e-5);
    }
  });

  test("torch_model_bf16.ckpt: widened, and as near as its eight bits are", async () => {
    const [name, golden] = cases.find(([candidate]) => candidate === "len300_ctx512_h64")!;
    holdGolden(name, golden, await forecastGolden(modelOf("ckpt", "torch_model_bf16.ckpt"), golden), 1e-2);
  });
});

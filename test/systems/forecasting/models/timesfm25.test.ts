import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { casesOf, deviation, goldenModel, isWithin, rowsOf, valuesOf } from "../goldens";

setDefaultTimeout(60_000);

interface Golden {
  forecast_config: Record<string, unknown>;
  horizon: number;
  inputs: (number | null)[][];
  expected: { point: number[][]; full: number[][][] };
}

const model = goldenModel("timesfm/tiny-2.5");
afterAll(() => model.unload());

describe("TimesFM 2.5 gives what its package gives", () => {
  test.each(casesOf<Golden>("timesfm/cases/tiny-2.5"))(
    "%s",
    async (name, { forecast_config, horizon, inputs, expected }) => {
      const made = await model.forecast({
        series: inputs.map((values) => ({ values: valuesOf(values) })),
        horizon,
        levels: [0.1, 0.9],
        past: forecast_config["return_backcast"] === true ? "fitted" : "none",
        options: { forecast_config },
      });
      const point = made.map((one) => [...(one.fitted?.point ?? []), ...one.point]);
      const full = made.map((one) => [
        ...(one.fitted?.full === undefined ? [] : rowsOf(one.fitted.full)),
        ...rowsOf(one.full!),
      ]);
      for (const found of [deviation(point, expected.point, expected.full), deviation(full, expected.full)]) {
        expect({ name, ...found, met: isWithin(found, name, 1e-5) }).toMatchObject({ met: true });
      }
    },
  );
});

import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { SeriesCovariates } from "../../../../src/systems/forecasting/covariates/covariates";
import { fitCovariates } from "../../../../src/systems/forecasting/covariates/fit";
import {
  type CovariateMode,
  type CovariateOptions,
  forecastWithCovariates,
} from "../../../../src/systems/forecasting/covariates/forecast";
import type { ForecastQuery } from "../../../../src/systems/forecasting/model";
import { casesOf, deviation, goldenModel, valuesOf } from "../goldens";

setDefaultTimeout(60_000);

type Columns<Value> = Record<string, Value[]> | null;

interface Golden {
  fit_scope: CovariateOptions["fitScope"];
  config: { context_len: number; horizon_len: number };
  options: { xreg_mode: CovariateMode; ridge: number; normalize_xreg_target_per_input: boolean };
  freq: (0 | 1 | 2)[] | null;
  inputs: number[][];
  dynamic_numerical_covariates: Columns<number[]>;
  dynamic_categorical_covariates: Columns<(string | number)[]>;
  static_numerical_covariates: Columns<number>;
  static_categorical_covariates: Columns<string>;
  expected: { outputs: number[][] };
  expected_float64_fit: { outputs: number[][]; xreg: number[][] };
}

const model = goldenModel("timesfm/tiny-2.0");
afterAll(() => model.unload());

function ofSeries<Value>(columns: Columns<Value>, index: number): Record<string, Value> {
  return Object.fromEntries(Object.entries(columns ?? {}).map(([name, values]) => [name, values[index]!]));
}

function queryOf(golden: Golden): ForecastQuery {
  return {
    series: golden.inputs.map((values, index) => ({ values: valuesOf(values), frequency: golden.freq?.[index] ?? 0 })),
    horizon: golden.expected.outputs[0]!.length,
    levels: [0.1, 0.5, 0.9],
    options: golden.config,
  };
}

function covariatesOf(golden: Golden): SeriesCovariates[] {
  return golden.inputs.map((_, index) => ({
    dynamicNumerical: ofSeries(golden.dynamic_numerical_covariates, index),
    dynamicCategorical: ofSeries(golden.dynamic_categorical_covariates, index),
    staticNumerical: ofSeries(golden.static_numerical_covariates, index),
    staticCategorical: ofSeries(golden.static_categorical_covariates, index),
  }));
}

function forecastGolden(golden: Golden) {
  const { xreg_mode: mode, ridge, normalize_xreg_target_per_input: normalizeTarget } = golden.options;
  const options = { mode, ridge, normalizeTarget, fitScope: golden.fit_scope };
  return forecastWithCovariates(model, queryOf(golden), covariatesOf(golden), options, async (input) =>
    fitCovariates(input),
  );
}

describe("covariates give what the published package gives", () => {
  test.each(casesOf<Golden>("timesfm/cases/xreg"))("%s", async (_name, golden) => {
    const made = await forecastGolden(golden);
    const { outputs, xreg } = golden.expected_float64_fit;
    const point = deviation(
      made.map((one) => [...one.point]),
      outputs,
    );
    const explained = deviation(
      made.map((one) => [...one.xreg]),
      xreg,
      outputs,
    );
    expect(point.ofRange).toBeLessThan(1e-4);
    expect(explained.ofRange).toBeLessThan(1e-4);
    for (const one of made) expect([...one.quantiles[1]!]).toEqual([...one.point]);
  });
});

test("the parts of the covariates, the base and the model's own forecast add up to the point", async () => {
  const [, golden] = casesOf<Golden>("timesfm/cases/xreg").find(([name]) => name === "tx_r1_all")!;
  const [made] = await forecastGolden(golden);
  const [plain] = await model.forecast(queryOf(golden));
  const names = Object.keys(made!.shares).sort();
  expect(names).toEqual(["base_price", "promo", "promo_depth", "region", "volume", "weekday"]);
  const sums = made!.point.map((_, step) => {
    return plain!.point[step]! + made!.base + names.reduce((sum, name) => sum + made!.shares[name]![step]!, 0);
  });
  expect(deviation([...sums], [...made!.point]).ofRange).toBeLessThan(1e-12);
});

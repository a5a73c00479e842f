import { expect, test } from "bun:test";
import type { ForecastQuery, Model } from "../../../../src/systems/forecasting/model";
import { autoModel, type ChosenForecast } from "../../../../src/systems/forecasting/serving/autoModel";

/** A model that continues each series by a rule. */
function model(
  id: string,
  next: (seen: Float64Array, step: number) => number,
  more: Partial<Model["traits"]> = {},
): Model {
  const traits: Model["traits"] = {
    ...{ id, family: "f", title: id, levels: "any", maxContext: 1e9, maxHorizon: 100, runHorizon: 100, fittedFrom: 1 },
    ...more,
  };
  return {
    traits,
    forecast: async ({ series, horizon, levels }) =>
      series.map(({ values }) => {
        const point = Float64Array.from({ length: horizon }, (_, step) => next(values, step));
        return { point, quantiles: levels.map(() => point.slice()) };
      }),
  };
}

const last = model("seasonal_naive", (seen) => seen.at(-1)!);
const line = model("line", (seen, step) => seen.at(-1)! + step + 1);
const ensemble = model("ensemble", () => 1e6);
const rising = Float64Array.from({ length: 40 }, (_, index) => index);
const flat = new Float64Array(40).fill(7);
const query: ForecastQuery = { series: [{ values: rising }, { values: flat }], horizon: 4, levels: [0.5] };

test("each series gets the model that missed least at its end, and the reason", async () => {
  const made: ChosenForecast[] = await autoModel(ensemble, [ensemble, last, line]).forecast(query);
  expect(made.map(({ chosen }) => chosen!.model)).toEqual(["line", "seasonal_naive"]);
  expect([...made[0]!.point]).toEqual([40, 41, 42, 43]);
  expect(made[0]!.chosen!.reason).toBe(
    "Lowest mean error of 3 models over 2 windows of 4 points: 0.00 against 2.50 of seasonal naive.",
  );
});

test("a series that is too short is forecast by the ensemble", async () => {
  const series = [{ values: rising.subarray(0, 5) }];
  const [made] = (await autoModel(ensemble, [ensemble, line]).forecast({ ...query, series })) as ChosenForecast[];
  expect(made!.chosen).toMatchObject({ model: "ensemble", reason: "The series is too short for a backtest." });
});

test("a model without a level that is asked for, or with too short a reach, does not take part", async () => {
  const few = model("line", (seen, step) => seen.at(-1)! + step + 1, { levels: [0.1, 0.9] });
  const near = model("line", (seen, step) => seen.at(-1)! + step + 1, { maxHorizon: 3 });
  for (const unfit of [few, near]) {
    const [made] = (await autoModel(ensemble, [ensemble, last, unfit]).forecast(query)) as ChosenForecast[];
    expect(made!.chosen!.model).toBe("seasonal_naive");
  }
});

test("missing values at the end are not judged, and nothing goes below 0 where the history does not", async () => {
  const values = rising.toReversed();
  values[36] = Number.NaN;
  const down = model("down", (seen, step) => seen.at(-1)! - step - 1);
  const [made] = (await autoModel(ensemble, [ensemble, last, down]).forecast({
    ...query,
    series: [{ values }],
  })) as ChosenForecast[];
  expect(made!.chosen!.model).toBe("down");
  expect([...made!.point]).toEqual([0, 0, 0, 0]);
  expect(made!.warnings![0]!.code).toBe("clipped");
});

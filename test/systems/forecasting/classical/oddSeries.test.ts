import { describe, expect, test } from "bun:test";
import { classicalModels } from "../../../../src/systems/forecasting/classical/classicalModels";
import { CLASSICAL_IDS, forecastSeries } from "../../../../src/systems/forecasting/classical/forecastSeries";

const levels = [0.05, 0.1, 0.5, 0.9, 0.95];
const models = [...CLASSICAL_IDS, "auto"] as const;

function forecastOf(model: (typeof models)[number], values: readonly number[], horizon: number, seasons?: number[]) {
  const input = { values: Float64Array.from(values), horizon, levels, model, nonNegative: "auto" as const };
  return forecastSeries({ ...input, ...(seasons && { seasons }) });
}

const codes = ({ warnings }: ReturnType<typeof forecastOf>) => warnings.map(({ code }) => code);

describe.each(models)("%s", (model) => {
  test.each([[[5]], [[5, 6]], [[5, 6, 7]], [[10, 12, 11, 13]], [[0, 0, 1]], [[-3, 4]]])(
    "gives finite numbers and ordered bands for %p",
    (values) => {
      const forecast = forecastOf(model, values, 3);
      for (let step = 0; step < 3; step++) {
        const row = forecast.quantiles.map((quantile) => quantile[step]!);
        expect([...row, forecast.point[step]!].every(Number.isFinite)).toBe(true);
        expect(row).toEqual(row.toSorted((a, b) => a - b));
      }
      expect(codes(forecast)).toContain("short_history");
    },
  );

  test("says 42 with bands of no width for thirty times 42", () => {
    const forecast = forecastOf(model, Array(30).fill(42), 5);
    expect([forecast.point, ...forecast.quantiles]).toEqual(
      Array(levels.length + 1).fill(new Float64Array(5).fill(42)),
    );
    expect(codes(forecast)).toContain("constant_series");
  });

  test("stays between the smallest and largest value of a demand that is mostly 0", () => {
    const demand = [
      0, 0, 5, 0, 0, 0, 12, 0, 0, 3, 0, 0, 0, 0, 8, 0, 0, 0, 15, 0, 0, 1, 0, 0, 0, 0, 6, 0, 0, 0, 10, 0, 0, 2, 0, 0, 0,
      0,
    ];
    const { point } = forecastOf(model, demand, 12);
    expect(Math.min(...point)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...point)).toBeLessThanOrEqual(15);
  });

  test.each([
    {
      values: [
        2032, 2085.05, 2068.75, 1978.9, 2472.25, 2819.6, 3016.45, 2731.85, 2506.75, 5833.6, 4474, 7208.75, 15586.15,
        25052.3,
      ],
    },
    { values: [417, 451, 360, 525, 392, 375, 326, 594, 519, 570, 416, 556, 272, 391, 732, 890, 855, 737, 470] },
  ])("does not run away from $values", ({ values }) => {
    const { point } = forecastOf(model, values, 6);
    expect(point.every((value) => Math.abs(value) < 10 * Math.max(...values))).toBe(true);
  });

  test.each([1e12, 1e-9])("scales with the unit: times %p", (unit) => {
    const values = Array.from({ length: 60 }, (_, t) => 100 + t + 20 * Math.sin((t * Math.PI) / 6) + ((t * 37) % 11));
    const plain = forecastOf(model, values, 12, [12]);
    const scaled = forecastOf(
      model,
      values.map((value) => value * unit),
      12,
      [12],
    );
    for (let step = 0; step < 12; step++) {
      expect(Math.abs(scaled.point[step]! / unit / plain.point[step]! - 1)).toBeLessThan(1e-6);
    }
  });
});

test("a season longer than the series is told, and the last value repeated", () => {
  const forecast = forecastOf(
    "seasonal_naive",
    Array.from({ length: 39 }, (_, t) => t + 1),
    3,
    [52],
  );
  expect([...forecast.point]).toEqual([39, 39, 39]);
  expect(codes(forecast)).toEqual(["season_too_long"]);
});

test("counts do not go below 0 unless the history does", () => {
  const falling = Array.from({ length: 20 }, (_, t) => 40 - 2 * t);
  const clipped = forecastOf("drift", falling, 10);
  expect(Math.min(...clipped.point)).toBe(0);
  expect(codes(clipped)).toContain("clipped");
  expect(Math.min(...forecastOf("drift", [...falling, -1], 10).point)).toBeLessThan(0);
});

test("a series without any value is refused", async () => {
  const [model] = classicalModels(async (inputs) => inputs.map(forecastSeries));
  const query = { series: [{ values: Float64Array.of(Number.NaN) }], horizon: 3, levels };
  expect(model!.forecast(query)).rejects.toThrow("Series 1 has no value");
});

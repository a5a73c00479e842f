import { expect, test } from "bun:test";
import { forecastSeries } from "../../../../src/systems/forecasting/classical/forecastSeries";
import { backtestSeries } from "../../../../src/systems/forecasting/judging/backtest";
import { meanMetrics, metricsOf } from "../../../../src/systems/forecasting/judging/metrics";
import { cutoffsOf } from "../../../../src/systems/forecasting/judging/rollingOrigin";

const judged = { levels: [0.1, 0.9], past: [1, 2, 4, 5, 7], period: 2 };

test("measures follow their definitions", () => {
  const metrics = metricsOf({
    ...judged,
    actual: [10, 20],
    point: [12, 16],
    quantiles: [
      [8, 15],
      [11, 18],
    ],
  });
  // Steps of two points in the past: 3, 3, 3.
  expect(metrics.mae).toBe(3);
  expect(metrics.mase).toBe(1);
  expect(metrics.rmsse).toBeCloseTo(Math.sqrt(10) / 3, 12);
  expect(metrics.smape).toBeCloseTo((4 / 22 + 8 / 36) / 2, 12);
  expect(metrics.coverage).toBe(0.5);
  // Losses: 0.1 * 2, 0.1 * 5, 0.1 * 1, 0.9 * 2.
  expect(metrics.crps).toBeCloseTo((2 * (0.2 + 0.5 + 0.1 + 1.8)) / 4, 12);
  expect(metrics.wql).toBeCloseTo((2 * (0.2 + 0.5 + 0.1 + 1.8)) / 2 / 30, 12);
});

test("a step where both are 0 is no error, and a constant past has no scale", () => {
  const metrics = metricsOf({ actual: [0], point: [0], levels: [], quantiles: [], past: [5, 5, 5], period: 1 });
  expect(metrics).toMatchObject({ smape: 0, mase: null, rmsse: null, wql: null, coverage: null });
  const mean = meanMetrics([metrics, { ...metrics, mase: 2 }]);
  expect([mean.metrics.mase, mean.undefined.mase]).toEqual([2, 1]);
});

test.each([
  [60, { horizon: 10, windows: 3, step: 10 }, [30, 40, 50]],
  [55, { horizon: 52, windows: 3, step: 1 }, [1, 2, 3]],
])("of %p points the cut-offs of %p are %p", (length, windows, cutoffs) => {
  expect(cutoffsOf(length, windows)).toEqual(cutoffs);
});

test("too short a series is refused with points needed and present, and a horizon of 0", () => {
  expect(() => cutoffsOf(45, { horizon: 10, windows: 5, step: 10 })).toThrow("needs 51 points");
  expect(() => cutoffsOf(45, { horizon: 0, windows: 1, step: 1 })).toThrow("horizon 0");
});

test("what comes after a cut-off changes no forecast from before it", async () => {
  const values = Float64Array.from({ length: 60 }, (_, t) => 50 + 10 * Math.sin(t / 2) + ((t * 29) % 7));
  const changed = values.map((value, t) => (t >= 50 ? value * 3 + 100 : value));
  const input = { horizon: 10, levels: [0.1, 0.9], model: "ensemble" as const, nonNegative: "auto" as const };
  const judge = async (one: Float64Array) => {
    const windows = { horizon: 10, windows: 3, step: 10 };
    const forecast = async (known: Float64Array) => forecastSeries({ ...input, values: known });
    const made = await backtestSeries({ levels: input.levels, values: one }, windows, forecast);
    return made.windows.map(({ point }) => [...point]);
  };
  const [a, b] = [await judge(values), await judge(changed)];
  expect(b).toEqual(a);
  expect(a.length).toBe(3);
});

import { expect, test } from "bun:test";
import { seededRandom } from "../../../../src/platform/random";
import { forecastSeries } from "../../../../src/systems/forecasting/classical/forecastSeries";
import { findSeasons } from "../../../../src/systems/forecasting/classical/seasons";

const random = seededRandom(7);
const noise = (size: number) => size * (random.next() - 0.5);
const DAY = 48;
const WEEK = 336;
const demand = Float64Array.from({ length: 8 * WEEK }, (_, t) => {
  const weekend = t % WEEK >= 5 * DAY ? -60 : 0;
  return 300 + 80 * Math.sin((2 * Math.PI * t) / DAY) + weekend + noise(10);
});

test("the day and the week of a half-hourly series are found from its values", () => {
  expect(findSeasons(demand)).toEqual([DAY, WEEK]);
});

test("a walk by chance has no season", () => {
  let at = 0;
  expect(findSeasons(Float64Array.from({ length: 300 }, () => (at += noise(1))))).toEqual([]);
});

test("both seasons stand in the forecast", () => {
  const seen = demand.subarray(0, 7 * WEEK);
  const actual = demand.subarray(7 * WEEK);
  const { point, chosen } = forecastSeries({
    values: seen,
    horizon: WEEK,
    levels: [],
    model: "ensemble",
    nonNegative: "auto",
  });
  const error = point.reduce((sum, value, step) => sum + Math.abs(value - actual[step]!), 0) / WEEK;
  expect(chosen.seasons).toEqual([DAY, WEEK]);
  expect(error).toBeLessThan(5);
});

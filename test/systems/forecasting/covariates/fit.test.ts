import { describe, expect, test } from "bun:test";
import type { FitSeries, SeriesCovariates } from "../../../../src/systems/forecasting/covariates/covariates";
import { fitCovariates } from "../../../../src/systems/forecasting/covariates/fit";

const POINTS = 12;
const HORIZON = 3;

function seriesWith(
  covariates: SeriesCovariates,
  target = Float64Array.from({ length: POINTS }, (_, t) => t),
): FitSeries {
  return { target, from: 0, horizon: HORIZON, covariates };
}

function ramp(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

test("what a covariate explains goes on in the horizon", () => {
  const [fit] = fitCovariates({ series: [seriesWith({ dynamicNumerical: { t: ramp(POINTS + HORIZON) } })], ridge: 0 });
  expect(fit!.future[0]).toBeCloseTo(POINTS, 9);
  expect(fit!.future[2]).toBeCloseTo(POINTS + 2, 9);
});

test("a point without a value is not learned from, and has a fit all the same", () => {
  const target = Float64Array.from({ length: POINTS }, (_, t) => (t === 5 ? Number.NaN : t));
  const covariates = { dynamicNumerical: { t: ramp(POINTS + HORIZON) } };
  const [fit] = fitCovariates({ series: [seriesWith(covariates, target)], ridge: 0 });
  expect(fit!.past[5]).toBeCloseTo(5, 9);
});

test("categories of mixed types are text, and one that was never learned explains nothing", () => {
  const kinds = [...ramp(POINTS).map((t) => (t % 2 === 0 ? 1 : "b")), "new", 1, "b"];
  const [fit] = fitCovariates({ series: [seriesWith({ dynamicCategorical: { kinds } })], ridge: 1 });
  expect(fit!.shares["kinds"]![0]).toBe(0);
  expect(fit!.future[0]).toBe(fit!.base);
  expect(fit!.shares["kinds"]![1]).not.toBe(0);
});

test("with the scope of a batch, a static value tells series apart", () => {
  const level = (value: number) => new Float64Array(POINTS).fill(value);
  const input = [10, 20].map((value) => seriesWith({ staticNumerical: { size: value } }, level(value)));
  const fits = fitCovariates({ series: input, ridge: 0 });
  expect(fits[0]!.future[0]).toBeCloseTo(10, 9);
  expect(fits[1]!.future[0]).toBeCloseTo(20, 9);
});

describe("covariates that do not fit are refused with a sentence", () => {
  const values = ramp(POINTS + HORIZON);
  test.each<[string, SeriesCovariates[], RegExp]>([
    ["too short", [{ dynamicNumerical: { t: ramp(POINTS) } }], /"t": expected 15 values.*got 12/],
    ["not a number", [{ dynamicNumerical: { t: [...values.slice(1), Number.NaN] } }], /"t": expected a number at 14/],
    ["infinite", [{ staticNumerical: { s: Number.POSITIVE_INFINITY } }], /"s": expected a number/],
    ["missing in one series", [{ dynamicNumerical: { t: values } }, {}], /"t": expected in every series/],
    ["named like a member of objects", [{ dynamicNumerical: { constructor: values } }, {}], /in every series/],
  ])("%s", (_name, covariates, said) => {
    expect(() => fitCovariates({ series: covariates.map((one) => seriesWith(one)), ridge: 0 })).toThrow(said);
  });

  test("too many columns", () => {
    const kinds = ramp(POINTS + HORIZON).map(String);
    const names = Object.fromEntries(ramp(60).map((index) => [`k${index}`, kinds]));
    const input = { series: [seriesWith({ dynamicCategorical: names })], ridge: 1 };
    expect(() => fitCovariates(input)).toThrow(/make 720 columns; the limit is 500/);
  });
});

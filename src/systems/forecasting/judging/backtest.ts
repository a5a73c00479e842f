import { type ClassicalInput, forecastSeries } from "../classical/forecastSeries";
import { findSeasons } from "../classical/seasons";
import { filledTail } from "../decoding/gaps";
import { type Metrics, meanMetrics, metricsOf } from "./metrics";
import { cutoffsOf, type Windows } from "./rollingOrigin";

export interface BacktestWindow {
  /** Points that were known. */
  cutoff: number;
  point: Float64Array;
  quantiles: Float64Array[];
  metrics: Metrics;
}

export interface SeriesBacktest {
  metrics: Metrics;
  undefined: Record<keyof Metrics, number>;
  windows: BacktestWindow[];
}

/**
 * How good a built-in model would have been on a series: it is fitted anew at each cut-off, to what was known then. Pure
 * arithmetic. Missing values of the past are filled, those of a window are not judged.
 * @throws RequestError 422 for a series that is too short
 */
export function backtestSeries(input: ClassicalInput, windows: Windows): SeriesBacktest {
  const { values, levels } = input;
  const done = cutoffsOf(values.length, windows).map((cutoff): BacktestWindow => {
    const past = filledTail(values.subarray(0, cutoff), cutoff);
    // Seasons are looked for in what was known: the future must not help.
    const seasons = input.seasons ?? findSeasons(past);
    const { point, quantiles } = forecastSeries({ ...input, values: past, seasons, horizon: windows.horizon });
    const actual = values.subarray(cutoff, cutoff + windows.horizon);
    const period = Math.max(1, ...seasons.filter((season) => season < past.length));
    return { cutoff, point, quantiles, metrics: metricsOf({ actual, point, quantiles, levels, past, period }) };
  });
  return { ...meanMetrics(done.map(({ metrics }) => metrics)), windows: done };
}

import { findSeasons } from "../classical/seasons";
import { filledTail } from "../decoding/gaps";
import type { Forecast } from "../model";
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

export interface Judged {
  /** NaN where a value is missing. */
  values: Float64Array;
  /** Known seasons; looked for in what was known where absent. */
  seasons?: readonly number[];
  levels: readonly number[];
}

/**
 * How good a forecast would have been on a series: it is made anew at each cut-off, of what was known then. Missing values of
 * a window are not judged.
 * @param forecast of the values known at a cut-off, for the horizon of the windows
 * @throws RequestError 422 for a series that is too short
 */
export async function backtestSeries(
  { values, levels, seasons: given }: Judged,
  windows: Windows,
  forecast: (known: Float64Array) => Promise<Pick<Forecast, "point" | "quantiles">>,
): Promise<SeriesBacktest> {
  const done: BacktestWindow[] = [];
  for (const cutoff of cutoffsOf(values.length, windows)) {
    const known = values.subarray(0, cutoff);
    const { point, quantiles } = await forecast(known);
    const past = filledTail(known, cutoff);
    // Seasons are looked for in what was known: the future must not help.
    const seasons = given ?? findSeasons(past);
    const actual = values.subarray(cutoff, cutoff + windows.horizon);
    const period = Math.max(1, ...seasons.filter((season) => season < past.length));
    const metrics = metricsOf({ actual, point, quantiles, levels, past, period });
    done.push({ cutoff, point, quantiles, metrics });
  }
  return { ...meanMetrics(done.map(({ metrics }) => metrics)), windows: done };
}

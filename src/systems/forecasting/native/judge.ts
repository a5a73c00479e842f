import { findSeasons } from "../classical/seasons";
import { filledTail } from "../decoding/gaps";
import { type Metrics, meanMetrics, metricsOf } from "../judging/metrics";
import { dateAt } from "../reading/calendar";
import { byLevel, encodedList, listOf } from "./encode";
import { type FinishRules, finished, type MadeRow } from "./finish";

/** The forecasts of one series by one model, window by window; each row holds what was known then. */
export interface JudgedSeries {
  id?: string;
  /** Known seasons; looked for in what was known where absent. */
  seasons?: number[];
  windows: { row: MadeRow; actual: Float64Array }[];
}

export interface JudgeInput {
  series: readonly JudgedSeries[];
  rules: FinishRules;
}

export interface JudgedPart {
  /** JSON values with commas between, one a series. */
  json: Uint8Array;
  /** For each series, the mean over its windows. */
  metrics: Metrics[];
}

/** Judges forecasts of the past by what came (docs/forecasting.md, "Measures"). */
export function judged({ series, rules }: JudgeInput): JudgedPart {
  const all = series.map((one) => judgedSeries(one, rules));
  return { json: encodedList(all.map(({ told }) => told)), metrics: all.map(({ metrics }) => metrics) };
}

function judgedSeries({ id, seasons: given, windows }: JudgedSeries, rules: FinishRules) {
  const keys = rules.levels.map(String);
  const done = windows.map(({ row, actual }) => {
    const { values, calendar } = row;
    const cutoff = values.length;
    const { point, quantiles } = finished(row, rules);
    const past = filledTail(values, cutoff);
    const seasons = given ?? findSeasons(past);
    const period = Math.max(1, ...seasons.filter((season) => season < past.length));
    const metrics = metricsOf({ actual, point, quantiles, levels: rules.levels, past, period });
    const told = {
      cutoff,
      ...(calendar && { cutoff_date: dateAt(calendar, cutoff - 1) }),
      point: listOf(point),
      quantiles: byLevel(keys, quantiles),
    };
    return { metrics, told };
  });
  const { metrics } = meanMetrics(done.map((window) => window.metrics));
  return { metrics, told: { ...(id !== undefined && { id }), metrics, windows: done.map(({ told }) => told) } };
}

import type { ClassicalId } from "../classical/forecastSeries";
import { covariatesUntil } from "../covariates/until";
import { backtestSeries, type SeriesBacktest } from "../judging/backtest";
import { type Metrics, meanMetrics } from "../judging/metrics";
import type { Windows } from "../judging/rollingOrigin";
import { bestOf, verdictOf, YARDSTICK } from "../judging/verdict";
import type { DatedSeries } from "../reading/datedSeries";
import { type ReadData, readSeries } from "../reading/readSeries";
import { builtIn, covariatesIn, DEFAULT_LEVELS, type FileOptions, horizonFor, seasonsOf } from "./forecastFile";
import { forecastOne } from "./oneSeries";

export interface BacktestOptions extends Omit<FileOptions, "model"> {
  /** Built-in models beside seasonal naive, which is always judged; the ensemble where absent. */
  models?: readonly string[];
  windows?: number;
  /** Points between cut-offs; the horizon where absent. */
  step?: number;
}

export interface ModelBacktest {
  model: ClassicalId | "auto";
  metrics: Metrics;
  undefined: Record<keyof Metrics, number>;
  series: (SeriesBacktest & { id?: string })[];
}

export interface FileBacktest {
  horizon: number;
  windows: number;
  step: number;
  results: ModelBacktest[];
  /** The one with the lowest MASE, or the lowest error where no MASE is defined. */
  best: string;
  /** The comparison in one sentence. */
  verdict: string;
}

const DEFAULT_WINDOWS = 3;

/**
 * Judges built-in models on every series of a file, by rolling origin, each as it would forecast: with the covariates that
 * the file has.
 * @throws RequestError 413 or 422
 */
export async function backtestFile(bytes: Uint8Array, options: BacktestOptions = {}): Promise<FileBacktest> {
  return backtestData(readSeries(bytes, options), options);
}

/** As {@link backtestFile}, of what was read already. */
export async function backtestData({ series, emptyTail }: ReadData, options: BacktestOptions): Promise<FileBacktest> {
  const horizon = horizonFor(series[0]!, options.horizon, emptyTail);
  const windows = options.windows ?? DEFAULT_WINDOWS;
  const step = options.step ?? horizon;
  const stated = (options.models ?? ["ensemble"]).map(builtIn);
  const models = [...new Set<ClassicalId | "auto">([...stated, YARDSTICK])];
  const levels = options.levels ?? DEFAULT_LEVELS;
  const results: ModelBacktest[] = [];
  for (const model of models) {
    const all: ModelBacktest["series"] = [];
    for (const one of series) {
      const judged = await backtestOne(one, { model, levels }, { horizon, windows, step });
      all.push({ ...judged, ...(one.id !== undefined && { id: one.id }) });
    }
    results.push({ model, ...meanMetrics(all.map(({ metrics }) => metrics)), series: all });
  }
  return { horizon, windows, step, results, best: bestOf(results).model, verdict: verdictOf(results) };
}

function backtestOne(
  series: DatedSeries,
  asked: { model: ClassicalId | "auto"; levels: readonly number[] },
  windows: Windows,
): Promise<SeriesBacktest> {
  const { values } = series;
  const { horizon } = windows;
  const seasons = seasonsOf(series);
  // Every window lies in the past, where nothing is held.
  const covariates = covariatesIn(series, 0, undefined, () => undefined);
  return backtestSeries({ ...seasons, values, levels: asked.levels }, windows, (known) =>
    forecastOne(
      { ...seasons, ...asked, values: known, horizon },
      covariates && covariatesUntil(covariates, known.length + horizon),
    ),
  );
}

/** The most windows, up to three, that every series bears; 0 where none does. */
export function possibleWindows(series: readonly DatedSeries[], horizon: number): number {
  const shortest = series.reduce((least, { values }) => Math.min(least, values.length), Number.POSITIVE_INFINITY);
  return Math.max(0, Math.min(DEFAULT_WINDOWS, Math.floor((shortest - 4) / horizon)));
}

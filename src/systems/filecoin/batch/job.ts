import type { OutputName } from "../model/outputs";
import type { ScenarioPlan } from "./plan";

/** The quantiles of all bands. */
export const BAND_SHARES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;
/** Most days on which bands are taken. */
export const MAX_SAMPLED_DAYS = 530;

/** Which scenarios to run on a snapshot, and what to keep of them. Values only. */
export interface BatchJob {
  /** The snapshot that every run must be on. */
  snapshotId: string;
  plan: ScenarioPlan;
  runs: number;
  /** The same for all runs; 1 to `MAX_FORECAST_DAYS`. */
  forecastDays: number;
  outputs: readonly OutputName[];
  /** Forecast days of bands and kept series, ascending; day 0 is the current date. At most `MAX_SAMPLED_DAYS`. */
  sampledDays: Int32Array;
  wantsBands: boolean;
  /** Forecast days at which a value of every run is kept. */
  pointDays: Int32Array;
  /** The numbers of the runs whose series are kept, each once. */
  keptRuns: Int32Array;
}

/** What came of the runs so far. What is no number is NaN. */
export interface BatchFigures {
  /** How many runs are in these figures. */
  done: number;
  bands: Bands | undefined;
  /** One value for each output, point day and run, the run fastest. */
  points: Float64Array;
  /** One value for each kept run, output and sampled day, the day fastest. */
  kept: Float64Array;
  /** Of each output, how many values on sampled or point days are no numbers. */
  notNumbers: Int32Array;
}

/** Quantiles over the runs that have a number on a day. */
export interface Bands {
  /** One value for each output, sampled day and share of `BAND_SHARES`, the share fastest. */
  values: Float64Array;
  method: "exact" | "histogram";
  /**
   * For each output a bound on how far any of its quantiles is from the exact one, beyond the rounding of values to 32
   * bits; 0 for the exact method, infinite where a quantile lies outside of the histogram.
   */
  errors: Float64Array;
}

export interface BatchHooks {
  /** Stops the job: what runs is finished, no more is begun. */
  signal?: AbortSignal | undefined;
  /** Bands over a growing share of the runs, spread evenly over all of them. */
  onBands?: ((figures: BatchFigures) => void) | undefined;
  onProgress?: ((done: number) => void) | undefined;
}

/**
 * Runs scenarios by the thousand. The same job gives the same figures, however the engine divides the work.
 * docs/filecoin.md, "Many futures".
 */
export interface BatchEngine {
  /** What answers are stamped with. */
  readonly name: string;
  /**
   * @throws RequestError 503 when the history has changed since the job was made or too much work waits, 499 when
   * stopped.
   */
  run(job: BatchJob, hooks?: BatchHooks): Promise<BatchFigures>;
}

/** The forecast days of a sample: every `stepDays`-th from day 0 on. */
export function sampledDays(forecastDays: number, stepDays: number): Int32Array {
  return Int32Array.from({ length: Math.ceil(forecastDays / stepDays) }, (_, k) => k * stepDays);
}

/** The smallest step that stays within `MAX_SAMPLED_DAYS`. */
export function finestStep(forecastDays: number): number {
  return Math.ceil(forecastDays / MAX_SAMPLED_DAYS);
}

/**
 * The number of the run that is done at a place in the order. A fixed stride near the golden section of all runs
 * spreads the first ones evenly over a grid, so that early bands are of the whole of it.
 */
export function runOrder(runs: number): (place: number) => number {
  let stride = Math.max(1, Math.round(runs * 0.6180339887498949));
  while (greatestCommonDivisor(stride, runs) !== 1) stride++;
  return (place) => (place * stride) % runs;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

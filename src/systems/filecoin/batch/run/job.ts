import type { OutputName } from "../../schema/series";
import type { ScenarioPlan } from "../request/plan";
import type { EngineChoice } from "../schema/requests";
import type { BatchFigures } from "./figures";

/** Which scenarios to run on a snapshot, and what to keep of them. Values only. */
export interface BatchJob {
  engine: EngineChoice;
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

export interface BatchHooks {
  /** Stops the job: what runs is finished, no more is begun. */
  signal?: AbortSignal | undefined;
  /** Bands over a growing share of the runs, spread evenly over all of them. */
  onBands?: ((figures: BatchFigures) => void) | undefined;
  onProgress?: ((done: number) => void) | undefined;
  /** Keeps how far the job is, and goes on from there; the engine of the card, which is done in seconds, keeps none. */
  checkpoints?: Checkpoints | undefined;
}

/** How a long job is kept on its way, and gone on with by a later run of the same job. */
export interface Checkpoints {
  /** Least milliseconds of each Worker between two of them; more where keeping them takes more than `maxShare`. */
  everyMs: number;
  maxShare: number;
  /** What was kept of this job: so many runs were done, in the order of runs. */
  from?: { done: number; bytes: Uint8Array } | undefined;
  /** Keeps the figures of the first `done` runs. No run is at work meanwhile. */
  save(done: number, parts: Iterable<Uint8Array>): Promise<void>;
}

/**
 * Runs scenarios by the thousand. The same job gives the same figures on the same engine, however it divides the work.
 * docs/filecoin.md, "Many futures".
 */
export interface BatchEngine {
  /**
   * @throws RequestError 503 when the history has changed since the job was made or too much work waits, 499 when
   * stopped.
   */
  run(job: BatchJob, hooks?: BatchHooks): Promise<BatchFigures>;
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

import type { OutputName } from "../../schema/series";
import type { BatchTable } from "../request/order";
import type { BatchFigures } from "../run/figures";

export type BatchFormat = "json" | "csv" | "binary";

/** What an answer is written of. Values only, so that a Worker can do the writing. */
export interface BatchContents {
  format: BatchFormat;
  table: BatchTable;
  /** Members that stand before the figures: source, dates, stamp, runs, warnings. */
  about: Record<string, unknown>;
  outputs: readonly OutputName[];
  /** The current date in days since 1970-01-01. */
  zeroDay: number;
  sampledDays: Int32Array;
  pointDays: Int32Array;
  figures: BatchFigures;
  /** The inputs of each run, row by row, where they are constant in time. */
  inputs: { names: readonly string[]; points: Float64Array } | undefined;
  /** The runs whose series are kept, with a name where they have one. */
  keptRuns: readonly { run: number; name?: string }[];
}

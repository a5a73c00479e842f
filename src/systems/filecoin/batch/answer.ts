import type { OutputName } from "../model/outputs";
import { binaryAnswer } from "./binaryAnswer";
import { csvAnswer } from "./csvAnswer";
import type { BatchFigures } from "./job";
import { jsonAnswer } from "./jsonAnswer";

export type BatchFormat = "json" | "csv" | "binary";

/** Which part of the figures a CSV holds: it has room for one. */
export type BatchTable = "bands" | "points" | "series";

/** What the writers of answers need. Values only, so that a Worker can do the writing. */
export interface BatchAnswerInput {
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

export interface BatchAnswer {
  bytes: Uint8Array<ArrayBuffer>;
  contentType: string;
}

const WRITERS: Record<
  BatchFormat,
  { write: (input: BatchAnswerInput) => Uint8Array<ArrayBuffer>; contentType: string }
> = {
  json: { write: jsonAnswer, contentType: "application/json" },
  csv: { write: csvAnswer, contentType: "text/csv; charset=utf-8" },
  binary: { write: binaryAnswer, contentType: "application/octet-stream" },
};

/** The finished bytes of an answer; docs/filecoin.md, "Answers about many futures". */
export function batchAnswer(input: BatchAnswerInput): BatchAnswer {
  const { write, contentType } = WRITERS[input.format];
  return { bytes: write(input), contentType };
}

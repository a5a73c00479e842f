import type { Answer } from "../../answers/answer";
import { writeBinary } from "./binary";
import type { BatchContents, BatchFormat } from "./contents";
import { writeCsv } from "./csv";
import { writeJson } from "./json";

const WRITERS: Record<
  BatchFormat,
  { write: (contents: BatchContents) => Uint8Array<ArrayBuffer>; contentType: string }
> = {
  json: { write: writeJson, contentType: "application/json" },
  csv: { write: writeCsv, contentType: "text/csv; charset=utf-8" },
  binary: { write: writeBinary, contentType: "application/octet-stream" },
};

/** Writes an answer out; docs/filecoin.md, "Answers about many futures". */
export function writeAnswer(contents: BatchContents): Answer {
  const { write, contentType } = WRITERS[contents.format];
  return { bytes: write(contents), contentType };
}

import { readFileSync } from "node:fs";
import { messageOf, UsageError } from "../../../platform/errors";
import { parseHistory } from "./file";
import { sampleHistory } from "./sample";
import type { HistorySnapshot } from "./snapshot";

/** The history in that file, or the sample inside the program. @throws UsageError with the first fault of the file. */
export function openHistory(path: string | undefined): HistorySnapshot {
  if (path === undefined) return sampleHistory();
  try {
    return parseHistory(JSON.parse(readFileSync(path, "utf8").replace(/^\uFEFF/, "")));
  } catch (error) {
    throw new UsageError(`The history ${path} cannot be used: ${messageOf(error)}`);
  }
}

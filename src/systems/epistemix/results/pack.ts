import { zipSync } from "fflate";
import type { ResultFile } from "../fred";

/** Where the client looks for the files of a run. */
export const OUTPUTS = "work/outputs/";
const FAST = 3;

/** Entries of a ZIP carry a date; a fixed one, so that the same result has the same bytes. */
const ENTRY_DATE = new Date(1980, 0, 1);

/** The ZIP that the client unpacks. */
export function packResult(files: readonly ResultFile[]): Uint8Array<ArrayBuffer> {
  const entries = Object.fromEntries(files.map(({ path, bytes }) => [`${OUTPUTS}${path}`, bytes]));
  return zipSync(entries, { level: FAST, mtime: ENTRY_DATE }) as Uint8Array<ArrayBuffer>;
}

/** The files of a run that has no others: its log, which ends in an error, and what marks the layout of FRED 11. */
export function failureFiles(sentences: readonly string[], nowMs: number): ResultFile[] {
  return logFiles("ERROR", sentences, 1, nowMs);
}

/** The files that every result has, with a log of sentences of one level. */
export function logFiles(
  level: "INFO" | "ERROR",
  sentences: readonly string[],
  code: number,
  nowMs: number,
): ResultFile[] {
  const time = new Date(nowMs).toISOString();
  const log = sentences.map((sentence) => `[${time}] ${level}: ${oneLine(sentence)}\n`).join("");
  return [
    { path: "conditions.json", bytes: bytesOf("{}\n") },
    { path: "logs.txt", bytes: bytesOf(log) },
    { path: "return_code.txt", bytes: bytesOf(`${code}\n`) },
  ];
}

/** The client takes each line for an entry of its own and stops at one that is none. */
function oneLine(sentence: string): string {
  return sentence.trim().replace(/\s*[\r\n\u2028\u2029\v\f\u0085]+\s*/g, " ");
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ResultFile } from "../fred";
import { InputFault, unpackInput } from "../input/unpack";
import { logFiles, packResult } from "../results/pack";
import type { RunPieceResult } from "./runPiece";

const MAX_OUTPUT_BYTES = 1024 ** 3;
const MAX_TOLD_LINES = 1000;

/** The files of an uploaded ZIP, or what is wrong with it; in a thread. */
export function unpackPiece(input: Uint8Array): { files: Record<string, string> } | { fault: string } {
  try {
    return { files: unpackInput(input) };
  } catch (error) {
    if (error instanceof InputFault) return { fault: error.message };
    throw error;
  }
}

/** Packs what a real FRED wrote, with a log of what it told where it has none of its own; in a thread. */
export function packPiece({ folder, code, told }: { folder: string; code: number; told: string }): RunPieceResult {
  const files = new Map<string, ResultFile>();
  let sizeBytes = 0;
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const facts = statSync(join(folder, path));
    if (!facts.isFile()) continue;
    sizeBytes += facts.size;
    if (sizeBytes > MAX_OUTPUT_BYTES) return ended([], 1, "The run wrote more than 1 GiB.");
    files.set(path, { path, bytes: readFileSync(join(folder, path)) });
  }
  return ended([...files.values()], code, told);
}

function ended(written: readonly ResultFile[], code: number, told: string): RunPieceResult {
  const lines = told
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-MAX_TOLD_LINES);
  const error = code === 0 ? null : (lines.at(-1) ?? `FRED ended with ${code}.`);
  const own = logFiles(
    code === 0 ? "INFO" : "ERROR",
    error === null ? lines : [...lines, `FRED ended with ${code}.`],
    code,
    Date.now(),
  );
  const has = new Set(written.map(({ path }) => path));
  const files = [...written, ...own.filter(({ path }) => !has.has(path))];
  return { status: code === 0 ? "done" : "error", zip: packResult(files), error };
}

import type { WorkContext } from "../../../platform/compute/work";
import { tellProgress } from "../../../platform/simulations";
import { type RunOptions, runModel } from "../fred";
import { InputFault, unpackInput } from "../input/unpack";
import { failureFiles, packResult } from "../results/pack";

export interface RunPiece {
  /** The uploaded ZIP; undefined where none was asked for. */
  input: Uint8Array | undefined;
  main: string;
  options: RunOptions;
}

/** How a run ended, and the ZIP that tells of it. */
export interface RunPieceResult {
  status: "done" | "error";
  zip: Uint8Array;
  /** The first error of its log. */
  error: string | null;
}

/** One run, in a thread: unpacks the input, runs the model, and packs what came of it. */
export function runPiece({ input, main, options }: RunPiece, context: WorkContext): RunPieceResult {
  try {
    // An empty program is the built-in epidemic.
    const files = input === undefined ? { [main]: "" } : unpackInput(input);
    const result = runModel({
      files,
      main,
      options,
      nowMs: Date.now,
      onDay: ({ day, days, date }) => tellProgress(context, (day + 1) / days, date),
    });
    const zip = packResult(result.files);
    return result.status === "done"
      ? { status: "done", zip, error: null }
      : { status: "error", zip, error: firstError(result.files) };
  } catch (error) {
    if (!(error instanceof InputFault)) throw error;
    return { status: "error", zip: packResult(failureFiles([error.message], Date.now())), error: error.message };
  }
}

function firstError(files: readonly { path: string; bytes: Uint8Array }[]): string {
  const log = files.find(({ path }) => path === "logs.txt");
  const text = log === undefined ? "" : new TextDecoder().decode(log.bytes);
  return /\] ERROR: (.*)/.exec(text)?.[1] ?? "The model ended with an error.";
}

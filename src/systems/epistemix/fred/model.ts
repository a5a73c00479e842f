/** A program of the FRED language: its files by their paths, and the one that is run. Data that it reads is among them. */
export interface ModelSource {
  /** Text of each file; paths are relative, with `/`, and never leave the model's folder. */
  files: Readonly<Record<string, string>>;
  main: string;
}

/** What the caller of a run says; it wins over the program's `simulation` block. */
export interface RunOptions {
  /** 64 bits; the same model, options and seed give the same bytes. Default is the program's own, else 1. */
  seed?: bigint;
  /** YYYY-MM-DD, the first day. */
  startDate?: string;
  /** YYYY-MM-DD, the last day, which is simulated to its end. */
  endDate?: string;
  /** As `Jefferson_County_PA`, `Pennsylvania` or `PA`. */
  locations?: readonly string[];
  /** Values of shared variables by their names, as text. */
  parameters?: Readonly<Record<string, string>>;
}

/** Told after each simulated day. */
export interface DayReport {
  /** 0 for the first. */
  day: number;
  /** Days of the whole run. */
  days: number;
  /** YYYY-MM-DD. */
  date: string;
}

/** A run of a model. */
export interface ModelRun extends ModelSource {
  options: RunOptions;
  /** What time it is, in milliseconds since 1970: stands in the log and nowhere else. */
  nowMs: () => number;
  onDay?: (report: DayReport) => void;
  /** Looked at after each day. */
  signal?: Pick<AbortSignal, "aborted">;
}

/** What is wrong with a program, and where. */
export interface ModelFault {
  file: string;
  /** From 1. */
  line: number;
  /** From 1, in characters. */
  column: number;
  /** The line itself. */
  text: string;
  /** What is wrong and, where there is one, the nearest thing that is known. */
  message: string;
}

/** A file of a result, as the client reads it from `work/outputs/`. */
export interface ResultFile {
  path: string;
  bytes: Uint8Array;
}

/** How a run ended; `files` has `logs.txt` in every case. */
export interface ModelResult {
  status: "done" | "error" | "cancelled";
  files: ResultFile[];
  /** Of a program that was never begun. */
  faults: readonly ModelFault[];
}

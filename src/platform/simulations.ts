import type { z } from "zod";
import type { WorkAnswer, WorkContext, WorkInput, WorkKind } from "./compute/work";

/**
 * What a system offers to be run as a job (docs/jobs.md, "Handlers"). The handler itself conducts on the server's
 * thread and calculates nothing there: what takes time is a piece of work of the pool of slots.
 */
export interface SimulationHandler {
  /** The `simulation_type` that it runs. */
  type: string;
  title: string;
  /** What it does, in a sentence. */
  summary: string;
  /** What `parameters` must be. */
  parameters: z.ZodType;
  /** Parameters that show something within seconds. */
  example: Record<string, unknown>;
  /** The longest that an attempt may take, where it is less than the server's limit. */
  timeoutS?: number;
  /**
   * The result: bytes of JSON, or a small value.
   * @param parameters as its schema gave them.
   * @throws PermanentError when another attempt would end in the same way; anything else is tried again.
   */
  run(parameters: unknown, context: SimulationContext): Promise<Uint8Array | object>;
}

/** What an attempt is given beside its parameters. */
export interface SimulationContext {
  jobId: string;
  /** 1 for the first. */
  attempt: number;
  /** Aborted when the job is cancelled, has taken too long, or must go to another worker. */
  signal: AbortSignal;
  /** A fraction from 0 to 1, which never falls within one attempt, and what is being done. */
  progress(fraction: number, note?: string): void;
  log(line: string): void;
  /** What the attempt before saved; undefined for the first, or where nothing was saved. */
  checkpoint: unknown;
  /**
   * Keeps a JSON value for an attempt to come, `MAX_CHECKPOINT_BYTES` at most, in place of the one before, and with it
   * what is too large for one: both are there, or neither is.
   */
  saveCheckpoint(value: unknown, bulk?: ReadableStream<Uint8Array>): Promise<void>;
  /** What was kept beside the checkpoint; undefined where there was nothing, or it is gone. */
  checkpointBulk(): Promise<Uint8Array | undefined>;
  /** How many pieces of this run may be at work at a time. */
  threads: number;
  /**
   * Runs a piece in a thread of the slots; its progress and log become the job's.
   * @param onPartial is given whatever else the piece hands over.
   */
  calculate<Kind extends WorkKind>(
    kind: Kind,
    input: WorkInput<Kind>,
    onPartial?: (value: unknown) => void,
  ): Promise<WorkAnswer<Kind>>;
}

/** A handler whose parameters have the type that its schema gives. */
export function simulationHandler<Schema extends z.ZodType>(
  handler: Omit<SimulationHandler, "run" | "parameters"> & {
    parameters: Schema;
    run(parameters: z.output<Schema>, context: SimulationContext): Promise<Uint8Array | object>;
  },
): SimulationHandler {
  return { ...handler, run: (parameters, context) => handler.run(parameters as z.output<Schema>, context) };
}

/** The largest checkpoint of a run, in bytes of its JSON. */
export const MAX_CHECKPOINT_BYTES = 64 * 1024;

/** The JSON of a checkpoint. @throws PermanentError that names the limit when the value is larger. */
export function checkpointText(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_CHECKPOINT_BYTES) return text;
  throw new PermanentError(`A checkpoint of ${bytes} bytes; the limit is ${MAX_CHECKPOINT_BYTES}.`);
}

/** A failure that would be the same the next time: it is not tried again. */
export class PermanentError extends Error {
  override readonly name = "PermanentError";
}

/** What a piece in a thread tells of itself on its way, beside partial results. */
export type PieceNote =
  | { tells: "progress"; fraction: number; note: string | undefined }
  | { tells: "log"; line: string };

/** How a piece of work in a thread tells the job how far it is. */
export function tellProgress(context: Pick<WorkContext, "emit">, fraction: number, note?: string): void {
  context.emit({ tells: "progress", fraction, note } satisfies PieceNote);
}

/** Whether a partial value is a note of its piece. */
export function isPieceNote(value: unknown): value is PieceNote {
  const tells = (value as { tells?: unknown } | null)?.tells;
  return tells === "progress" || tells === "log";
}

/** A value as the bytes of its JSON, which a thread hands over without a copy. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

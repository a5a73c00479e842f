import type { Clock } from "../../../platform/clock";
import type { WorkPool } from "../../../platform/compute/pool";
import type { WorkAnswer, WorkInput, WorkKind } from "../../../platform/compute/work";
import { messageOf, RequestError } from "../../../platform/errors";
import { InvalidInput, valid } from "../../../platform/http/input";
import type { StopReason } from "../../../platform/queue/runner";
import {
  checkpointText,
  isPieceNote,
  jsonBytes,
  PermanentError,
  type SimulationContext,
  type SimulationHandler,
} from "../../../platform/simulations";
import { withoutConditions } from "../handlers/registry";
import type { Records } from "../life/records";
import type { Failure } from "../life/settle";
import type { JobRow } from "../tables";
import { ProcessLost } from "./processLost";
import type { Recorder } from "./recorder";

/** How an attempt ended. `lost` is said by handlers whose process died under them. */
export type Outcome =
  | { kind: "result"; bytes: Uint8Array }
  | { kind: "failure"; failure: Failure }
  | { kind: "stopped"; reason: StopReason }
  | { kind: "lost" };

export interface AttemptOptions {
  records: Records;
  slots: WorkPool;
  clock: Clock;
  /** The longest that an attempt may take by the server's own limit. */
  timeoutS: number;
  maxResultBytes: number;
}

/** Pieces of jobs are let in by the queue; the pool of slots need not know what they cost. */
const NO_COST = 0;

class TimeLimit extends Error {}

/** Runs one attempt of a job to its end, whatever that is. */
export async function runAttempt(
  options: AttemptOptions,
  handler: SimulationHandler,
  job: JobRow,
  recorder: Recorder,
  stopped: AbortSignal,
): Promise<Outcome> {
  const limitS = Math.min(options.timeoutS, handler.timeoutS ?? Infinity, job.timeoutS ?? Infinity);
  const overtime = new AbortController();
  const cancel = options.clock.after(limitS * 1000, () => overtime.abort(new TimeLimit()));
  const signal = AbortSignal.any([stopped, overtime.signal]);
  try {
    const parameters = await parametersOf(options.records, handler, job);
    const running = handler.run(parameters, contextOf(options, job, recorder, signal));
    const result = await endedBy(running, signal);
    const bytes = result instanceof Uint8Array ? result : jsonBytes(result);
    return bytes.byteLength > options.maxResultBytes ? tooLarge(bytes.byteLength, options) : { kind: "result", bytes };
  } catch (error) {
    if (stopped.aborted) return { kind: "stopped", reason: stopped.reason };
    if (overtime.signal.aborted) return overtimeOutcome(limitS);
    return outcomeOf(error);
  } finally {
    cancel();
  }
}

async function parametersOf({ blobs }: Records, handler: SimulationHandler, job: JobRow): Promise<unknown> {
  const text = job.parameters ?? (await textOf(blobs, job.parametersKey!));
  return valid(handler.parameters, withoutConditions(JSON.parse(text)), "body");
}

async function textOf(blobs: Records["blobs"], key: string): Promise<string> {
  const blob = await blobs.get(key);
  if (blob === undefined) throw new PermanentError(`The parameters are gone: there is no blob ${key}.`);
  return new TextDecoder().decode(await blob.bytes());
}

function contextOf({ slots }: AttemptOptions, job: JobRow, recorder: Recorder, signal: AbortSignal): SimulationContext {
  function receive(value: unknown, onPartial?: (value: unknown) => void): void {
    if (!isPieceNote(value)) onPartial?.(value);
    else if (value.tells === "log") recorder.log(value.line);
    else recorder.progress(value.fraction, value.note);
  }
  return {
    jobId: job.id,
    attempt: job.attempt,
    signal,
    threads: slots.load().workers,
    progress: recorder.progress,
    log: recorder.log,
    checkpoint: recorder.checkpoint.value,
    saveCheckpoint: async (value, bulk) => recorder.checkpoint.save(checkpointText(value), bulk),
    checkpointBulk: recorder.checkpoint.bulk,
    calculate<Kind extends WorkKind>(
      kind: Kind,
      input: WorkInput<Kind>,
      onPartial?: (value: unknown) => void,
    ): Promise<WorkAnswer<Kind>> {
      return slots.run({ kind, input, costMs: NO_COST, signal, onPartial: (value) => receive(value, onPartial) });
    },
  };
}

/** What the work comes to, or the end that the signal makes of it: nobody waits for a handler that does not listen. */
function endedBy<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  return promise;
}

function tooLarge(bytes: number, { maxResultBytes }: AttemptOptions): Outcome {
  const message = `The result has ${bytes} bytes; the limit is ${maxResultBytes} (JOBS_MAX_RESULT_BYTES).`;
  return { kind: "failure", failure: { code: "RESULT_TOO_LARGE", message, isPermanent: true } };
}

function overtimeOutcome(limitS: number): Outcome {
  const message = `The attempt took longer than ${limitS} s and was ended.`;
  return { kind: "failure", failure: { code: "TIMEOUT", message, isPermanent: true } };
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof ProcessLost) return { kind: "lost" };
  if (error instanceof InvalidInput) {
    const message = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    return { kind: "failure", failure: { code: "INVALID_PARAMETERS", message, isPermanent: true } };
  }
  // What the services of this program refuse for what was asked is refused again the next time.
  const refused = error instanceof RequestError && error.status >= 400 && error.status < 499;
  const code = refused ? "INVALID_PARAMETERS" : "SIMULATION_ERROR";
  const message = error instanceof RequestError ? refusalOf(error) : messageOf(error);
  return { kind: "failure", failure: { code, message, isPermanent: refused || error instanceof PermanentError } };
}

function refusalOf({ detail, faults }: RequestError): string {
  if (faults.length === 0) return detail;
  return faults.map(({ path, expected, got }) => `${path.join(".")}: expected ${expected}, got ${got}`).join("; ");
}

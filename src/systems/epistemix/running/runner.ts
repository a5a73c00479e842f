import type { Clock } from "../../../platform/clock";
import type { WorkPool } from "../../../platform/compute/pool";
import type { StorageHandle } from "../../../platform/database";
import { messageOf } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import type { Lease } from "../../../platform/queue/entry";
import type { RunnerWork, StopReason } from "../../../platform/queue/runner";
import { isPieceNote } from "../../../platform/simulations";
import { MAX_INPUT_BYTES } from "../input/unpack";
import { type Records, RUN_QUEUE } from "../records";
import { failureFiles, packResult } from "../results/pack";
import { readArguments } from "../runs/arguments";
import { resultsKey } from "../runs/keys";
import { UNENDED } from "../runs/states";
import type { RunRequest } from "../schema/requests";
import type { JobRow, RunRow } from "../tables";
import { runBinary } from "./fredBinary";
import { inputWaitMs } from "./inputWait";
import type { RunPieceResult } from "./runPiece";

export interface RunWorkOptions {
  records: Records;
  /** Threads for runs, made when the first of them begins. */
  slots: () => WorkPool;
  clock: Clock;
  log: Log;
  timeoutS: number;
  /** A real FRED that runs what was uploaded, in the place of our own engine. */
  fredBin: string | undefined;
}

const HOUR_MS = 3_600_000;
const MAX_INPUT_WAIT_MS = 24 * HOUR_MS;
/** Between two notes of the progress in the database. */
const PROGRESS_EVERY_MS = 500;
/** The queue lets runs in; the pool need not know what they cost. */
const NO_COST = 0;
const MAX_LOSSES = 3;

/** How the runner of the queue of runs does its pieces. */
export function runWork(options: RunWorkOptions): RunnerWork {
  const { records, clock } = options;
  const { storage, queue } = records;

  async function run(lease: Lease, signal: AbortSignal, free: () => void): Promise<void> {
    const found = await runOf(records, Number(lease.id));
    if (found === undefined || !UNENDED.includes(found.run.status)) {
      await storage.transact((db) => queue.settle(db, RUN_QUEUE, lease));
      return;
    }
    const { losses } = found.run;
    const input =
      losses < MAX_LOSSES
        ? await inputOf(options, found.job, found.run)
        : new Failure(`Whoever ran it ended ${losses} times before the run did.`);
    if (input === "missing") {
      const delayMs = inputWaitMs(clock.now() - found.run.createdAt);
      await storage.transact((db) => queue.release(db, RUN_QUEUE, lease, delayMs));
      return;
    }
    if (!(input instanceof Failure)) await note(options, found.run.id, { status: "Running", podPhase: "Running" });
    const result =
      input instanceof Failure ? input.result(clock.now()) : await attempt(options, found.run, input, signal);
    free();
    if (result === undefined) await stopped(options, lease, signal.reason);
    else await settle(options, found, lease, result);
  }

  return {
    async begin() {
      // The row changes when the run begins, which may have to wait for its input.
    },
    run,
    lost: (db, lease) => lost(options, db, lease),
  };
}

/** Counts that the worker of a run is gone, and queues the run again: it is begun, or given up with a log of its own. */
async function lost({ records, clock }: RunWorkOptions, db: StorageHandle, lease: Lease): Promise<void> {
  const id = Number(lease.id);
  const [row] = await records.runs.byIds(db, [id]);
  const set = { losses: (row?.losses ?? 0) + 1, status: "Submitted", podPhase: "Pending", progress: 0 } as const;
  await records.runs.change(db, id, UNENDED, set, clock.now());
  await records.queue.release(db, RUN_QUEUE, lease, 0);
}

/** A run that ends before its model begins. */
class Failure {
  readonly sentence: string;

  constructor(sentence: string) {
    this.sentence = sentence;
  }

  result(nowMs: number): RunPieceResult {
    return { status: "error", error: this.sentence, zip: packResult(failureFiles([this.sentence], nowMs)) };
  }
}

interface Found {
  job: JobRow;
  run: RunRow;
}

function runOf({ storage, runs, jobs }: Records, id: number): Promise<Found | undefined> {
  return storage.read(async (db: StorageHandle) => {
    const [run] = await runs.byIds(db, [id]);
    const job = run === undefined ? undefined : await jobs.find(db, run.jobId);
    return run === undefined || job === undefined ? undefined : { run, job };
  });
}

/** The bytes of the uploaded ZIP; undefined where no upload was asked for. */
async function inputOf(
  { records, clock }: RunWorkOptions,
  { inputLocation }: JobRow,
  { createdAt }: RunRow,
): Promise<Uint8Array<ArrayBuffer> | undefined | "missing" | Failure> {
  if (inputLocation === null) return undefined;
  const blob = await records.blobs.get(inputLocation);
  if (blob === undefined) {
    return clock.now() - createdAt < MAX_INPUT_WAIT_MS ? "missing" : new Failure("The input was never uploaded.");
  }
  if (blob.sizeBytes > MAX_INPUT_BYTES) {
    return new Failure(`The input has ${blob.sizeBytes} bytes; the limit is ${MAX_INPUT_BYTES}.`);
  }
  return new Uint8Array(await blob.bytes());
}

/** The end of the run, or undefined where the signal ended it. */
async function attempt(
  options: RunWorkOptions,
  run: RunRow,
  input: Uint8Array<ArrayBuffer> | undefined,
  stopping: AbortSignal,
): Promise<RunPieceResult | undefined> {
  const { clock, slots, timeoutS, fredBin } = options;
  const request = run.request as unknown as RunRequest;
  const { main, options: asked, faults } = readArguments(request);
  if (faults.length > 0)
    return new Failure(faults.map(({ key, error }) => `${key}: ${error}`).join("; ")).result(clock.now());
  const overtime = new AbortController();
  const cancel = clock.after(timeoutS * 1000, () => overtime.abort());
  try {
    const signal = AbortSignal.any([stopping, overtime.signal]);
    if (fredBin !== undefined && input !== undefined)
      return await runBinary({ bin: fredBin, input, main, fredArgs: request.fredArgs }, slots(), signal);
    return await slots().run({
      kind: "epistemix.run",
      input: { input, main, options: asked },
      costMs: NO_COST,
      priority: "batch",
      signal,
      onPartial: progressNotes(options, run.id),
      transfer: input === undefined ? [] : [input.buffer],
    });
  } catch (error) {
    if (stopping.aborted) return undefined;
    const sentence = overtime.signal.aborted
      ? `The run took longer than ${timeoutS} s and was ended (EPISTEMIX_TIMEOUT_S).`
      : `The run ended with a fault of the program: ${messageOf(error)}`;
    return new Failure(sentence).result(clock.now());
  } finally {
    cancel();
  }
}

function progressNotes(options: RunWorkOptions, id: number): (value: unknown) => void {
  let notedAt = 0;
  return (value) => {
    if (!isPieceNote(value) || value.tells !== "progress") return;
    const now = options.clock.now();
    if (now - notedAt < PROGRESS_EVERY_MS) return;
    notedAt = now;
    note(options, id, { progress: value.fraction }).catch((error) => {
      // Another follows.
      options.log.write("warning", "the progress of a run was not noted", { run: id, error: messageOf(error) });
    });
  };
}

async function note({ records, clock }: RunWorkOptions, id: number, set: Parameters<Records["runs"]["change"]>[3]) {
  await records.storage.transact((db) => records.runs.change(db, id, UNENDED, set, clock.now()));
}

async function settle(
  { records, clock }: RunWorkOptions,
  { job, run }: Found,
  lease: Lease,
  { status, zip, error }: RunPieceResult,
): Promise<void> {
  const key = resultsKey(job, run.id);
  await records.blobs.put(key, zip);
  const now = clock.now();
  const kept = await records.storage.transact(async (db) => {
    if (!(await records.queue.settle(db, RUN_QUEUE, lease))) return false;
    const ended =
      status === "done"
        ? ({ status: "Done", podPhase: "Succeeded", progress: 1 } as const)
        : ({ status: "Failed", podPhase: "Failed" } as const);
    const set = { ...ended, error, resultsUrl: key, resultsUploadedAt: now };
    return (await records.runs.change(db, run.id, UNENDED, set, now)) !== undefined;
  });
  // Stopped or deleted meanwhile: nobody asks for these bytes.
  const stillThere = await records.storage.read((db) => records.runs.byIds(db, [run.id]));
  if (!kept && stillThere.length === 0) await records.blobs.delete(key);
}

/** A run that was called off, or that somebody else holds by now, is settled by them. */
async function stopped({ records, clock }: RunWorkOptions, lease: Lease, reason: StopReason): Promise<void> {
  if (reason !== "draining") return;
  await records.storage.transact(async (db) => {
    if (!(await records.queue.release(db, RUN_QUEUE, lease, 0))) return;
    const set = { status: "Submitted", podPhase: "Pending", progress: 0 } as const;
    await records.runs.change(db, Number(lease.id), UNENDED, set, clock.now());
  });
}

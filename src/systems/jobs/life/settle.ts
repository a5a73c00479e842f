import type { StorageHandle } from "../../../platform/database";
import type { Lease } from "../../../platform/queue/entry";
import type { Random } from "../../../platform/random";
import { type ErrorCode, QUEUES } from "../states";
import type { JobSummary } from "../store/jobs";
import { changeState, tellState } from "./change";
import { resultKey } from "./keys";
import type { Records } from "./records";
import { retryDelayMs } from "./retry";

/** How a run of a job ended, kept in one transaction each; whoever is no longer its holder changes nothing. */
export interface Settling {
  /** Records in the claim's transaction that a run begins. A job that is no longer to be run gives its entry up. */
  begin(db: StorageHandle, lease: Lease): Promise<void>;
  /** Keeps the result, then the state; a result that comes too late is thrown away. */
  complete(job: JobSummary, lease: Lease, result: Uint8Array): Promise<void>;
  /** Plans the next attempt, or ends the job when there is none. */
  fail(job: JobSummary, lease: Lease, failure: Failure): Promise<void>;
  /** Gives a run back that was stopped for the server's sake: it costs neither an attempt nor a loss. */
  giveBack(job: JobSummary, lease: Lease): Promise<void>;
  /** Decides on a run whose worker is gone. */
  lost(db: StorageHandle, lease: Lease): Promise<void>;
  /** The same for a run whose process died under a worker that lives. */
  loseNow(job: JobSummary, lease: Lease): Promise<void>;
}

export interface Failure {
  code: ErrorCode;
  message: string;
  isPermanent: boolean;
}

export interface SettlingOptions {
  records: Records;
  worker: string;
  version: string;
  thresholdBytes: number;
  maxLost: number;
  random: Random;
}

const QUEUE = QUEUES.simulations;
const MAX_MESSAGE_CHARACTERS = 4000;

export function createSettling(options: SettlingOptions): Settling {
  const { records } = options;
  const { storage, queue, hub } = records;

  async function settled(job: JobSummary, work: (db: StorageHandle, now: number) => Promise<unknown>): Promise<void> {
    await storage.transactConditional(async (db) => work(db, await storage.nowMs(db)));
    hub.changed(job.id);
  }

  return {
    begin: (db, lease) => begin(db, options, lease),
    complete: (job, lease, result) => complete(options, job, lease, result),
    fail: (job, lease, failure) => settled(job, (db, now) => fail(db, options, job, lease, failure, now)),
    giveBack: (job, lease) =>
      settled(job, async (db) => {
        await changeState(db, records, {
          id: job.id,
          from: "RUNNING",
          runNumber: lease.number,
          to: "PENDING",
          set: { workerId: null },
          more: { reason: "the worker was stopped" },
        });
        await queue.release(db, QUEUE, lease, 0);
      }),
    lost: (db, lease) => lost(db, options, lease),
    loseNow: (job, lease) => settled(job, (db) => lost(db, options, lease)),
  };
}

async function begin(db: StorageHandle, { records, worker, version }: SettlingOptions, lease: Lease): Promise<void> {
  const { jobs, counts, storage, queue } = records;
  const now = await storage.nowMs(db);
  const job = await jobs.start(db, { id: lease.id, runNumber: lease.number, now, worker, engine: version });
  if (job === undefined) {
    await queue.settle(db, QUEUE, lease);
    return;
  }
  await counts.move(db, job, "PENDING", "RUNNING");
  await tellState(db, records, job, now, { worker });
}

async function fail(
  db: StorageHandle,
  { records, random }: SettlingOptions,
  job: JobSummary,
  lease: Lease,
  { code, message: whole, isPermanent }: Failure,
  now: number,
): Promise<void> {
  const failures = job.failures + 1;
  const message = whole.slice(0, MAX_MESSAGE_CHARACTERS);
  const ending = { id: job.id, from: "RUNNING", runNumber: lease.number } as const;
  if (isPermanent || failures >= job.maxAttempts) {
    const set = { failures, errorCode: code, errorMessage: message, completedAt: now, checkpoint: null };
    await changeState(db, records, { ...ending, to: "FAILED", set });
    await records.queue.settle(db, QUEUE, lease);
    return;
  }
  const delayMs = retryDelayMs(failures, random);
  const more = { retry_in_ms: Math.round(delayMs), failure: { code, message } };
  await changeState(db, records, { ...ending, to: "PENDING", set: { failures, workerId: null }, more });
  await records.queue.release(db, QUEUE, lease, delayMs);
}

async function complete(options: SettlingOptions, job: JobSummary, lease: Lease, result: Uint8Array): Promise<void> {
  const { records, thresholdBytes } = options;
  const { storage, queue, blobs, hub } = records;
  const isLarge = result.byteLength > thresholdBytes;
  const key = resultKey(job, lease.number);
  if (isLarge) await blobs.put(key, result);
  const changed = await storage.transactConditional(async (db) => {
    await queue.settle(db, QUEUE, lease);
    return changeState(db, records, {
      id: job.id,
      from: "RUNNING",
      runNumber: lease.number,
      to: "COMPLETED",
      set: {
        progress: 1,
        completedAt: await storage.nowMs(db),
        resultSizeBytes: result.byteLength,
        resultKey: isLarge ? key : null,
        resultInline: isLarge ? null : new TextDecoder().decode(result),
        checkpoint: null,
      },
    });
  });
  if (changed === undefined && isLarge) await blobs.delete(key);
  hub.changed(job.id);
}

async function lost(db: StorageHandle, { records, maxLost }: SettlingOptions, lease: Lease): Promise<void> {
  const { jobs, queue, storage } = records;
  const job = await jobs.byId(db, lease.id);
  if (job?.status !== "RUNNING") {
    // Cancelled, or its end was kept and its entry not: what is left waits as it stands, else it is gone.
    if (job?.status === "PENDING") await queue.release(db, QUEUE, lease, 0);
    else await queue.settle(db, QUEUE, lease);
    return;
  }
  const losses = job.losses + 1;
  const ending = { id: job.id, from: "RUNNING", runNumber: lease.number } as const;
  if (losses < maxLost) {
    const more = { reason: "the worker was lost", losses };
    await changeState(db, records, { ...ending, to: "PENDING", set: { losses, workerId: null }, more });
    await queue.release(db, QUEUE, lease, 0);
    return;
  }
  const errorMessage = `The process that worked at it died ${losses} times; JOBS_MAX_LOST is ${maxLost}.`;
  const completedAt = await storage.nowMs(db);
  const set = { losses, errorCode: "WORKER_LOST", errorMessage, completedAt, checkpoint: null };
  await changeState(db, records, { ...ending, to: "FAILED", set });
  await queue.settle(db, QUEUE, lease);
}

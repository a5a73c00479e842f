import type { StorageHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import type { Registry } from "../handlers/registry";
import type { RunConditions, Submission } from "../schema/simulations";
import { QUEUES } from "../states";
import type { JobSummary } from "../store/jobs";
import type { JobRow } from "../tables";
import { bodyHash } from "./bodyHash";
import { tellState } from "./change";
import { parametersKey } from "./keys";
import type { Records } from "./records";

export interface SubmitLimits {
  thresholdBytes: number;
  maxAttempts: number;
  maxQueuedPerUser: number;
}

export interface SubmitOptions {
  /** The caller's name for this submission: the same again gives the same job. */
  idempotencyKey?: string | undefined;
  scheduleId?: string;
}

const KEY_LIFETIME_MS = 24 * 3_600_000;
const RETRY_AFTER_S = 60;

/**
 * Takes a simulation in: its row, its first event, its counter and its entry in the queue are one transaction.
 * @throws InvalidInput for parameters that its type refuses; RequestError 409 for an idempotency key that came with
 * another body, 429 over the limit of waiting jobs.
 */
export async function submitJob(
  records: Records,
  registry: Registry,
  limits: SubmitLimits,
  userId: string,
  submission: Submission,
  options: SubmitOptions = {},
): Promise<JobSummary> {
  const conditions = registry.check(submission);
  const job = newJob(userId, submission, conditions, limits.maxAttempts, options.scheduleId ?? null);
  const parameters = JSON.stringify(submission.parameters);
  const bytes = new TextEncoder().encode(parameters);
  if (bytes.byteLength > limits.thresholdBytes) {
    job.parametersKey = parametersKey(job);
    await records.blobs.put(job.parametersKey, bytes);
  } else {
    job.parameters = parameters;
  }
  try {
    const kept = await keepNew(records, limits, job, conditions, submission, options.idempotencyKey);
    if (kept.id !== job.id) await removeParameters(records, job);
    return kept;
  } catch (error) {
    await removeParameters(records, job);
    throw error;
  }
}

/** With a key, as if no other submission ran meanwhile; else each for itself. */
function keepNew(
  records: Records,
  limits: SubmitLimits,
  job: JobRow,
  conditions: RunConditions,
  submission: Submission,
  key: string | undefined,
): Promise<JobSummary> {
  if (key === undefined) {
    return records.storage.transactConditional((db) => insertJob(db, records, limits, job, conditions));
  }
  const hash = bodyHash(submission);
  return records.storage.transact(async (db) => {
    const first = await firstOf(db, records, job.userId, key, hash);
    if (first !== undefined) return first;
    const kept = await insertJob(db, records, limits, job, conditions);
    await records.idempotency.keep(db, job.userId, key, {
      jobId: kept.id,
      bodyHash: hash,
      createdAt: kept.createdAt,
    });
    return kept;
  });
}

/** The job that the key made, unless it is too long ago, or the job failed or was cancelled. @throws RequestError 409 */
async function firstOf(
  db: StorageHandle,
  { idempotency, jobs, storage }: Records,
  userId: string,
  key: string,
  hash: string,
): Promise<JobSummary | undefined> {
  const use = await idempotency.find(db, userId, key);
  if (use === undefined || use.createdAt < (await storage.nowMs(db)) - KEY_LIFETIME_MS) return undefined;
  const job = await jobs.byId(db, use.jobId);
  if (job === undefined || job.status === "FAILED" || job.status === "CANCELLED") return undefined;
  if (use.bodyHash === hash) return job;
  throw new RequestError(
    409,
    `This Idempotency-Key made job ${job.id} with another body. Send the same body, or another key.`,
  );
}

async function insertJob(
  db: StorageHandle,
  records: Records,
  limits: SubmitLimits,
  draft: JobRow,
  { start_after }: RunConditions,
): Promise<JobSummary> {
  const waiting = await records.counts.unsettled(db, draft.userId);
  if (waiting >= limits.maxQueuedPerUser) {
    const detail = `${waiting} of your jobs wait or run; the limit is ${limits.maxQueuedPerUser}. Let some end first.`;
    throw new RequestError(429, detail, { retryAfterS: RETRY_AFTER_S });
  }
  const job = { ...draft, createdAt: await records.storage.nowMs(db), eventCount: 1 };
  const { id, userId, priority } = job;
  await records.jobs.insert(db, job);
  await records.counts.move(db, job, undefined, "PENDING");
  await tellState(db, records, job, job.createdAt);
  await records.queue.add(db, { queue: QUEUES.simulations, id, owner: userId, priority, dueAtMs: start_after });
  return job;
}

async function removeParameters({ blobs }: Records, { parametersKey: key }: JobRow): Promise<void> {
  if (key !== null) await blobs.delete(key);
}

function newJob(
  userId: string,
  { simulation_type, job_metadata, callback_url }: Submission,
  { timeout_s, priority, max_attempts, start_after }: RunConditions,
  maxAttempts: number,
  scheduleId: string | null,
): JobRow {
  return {
    id: Bun.randomUUIDv7(),
    userId,
    simulationType: simulation_type,
    status: "PENDING",
    progress: null,
    attempt: 0,
    failures: 0,
    losses: 0,
    runNumber: 0,
    maxAttempts: max_attempts ?? maxAttempts,
    priority,
    timeoutS: timeout_s ?? null,
    startAfter: start_after ?? null,
    parameters: null,
    parametersKey: null,
    resultInline: null,
    resultKey: null,
    resultSizeBytes: null,
    errorCode: null,
    errorMessage: null,
    jobMetadata: JSON.stringify(job_metadata ?? {}),
    callbackUrl: callback_url ?? null,
    checkpoint: null,
    eventCount: 0,
    workerId: null,
    scheduleId,
    engine: null,
    createdAt: 0,
    startedAt: null,
    completedAt: null,
  };
}

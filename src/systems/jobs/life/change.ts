import type { StorageHandle } from "../../../platform/database";
import { isTerminal, QUEUES } from "../states";
import type { JobChange, JobSummary } from "../store/jobs";
import type { JobStatus } from "../tables";
import { type JobError, jobError, told } from "./answer";
import type { Records } from "./records";

/** A job goes from one state to another, or to the same again. */
export interface StateChange extends JobChange {
  to: JobStatus;
  /** What its event says besides. */
  more?: Record<string, unknown>;
}

/**
 * Changes a job's state with everything that belongs to it, in one transaction: the counter, the event, and at the end
 * of its life the call-back. Undefined where the job was not in the state that it should leave: nothing is changed then.
 */
export async function changeState(
  db: StorageHandle,
  records: Records,
  { to, more, ...change }: StateChange,
): Promise<JobSummary | undefined> {
  const job = await records.jobs.change(db, { ...change, set: { ...change.set, status: to } });
  if (job === undefined) return undefined;
  if (change.from !== to) await records.counts.move(db, job, change.from, to);
  await tellState(db, records, job, await records.storage.nowMs(db), more);
  if (isTerminal(to) && job.callbackUrl !== null) await planCallback(db, records, job, job.callbackUrl);
  return job;
}

/** Keeps the event of the state that a job is in, under the number that its row has come to. */
export async function tellState(
  db: StorageHandle,
  { events }: Pick<Records, "events">,
  job: JobSummary,
  at: number,
  more: Record<string, unknown> = {},
): Promise<void> {
  const { id, status, attempt, progress } = job;
  const data: StateEvent = { job_id: id, status, attempt, progress, error: jobError(job), at: told(at), ...more };
  await events.insert(db, { jobId: id, number: job.eventCount, at, type: "status", data: JSON.stringify(data) });
}

interface StateEvent {
  job_id: string;
  status: JobStatus;
  attempt: number;
  progress: number | null;
  error: JobError | null;
  at: string;
}

async function planCallback(db: StorageHandle, records: Records, job: JobSummary, url: string): Promise<void> {
  const now = await records.storage.nowMs(db);
  const id = Bun.randomUUIDv7();
  const completedAt = job.completedAt === null ? null : told(job.completedAt);
  const body = JSON.stringify({ job_id: job.id, status: job.status, completed_at: completedAt, error: jobError(job) });
  await records.deliveries.insert(db, {
    id,
    userId: job.userId,
    jobId: job.id,
    url,
    body,
    status: "PENDING",
    tries: 0,
    httpStatus: null,
    error: null,
    createdAt: now,
    completedAt: null,
  });
  await records.queue.add(db, { queue: QUEUES.callbacks, id, owner: job.userId, priority: 0 });
}

import type { DeliveryAnswer, JobAnswer, SubmitAnswer } from "../schema/simulations";
import type { JobSummary } from "../store/jobs";
import type { DeliveryRow } from "../tables";

export interface JobError {
  code: string;
  message: string;
}

/** RFC 3339 in UTC. */
export function told(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

export function toldOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : told(timeMs);
}

/** Why it failed; null where it did not. */
export function jobError({ errorCode, errorMessage }: Pick<JobSummary, "errorCode" | "errorMessage">): JobError | null {
  return errorCode === null ? null : { code: errorCode, message: errorMessage ?? "" };
}

/** A job as the contract shows it, under both names of its id. */
export function jobAnswerOf(job: JobSummary): JobAnswer {
  return {
    id: job.id,
    job_id: job.id,
    user_id: job.userId,
    simulation_type: job.simulationType,
    status: job.status,
    progress: job.progress,
    attempt: job.attempt,
    job_metadata: JSON.parse(job.jobMetadata),
    created_at: told(job.createdAt),
    started_at: toldOrNull(job.startedAt),
    completed_at: toldOrNull(job.completedAt),
    error: jobError(job),
  };
}

/** What whoever submitted a job is told at once. */
export function submitAnswerOf({ id, userId, status, createdAt, attempt, simulationType }: JobSummary): SubmitAnswer {
  return {
    id,
    job_id: id,
    user_id: userId,
    simulation_type: simulationType,
    status,
    attempt,
    created_at: told(createdAt),
  };
}

export function deliveryAnswerOf(delivery: DeliveryRow): DeliveryAnswer {
  return {
    id: delivery.id,
    job_id: delivery.jobId,
    url: delivery.url,
    status: delivery.status,
    tries: delivery.tries,
    http_status: delivery.httpStatus,
    error: delivery.error,
    created_at: told(delivery.createdAt),
    completed_at: toldOrNull(delivery.completedAt),
  };
}

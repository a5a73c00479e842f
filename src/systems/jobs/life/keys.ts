import type { JobSummary } from "../store/jobs";

/** Where the blobs of a job and of a report lie; docs/jobs.md, "Blobs". */

type Owned = Pick<JobSummary, "userId" | "id">;

export function jobFolder({ userId, id }: Owned): string {
  return `simulations/${userId}/${id}`;
}

export function reportFolder({ userId, id }: Owned): string {
  return `reports/${userId}/${id}`;
}

export function parametersKey(job: Owned): string {
  return `${jobFolder(job)}/parameters.json`;
}

/** Of one run alone: a worker that was taken for lost cannot write over the result of the one that came after it. */
export function resultKey(job: Owned, runNumber: number): string {
  return `${jobFolder(job)}/${runNumber}/result.json`;
}

/** What a run keeps beside its checkpoint; each of them under a key of its own, so that the last is whole. */
export function checkpointKey(job: Owned, runNumber: number): string {
  return `${jobFolder(job)}/${runNumber}/checkpoint-${Bun.randomUUIDv7()}`;
}

export function reportKey(report: Owned, runNumber: number, filename: string): string {
  return `${reportFolder(report)}/${runNumber}/${filename}`;
}

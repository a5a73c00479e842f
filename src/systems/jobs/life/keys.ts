import type { JobSummary } from "../store/jobs";

/** Where the blobs of a job and of a report lie; docs/jobs.md, "Blobs". */

type Owned = Pick<JobSummary, "userId" | "id">;

export function parametersKey({ userId, id }: Owned): string {
  return `simulations/${userId}/${id}/parameters.json`;
}

/** Of one run alone: a worker that was taken for lost cannot write over the result of the one that came after it. */
export function resultKey({ userId, id }: Owned, runNumber: number): string {
  return `simulations/${userId}/${id}/${runNumber}/result.json`;
}

export function partKey({ userId, id }: Owned, name: string): string {
  return `simulations/${userId}/${id}/parts/${name}`;
}

export function reportKey({ userId, id }: Owned, runNumber: number, filename: string): string {
  return `reports/${userId}/${id}/${runNumber}/${filename}`;
}

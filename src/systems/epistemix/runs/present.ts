import type { JobAnswer, RunAnswer } from "../schema/answers";
import type { JobRow, RunRow } from "../tables";
import { shownStatus } from "./states";

/** How jobs, runs and links are told to the caller. */
export interface Presentation {
  /** The user that a registration answers. */
  registeredUser(userId: number): number;
  /** The address of an upload or a download. */
  link(op: "put" | "get", what: LinkedFile, key: string, origin: string): string;
  run(row: RunRow, origin: string): RunAnswer;
  job(row: JobRow): JobAnswer;
}

export type LinkedFile = "input" | "job config" | "run config" | "results";

export function presentJob({ id, userId, tags, createdAt }: JobRow): JobAnswer {
  return { id, userId, tags, created: timeOf(createdAt) };
}

/** @param link the address of a key of the run's */
export function presentRun(row: RunRow, link: (what: LinkedFile, key: string) => string): RunAnswer {
  const configUrl = row.configUrl === null ? null : link("run config", row.configUrl);
  return {
    id: row.id,
    jobId: row.jobId,
    userId: row.userId,
    createdTs: timeOf(row.createdAt),
    request: row.request,
    podPhase: row.podPhase,
    containerStatus: null,
    status: shownStatus(row.status),
    userDeleted: row.userDeleted !== 0,
    epxClientVersion: row.epxClientVersion,
    config_url: configUrl,
    url: configUrl,
    results_url: row.resultsUrl === null ? null : link("results", row.resultsUrl),
    results_uploaded_at: row.resultsUploadedAt === null ? null : timeOf(row.resultsUploadedAt),
    progress: row.progress,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

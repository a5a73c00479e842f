import type { JobAnswer } from "../../src/systems/jobs/schema/simulations";
import type { Tone } from "../common/badge";
import { formatDuration, formatNumber } from "../common/format";

type JobStatus = JobAnswer["status"];

export const STATUS_WORDS: Record<JobStatus, string> = {
  PENDING: "waiting",
  RUNNING: "running",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELLED: "cancelled",
};

export const STATUS_TONES: Record<JobStatus, Tone> = {
  PENDING: "plain",
  RUNNING: "good",
  COMPLETED: "good",
  FAILED: "fault",
  CANCELLED: "stale",
};

export function hasEnded({ status }: Pick<JobAnswer, "status">): boolean {
  return status !== "PENDING" && status !== "RUNNING";
}

/** A span of milliseconds with as many digits as it is worth: `12 ms`, `3.4 s`, `2 min 5 s`. */
export function spanWords(spanMs: number): string {
  const shown = Math.max(0, spanMs);
  if (shown < 1000) return `${formatNumber(shown, 0)} ms`;
  return shown < 60_000 ? `${formatNumber(shown / 1000, 1)} s` : formatDuration(shown / 1000);
}

/** How long a job ran, or has run so far; null before its start. */
export function runMs({ started_at, completed_at }: JobAnswer, nowMs: number): number | null {
  if (started_at === null) return null;
  return (completed_at === null ? nowMs : Date.parse(completed_at)) - Date.parse(started_at);
}

/** The first letters of an id, by which people tell jobs apart. */
export function shortId(id: string): string {
  return id.slice(-8);
}

/** What whoever submitted a job called it. */
export function nameOf({ job_metadata }: Pick<JobAnswer, "job_metadata">): string {
  const given = [job_metadata["title"], job_metadata["name"]].find((name) => typeof name === "string");
  return (given as string | undefined) ?? "";
}

/** The kinds of reports that the program makes by itself. */
export const REPORT_WORDS: Record<string, string> = {
  summary: "summary",
  detailed_analysis: "detailed analysis",
  comparison: "comparison of jobs of one type",
};

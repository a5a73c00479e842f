/** What can become of jobs, reports and call-backs; docs/jobs.md, "Life of a job". */

/** A state that a job never leaves. */
export function isTerminal(status: string): boolean {
  return status !== "PENDING" && status !== "RUNNING";
}

/** Why a job or report failed, as its `error.code` says. */
export type ErrorCode =
  | "SIMULATION_ERROR"
  | "REPORT_ERROR"
  | "NO_HANDLER"
  | "INVALID_PARAMETERS"
  | "TIMEOUT"
  | "WORKER_LOST"
  | "RESULT_TOO_LARGE";

/** The queues; an entry has the id of its job, report or call-back. */
export const QUEUES = { simulations: "simulations", reports: "reports", callbacks: "callbacks" } as const;

import type { RunStatus } from "../tables";

/** What the client is told of each state that a run is kept in. */
const SHOWN = {
  Submitted: "QUEUED",
  Running: "RUNNING",
  Done: "DONE",
  Failed: "ERROR",
  Cancelled: "ERROR",
} as const satisfies Record<RunStatus, string>;

export type ShownStatus = (typeof SHOWN)[RunStatus];

export const shownStatus = (status: RunStatus): ShownStatus => SHOWN[status];

export const ENDED: readonly RunStatus[] = ["Done", "Failed", "Cancelled"];
export const UNENDED: readonly RunStatus[] = ["Submitted", "Running"];

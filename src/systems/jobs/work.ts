import type { WorkHandlers } from "../../platform/compute/work";
import { runSelftest } from "./handlers/selftest";

/** The kinds of work of jobs, as a Worker runs them. */
export const jobsWork = {
  "jobs.selftest": runSelftest,
} satisfies WorkHandlers;

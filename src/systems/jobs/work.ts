import type { WorkHandlers } from "../../platform/compute/work";
import { runMonteCarlo } from "./handlers/monteCarlo/run";
import { runSeir } from "./handlers/seir/run";
import { runSelftest } from "./handlers/selftest";

/** The kinds of work of jobs, as a Worker runs them. */
export const jobsWork = {
  "jobs.selftest": runSelftest,
  "jobs.monteCarlo": runMonteCarlo,
  "jobs.seir": runSeir,
} satisfies WorkHandlers;

import { Counter, Histogram } from "prom-client";
import type { Metrics } from "../../../platform/metrics";
import type { JobRow } from "../tables";

/** What is measured of runs, for `/metrics`. */
export interface RunTimes {
  started(job: JobRow, nowMs: number): void;
  ended(job: JobRow, outcome: string, tookMs: number): void;
}

const BUCKETS_S = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 3600];

export function createRunTimes({ registry }: Metrics): RunTimes {
  const registers = [registry];
  const waits = new Histogram({
    name: "foresight_jobs_wait_seconds",
    help: "Seconds from submission, or the start that was asked for, to the first start.",
    buckets: BUCKETS_S,
    registers,
  });
  const runs = new Histogram({
    name: "foresight_jobs_run_seconds",
    help: "Seconds of an attempt, by type and outcome.",
    labelNames: ["type", "outcome"] as const,
    buckets: BUCKETS_S,
    registers,
  });
  const retries = new Counter({
    name: "foresight_jobs_retries_total",
    help: "Attempts after the first that were started, by type.",
    labelNames: ["type"] as const,
    registers,
  });
  return {
    started(job, nowMs) {
      if (job.attempt > 1) retries.inc({ type: job.simulationType });
      else waits.observe(Math.max(0, nowMs - Math.max(job.createdAt, job.startAfter ?? 0)) / 1000);
    },
    ended: (job, outcome, tookMs) => runs.observe({ type: job.simulationType, outcome }, tookMs / 1000),
  };
}

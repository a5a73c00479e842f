import type { JobSummary } from "../store/jobs";
import type { Monitor } from "./service";

/** States of tasks in Celery's words. */
const STATES: Readonly<Record<JobSummary["status"], string>> = {
  PENDING: "PENDING",
  RUNNING: "STARTED",
  COMPLETED: "SUCCESS",
  FAILED: "FAILURE",
  CANCELLED: "REVOKED",
};

const seconds = (timeMs: number | null) => (timeMs === null ? null : timeMs / 1000);

/** A job as Flower's `/api/tasks` and `/api/task/info` have a task. */
export function flowerTask(job: JobSummary) {
  const { startedAt, completedAt, createdAt } = job;
  return {
    uuid: job.id,
    name: job.simulationType,
    state: STATES[job.status],
    received: seconds(createdAt),
    started: seconds(startedAt),
    succeeded: job.status === "COMPLETED" ? seconds(completedAt) : null,
    failed: job.status === "FAILED" ? seconds(completedAt) : null,
    revoked: job.status === "CANCELLED" ? seconds(completedAt) : null,
    retries: Math.max(0, job.attempt - 1),
    runtime: startedAt === null || completedAt === null ? null : (completedAt - startedAt) / 1000,
    exception: job.errorMessage,
    worker: job.workerId,
    args: "()",
    kwargs: "{}",
    timestamp: seconds(completedAt ?? startedAt ?? createdAt),
  };
}

/** Workers as Flower's `/api/workers` has them. */
export function flowerWorkers(monitor: Monitor) {
  const workers = monitor.workers();
  const name = workers[0]?.name ?? "";
  const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
  const active = workers.flatMap(({ running }) => running.map((id) => ({ id })));
  return {
    [name]: {
      status: true,
      active,
      active_queues: workers.map(({ queue }) => ({ name: queue })),
      stats: { pool: { "max-concurrency": slots } },
    },
  };
}

/** Queues as Flower's `/api/queues/length` has them. */
export async function flowerQueues(monitor: Monitor) {
  const queues = await monitor.queues();
  return { active_queues: queues.map(({ queue, ready, delayed }) => ({ name: queue, messages: ready + delayed })) };
}

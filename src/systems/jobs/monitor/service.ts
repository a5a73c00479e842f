import { RequestError } from "../../../platform/errors";
import { jobAnswerOf } from "../life/answer";
import type { Records } from "../life/records";
import type { Runners } from "../running/runners";
import type { QueueAnswer, WorkerAnswer } from "../schema/monitor";
import type { JobService } from "../service";
import { QUEUES } from "../states";
import type { JobFilter, JobSummary } from "../store/jobs";

/** What superusers see of everybody's jobs, and do to them. */
export interface Monitor {
  workers(): WorkerAnswer[];
  queues(): Promise<QueueAnswer[]>;
  tasks(filter: JobFilter, limit: number): Promise<JobSummary[]>;
  /** @throws RequestError 404 */
  task(id: string): Promise<JobSummary>;
  /** The same submission once more, of the same user. @throws RequestError 404 */
  retry(id: string): Promise<{ job_id: string }>;
  /** @throws RequestError 404 or 400 */
  revoke(id: string): Promise<void>;
  /** Takes no more from a queue in this process, or goes on. @throws RequestError 404 for a queue that is none. */
  pause(queue: string, isPaused: boolean): void;
}

export function createMonitor(records: Records, runners: Runners, jobs: JobService): Monitor {
  const byQueue = { simulations: runners.simulations, reports: runners.reports, callbacks: runners.callbacks };
  const runnerOf = (queue: string) => Object.entries(byQueue).find(([name]) => name === queue)?.[1];

  async function task(id: string): Promise<JobSummary> {
    const found = await records.storage.read((db) => records.jobs.byId(db, id));
    if (found === undefined) throw new RequestError(404, `Simulation job ${id} not found`);
    return found;
  }

  return {
    workers: () =>
      Object.entries(byQueue).map(([queue, runner]) => ({
        name: runners.worker,
        queue,
        ...runner.load(),
        paused: runner.paused,
      })),
    queues: () =>
      Promise.all(
        Object.values(QUEUES).map(async (queue) => ({
          queue,
          ...(await records.queue.figures(queue)),
          paused: runnerOf(queue)?.paused ?? false,
        })),
      ),
    tasks: (filter, limit) => records.jobs.recent(filter, limit),
    task,
    async retry(id) {
      const { userId } = await task(id);
      return jobs.retry(userId, id);
    },
    async revoke(id) {
      const { userId } = await task(id);
      await jobs.cancel(userId, id);
    },
    pause(queue, isPaused) {
      const runner = runnerOf(queue);
      if (runner === undefined) throw new RequestError(404, `There is no queue ${queue}.`);
      if (isPaused) runner.pause();
      else runner.resume();
    },
  };
}

/** A job as the monitor shows it. */
export function taskAnswerOf(job: JobSummary) {
  return { ...jobAnswerOf(job), worker: job.workerId };
}

import { Elysia } from "elysia";
import { valid } from "../../../platform/http/input";
import { type Monitor, taskAnswerOf } from "../monitor/service";
import {
  pausedAnswer,
  queuePath,
  queuesAnswer,
  retriedAnswer,
  tasksAnswer,
  tasksQuery,
  workersAnswer,
} from "../schema/monitor";
import { jobPath } from "../schema/simulations";
import type { Access } from "./access";
import { describe } from "./describe";

/** Everybody's jobs, for superusers; docs/jobs.md, "Monitoring". */
export function monitorRoutes(prefix: string, monitor: Monitor, access: Access) {
  function pause(isPaused: boolean) {
    return async ({ request, params }: { request: Request; params: unknown }) => {
      await access.superuser(request);
      const { queue } = valid(queuePath, params, "path");
      monitor.pause(queue, isPaused);
      return { queue, paused: isPaused };
    };
  }
  return new Elysia({ prefix: `${prefix}/monitor`, tags: ["jobs"] })
    .get(
      "/workers",
      async ({ request }) => {
        await access.superuser(request);
        return monitor.workers();
      },
      describe("What this process takes work with", workersAnswer),
    )
    .get(
      "/queues",
      async ({ request }) => {
        await access.superuser(request);
        return monitor.queues();
      },
      describe("What waits and what is held", queuesAnswer),
    )
    .get(
      "/tasks",
      async ({ request, query }) => {
        await access.superuser(request);
        const { state, type, limit } = valid(tasksQuery, query, "query");
        return (await monitor.tasks({ status: state, simulationType: type }, limit)).map(taskAnswerOf);
      },
      describe("Everybody's jobs, newest first", tasksAnswer, { query: tasksQuery }),
    )
    .post(
      "/tasks/:job_id/retry",
      async ({ request, params, set }) => {
        await access.superuser(request);
        const job = await monitor.retry(valid(jobPath, params, "path").job_id);
        set.status = 202;
        return { job_id: job.job_id };
      },
      describe("Submit a job once more, for its own user", retriedAnswer, { path: jobPath, status: 202 }),
    )
    .post(
      "/queues/:queue/pause",
      pause(true),
      describe("Take no more from a queue here", pausedAnswer, { path: queuePath }),
    )
    .post(
      "/queues/:queue/resume",
      pause(false),
      describe("Go on with a queue here", pausedAnswer, { path: queuePath }),
    );
}

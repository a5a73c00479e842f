import { Elysia } from "elysia";
import { z } from "zod";
import type { Clock } from "../../../platform/clock";
import { RequestError } from "../../../platform/errors";
import { eventStream } from "../../../platform/http/eventStream";
import { valid } from "../../../platform/http/input";
import type { Records } from "../life/records";
import { streamEvents } from "../life/streamEvents";
import { issueTicket, TICKET_LIFETIME_S, useTicket } from "../life/tickets";
import { eventAnswer, eventStreamAnswer, eventsQuery, jobPath, ticketAnswer } from "../schema/simulations";
import type { Access } from "./access";
import { describe } from "./describe";

export interface EventRoutesOptions {
  prefix: string;
  records: Records;
  access: Access;
  clock: Clock;
  /** Aborted when the program begins to stop. */
  stopping: AbortSignal;
}

const MAX_EVENTS = 1000;

/** What happens to a job, as it happens and afterwards; docs/jobs.md, "Events". */
export function eventRoutes({ prefix, records, access, clock, stopping }: EventRoutesOptions) {
  async function own(userId: string, params: unknown) {
    const { job_id } = valid(jobPath, params, "path");
    const job = await records.jobs.own(userId, job_id);
    if (job === undefined) throw new RequestError(404, `Simulation job ${job_id} not found`);
    return job;
  }

  async function watcher(request: Request, params: unknown, ticket: string | undefined): Promise<string> {
    if (ticket === undefined) return (await access.user(request)).id;
    return useTicket(records, clock, ticket, valid(jobPath, params, "path").job_id);
  }

  return new Elysia({ prefix: `${prefix}/simulations`, tags: ["jobs"] })
    .get(
      "/:job_id/events",
      async ({ request, params, query, server }) => {
        const { ticket, after } = valid(eventsQuery, query, "query");
        const job = await own(await watcher(request, params, ticket), params);
        server?.timeout(request, 0);
        const from = Math.max(after, lastEventId(request));
        return eventStream(request, (writer) => streamEvents(records, clock, job, from, writer), stopping);
      },
      describe("Its events as a stream, ended with the job; Last-Event-ID goes on after one", eventStreamAnswer, {
        path: jobPath,
        query: eventsQuery,
      }),
    )
    .get(
      "/:job_id/timeline",
      async ({ request, params, query }) => {
        const job = await own((await access.user(request)).id, params);
        const events = await records.events.after(job.id, valid(eventsQuery, query, "query").after, MAX_EVENTS);
        return events.map(({ number, at, type, data }) => ({
          number,
          at: new Date(at).toISOString(),
          type,
          data: JSON.parse(data) as unknown,
        }));
      },
      describe("The events that are kept of it", z.array(eventAnswer), { path: jobPath, query: eventsQuery }),
    )
    .post(
      "/:job_id/events/ticket",
      async ({ request, params }) => {
        const { id } = await access.user(request);
        const job = await own(id, params);
        return { ticket: await issueTicket(records, clock, id, job.id), expires_in_s: TICKET_LIFETIME_S };
      },
      describe("A ticket for its stream, good once", ticketAnswer, { path: jobPath }),
    );
}

function lastEventId(request: Request): number {
  const id = request.headers.get("last-event-id") ?? "";
  return /^\d{1,15}$/.test(id) ? Number(id) : 0;
}

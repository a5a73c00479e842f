import { Elysia } from "elysia";
import { z } from "zod";
import { readJson, valid } from "../../../platform/http/input";
import type { ScheduleService } from "../schedules/service";
import { scheduleAnswer, scheduleChange, schedulePath, scheduleRequest } from "../schema/schedules";
import type { Access } from "./access";
import { describe } from "./describe";

/** Jobs that start by the clock; docs/jobs.md, "Schedules". */
export function scheduleRoutes(prefix: string, schedules: ScheduleService, access: Access, maxBodyBytes: number) {
  const idIn = (params: unknown) => valid(schedulePath, params, "path").schedule_id;
  const userId = async (request: Request) => (await access.user(request)).id;
  return new Elysia({ prefix: `${prefix}/schedules`, tags: ["jobs"] })
    .post(
      "/",
      async ({ request, set }) => {
        const owner = await userId(request);
        const asked = valid(scheduleRequest, await readJson(request, maxBodyBytes), "body");
        set.status = 201;
        return schedules.create(owner, asked);
      },
      describe("Start a job by the clock", scheduleAnswer, { body: scheduleRequest, status: 201 }),
    )
    .get(
      "/",
      async ({ request }) => schedules.list(await userId(request)),
      describe("My schedules", z.array(scheduleAnswer)),
    )
    .get(
      "/:schedule_id",
      async ({ request, params }) => schedules.read(await userId(request), idIn(params)),
      describe("One schedule", scheduleAnswer, { path: schedulePath }),
    )
    .patch(
      "/:schedule_id",
      async ({ request, params }) => {
        const owner = await userId(request);
        const { enabled } = valid(scheduleChange, await readJson(request, maxBodyBytes), "body");
        return schedules.enable(owner, idIn(params), enabled);
      },
      describe("Let it rest, or go on", scheduleAnswer, { path: schedulePath, body: scheduleChange }),
    )
    .delete(
      "/:schedule_id",
      async ({ request, params, set }) => {
        await schedules.remove(await userId(request), idIn(params));
        set.status = 204;
        return "" as const;
      },
      describe("Remove it", z.literal(""), { path: schedulePath, status: 204 }),
    );
}

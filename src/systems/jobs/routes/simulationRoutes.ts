import { Elysia } from "elysia";
import { z } from "zod";
import { RequestError } from "../../../platform/errors";
import { readJson, valid } from "../../../platform/http/input";
import { sendAgain } from "../callbacks/deliver";
import type { Records } from "../life/records";
import {
  deliveryAnswer,
  deliveryPath,
  jobAnswer,
  jobPath,
  jobsQuery,
  resentAnswer,
  resultAnswer,
  resultQuery,
  submission,
  submissionAnswer,
  submitAnswer,
} from "../schema/simulations";
import type { JobService } from "../service";
import type { Access } from "./access";
import { describe } from "./describe";

export interface SimulationRoutesOptions {
  prefix: string;
  service: JobService;
  records: Records;
  access: Access;
  maxBodyBytes: number;
  /** Tells the runner of call-backs that there is one. */
  wakeCallbacks(): void;
}

const MAX_KEY_CHARACTERS = 255;
const JSON_TYPE = { "content-type": "application/json" };

/** Simulations; docs/jobs.md, "Simulations". */
export function simulationRoutes({ prefix, service, access, maxBodyBytes }: SimulationRoutesOptions) {
  return new Elysia({ prefix: `${prefix}/simulations`, tags: ["jobs"] })
    .post(
      "/",
      async ({ request, set }) => {
        const user = await access.user(request);
        const body = valid(submission, await readJson(request, maxBodyBytes), "body");
        const job = await service.submit(user.id, body, idempotencyKey(request));
        set.status = 202;
        return job;
      },
      describe("Submit a simulation", submitAnswer, { body: submission, status: 202 }),
    )
    .get(
      "/",
      async ({ request, query, set }) => {
        const user = await access.user(request);
        const { status, simulation_type, limit, offset } = valid(jobsQuery, query, "query");
        const { jobs, total } = await service.list(user.id, { status, simulationType: simulation_type }, limit, offset);
        set.headers["x-total-count"] = String(total);
        return jobs;
      },
      describe("My simulations, newest first", z.array(jobAnswer), { query: jobsQuery }),
    )
    .get(
      "/:job_id",
      async ({ request, params }) => service.read((await access.user(request)).id, jobIdIn(params)),
      describe("One simulation", jobAnswer, { path: jobPath }),
    )
    .get(
      "/:job_id/result",
      async ({ request, params, query }) => {
        const user = await access.user(request);
        const inline = valid(resultQuery, query, "query").inline === "true";
        const how = { inline, origin: access.origin(request) };
        return new Response(await service.result(user.id, jobIdIn(params), how), { headers: JSON_TYPE });
      },
      describe("Its result, or how far it is", resultAnswer, { path: jobPath, query: resultQuery }),
    )
    .get(
      "/:job_id/submission",
      async ({ request, params }) => service.submission((await access.user(request)).id, jobIdIn(params)),
      describe("What was asked for, to be changed and sent again", submissionAnswer, { path: jobPath }),
    )
    .post(
      "/:job_id/cancel",
      async ({ request, params }) => service.cancel((await access.user(request)).id, jobIdIn(params)),
      describe("Cancel it", jobAnswer, { path: jobPath }),
    )
    .post(
      "/:job_id/retry",
      async ({ request, params, set }) => {
        const job = await service.retry((await access.user(request)).id, jobIdIn(params));
        set.status = 202;
        return job;
      },
      describe("Submit the same once more", submitAnswer, { path: jobPath, status: 202 }),
    );
}

/** Call-backs of a job; docs/jobs.md, "Call-backs". */
export function deliveryRoutes({ prefix, service, records, access, wakeCallbacks }: SimulationRoutesOptions) {
  return new Elysia({ prefix: `${prefix}/simulations`, tags: ["jobs"] })
    .get(
      "/:job_id/deliveries",
      async ({ request, params }) => {
        return service.deliveries((await access.user(request)).id, jobIdIn(params));
      },
      describe("Its call-backs", z.array(deliveryAnswer), { path: jobPath }),
    )
    .post(
      "/:job_id/deliveries/:delivery_id/resend",
      async ({ request, params, set }) => {
        const user = await access.user(request);
        const { job_id, delivery_id } = valid(deliveryPath, params, "path");
        await service.read(user.id, job_id);
        await sendAgain(records, user.id, job_id, delivery_id);
        wakeCallbacks();
        set.status = 202;
        return { id: delivery_id, status: "PENDING" as const };
      },
      describe("Send a call-back again", resentAnswer, { path: deliveryPath, status: 202 }),
    );
}

function jobIdIn(params: unknown): string {
  return valid(jobPath, params, "path").job_id;
}

function idempotencyKey(request: Request): string | undefined {
  const key = request.headers.get("idempotency-key") ?? undefined;
  if (key === undefined || (key.length > 0 && key.length <= MAX_KEY_CHARACTERS)) return key;
  throw new RequestError(422, `Idempotency-Key: expected 1 to ${MAX_KEY_CHARACTERS} characters, got ${key.length}.`);
}

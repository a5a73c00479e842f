import { Elysia } from "elysia";
import { RequestError } from "../../../platform/errors";
import { valid } from "../../../platform/http/input";
import {
  deletedAnswer,
  jobAnswer,
  jobsAnswer,
  registeredAnswer,
  resultsAnswer,
  uploadsAnswer,
  urlAnswer,
} from "../schema/answers";
import { jobPath, jobQuery, latestQuery, myJobsQuery, registration, uploadRequest } from "../schema/requests";
import type { EpistemixService } from "../service";
import type { Access } from "./access";
import { describe } from "./describe";
import { idsOf, parametersOf, searchOf } from "./parameters";

/** Jobs; docs/epistemix.md, "Jobs". */
export function jobRoutes(service: EpistemixService, access: Access) {
  return new Elysia()
    .post(
      "/jobs/register",
      async ({ request }) => {
        const holder = access.writer(request);
        const { tags } = valid(registration, await access.json(request), "body");
        return service.register(holder, tags);
      },
      describe("Register a job", registeredAnswer, { body: registration }),
    )
    .post(
      "/jobs",
      async ({ request }) => {
        const holder = access.writer(request);
        const asked = valid(uploadRequest, await access.json(request), "body");
        return { url: await service.uploadUrl(access.caller(request, holder), asked) };
      },
      describe("Get the address to upload something of a job to", urlAnswer, { body: uploadRequest }),
    )
    .get(
      "/jobs/me",
      async ({ request }) => {
        const holder = access.reader(request);
        return { jobs: await service.jobs(holder, searchOf(parametersOf(request))) };
      },
      describe("My jobs, newest first", jobsAnswer, { query: myJobsQuery }),
    )
    .get(
      "/jobs",
      async ({ request }) => {
        const holder = access.reader(request);
        const parameters = parametersOf(request);
        if (parameters.get("latest") !== "true") throw new RequestError(400, "Expected latest=true");
        return service.latest(holder, searchOf(parameters).tags);
      },
      describe("My latest job", jobAnswer, { query: latestQuery }),
    );
}

/** What a job has, and its end. */
export function jobFileRoutes(service: EpistemixService, access: Access) {
  return new Elysia()
    .get(
      "/jobs/results",
      async ({ request }) => {
        const holder = access.reader(request);
        const jobId = oneIdOf(parametersOf(request), "job_id");
        return { urls: await service.results(access.caller(request, holder), jobId) };
      },
      describe("Addresses of the results of a job's runs", resultsAnswer, { query: jobQuery }),
    )
    .delete(
      "/jobs/:id",
      async ({ request, params }) => {
        const holder = access.reader(request);
        const id = pathId(params.id);
        await service.remove(holder, id);
        return { description: `Job ${id} was deleted.` };
      },
      describe("Remove a job with its runs and files", deletedAnswer, { path: jobPath }),
    )
    .get(
      "/jobs/:id/uploads",
      async ({ request, params }) => {
        const holder = access.reader(request);
        return service.uploads(access.caller(request, holder), pathId(params.id));
      },
      describe("What was uploaded to a job", uploadsAnswer, { path: jobPath }),
    );
}

function oneIdOf(parameters: URLSearchParams, name: string): number {
  const [id] = idsOf(parameters, name);
  if (id === undefined) throw new RequestError(400, `Missing ${name} parameter`);
  return id;
}

function pathId(text: string): number {
  return oneIdOf(new URLSearchParams({ id: text }), "id");
}

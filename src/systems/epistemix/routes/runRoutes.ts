import { Elysia } from "elysia";
import { RequestError } from "../../../platform/errors";
import { valid } from "../../../platform/http/input";
import { retriedAnswer, runsAnswer, stoppedAnswer, submittedAnswer } from "../schema/answers";
import { retryForm, runIdsQuery, runSubmission, runsQuery } from "../schema/requests";
import type { EpistemixService } from "../service";
import { type Access, clientVersion } from "./access";
import { describe } from "./describe";
import { idsOf, parametersOf } from "./parameters";

/** Runs; docs/epistemix.md, "Runs". */
export function runRoutes(service: EpistemixService, access: Access) {
  return new Elysia()
    .post(
      "/runs",
      async ({ request }) => {
        const holder = access.writer(request);
        const { runRequests } = valid(runSubmission, await access.json(request), "body");
        return { runResponses: await service.submit(holder, runRequests, clientVersion(request)) };
      },
      describe("Submit runs", submittedAnswer, { body: runSubmission }),
    )
    .get(
      "/runs",
      async ({ request }) => {
        const holder = access.reader(request);
        const parameters = parametersOf(request);
        const [jobIds, runIds] = [idsOf(parameters, "job_id"), idsOf(parameters, "id")];
        if (jobIds.length + runIds.length === 0) throw new RequestError(400, "Missing job_id parameter");
        return { runs: await service.runs(access.caller(request, holder), jobIds, runIds) };
      },
      describe("Runs of a job, oldest first", runsAnswer, { query: runsQuery }),
    )
    .patch(
      "/runs",
      async ({ request }) => {
        const holder = access.reader(request);
        return service.stop(holder, someIds(parametersOf(request), "id"));
      },
      describe("Stop runs", stoppedAnswer, { query: runIdsQuery }),
    )
    .post(
      "/runs/retry",
      async ({ request }) => {
        const holder = access.writer(request);
        // The client sends a form and calls it JSON.
        const ids = someIds(new URLSearchParams(await access.text(request)), "runRequestIds");
        return { status: "Submitted", runRequestIds: await service.retry(holder, ids) };
      },
      describe("Run again what ended in an error", retriedAnswer, { form: retryForm }),
    );
}

function someIds(parameters: URLSearchParams, name: string): number[] {
  const ids = idsOf(parameters, name);
  if (ids.length === 0) throw new RequestError(400, `Missing ${name} parameter`);
  return [...new Set(ids)];
}

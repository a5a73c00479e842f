import { Elysia } from "elysia";
import type { z } from "zod";
import type { Clock } from "../../../platform/clock";
import { RequestError } from "../../../platform/errors";
import { operation } from "../../../platform/http/api/operation";
import { detailShape, routesWithErrors } from "../../../platform/http/errorShape";
import { eventStream } from "../../../platform/http/eventStream";
import { readJson, valid } from "../../../platform/http/input";
import { type AccessMode, isFromElsewhere, isFromThisMachine } from "../../../platform/http/strangers";
import type { Log } from "../../../platform/log";
import {
  checkAnswer,
  checkRequest,
  curvesAnswer,
  curvesQuery,
  fileAnswer,
  fileQuery,
  filesAnswer,
  jobListAnswer,
  jobPath,
  launchAnswer,
  launchRequest,
  locationsAnswer,
  locationsQuery,
  modelAnswer,
  modelText,
  placesAnswer,
  reportFile,
  reportQuery,
  runPath,
  sessionAnswer,
  shownJob,
  stateEvents,
} from "../schema/page";
import type { Caller } from "../service";
import { readToken, signedScopes, type TokenHolder, writeToken } from "../tokens/token";
import type { ViewService } from "../views/service";
import { watchState } from "../views/watch";
import { EPISTEMIX_BEARER } from "./describe";

export interface PageRoutesOptions {
  views: ViewService;
  mode: AccessMode;
  tokenSecret: string | undefined;
  publicUrl: string | undefined;
  clock: Clock;
  log: Log;
  /** Aborted when the program begins to stop. */
  stopping: AbortSignal;
}

const PREFIX = "/api/epidemics";
const GROUP = "epistemix: page";
/** Who the page is where the server is open to its machine. */
const LOCAL_USER = 1;
const LOCAL_SCOPES = "page";
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const REPORT_TYPES = { PDF: "application/pdf", HTML: "text/html; charset=utf-8" } as const;
const MAIN_FILE = "main.fred";

/** What the page `/epidemics` asks for; docs/epidemics.md, "The page". */
export function pageRoutes(options: PageRoutesOptions) {
  const routes = new Elysia({ prefix: PREFIX, tags: [GROUP] })
    .use(sessionRoutes(options))
    .use(modelRoutes(options))
    .use(jobViewRoutes(options))
    .use(jobFileRoutes(options))
    .use(runViewRoutes(options));
  return routesWithErrors("epistemix page", detailShape, options.log).use(routes);
}

type About = Omit<Parameters<typeof operation>[0], "summary" | "answer" | "others" | "security">;

function describePage<Answer extends z.ZodType>(summary: string, answer: Answer, about: About = {}) {
  return operation({ summary, answer, security: [{ [EPISTEMIX_BEARER]: [] }], ...about });
}

function holderOf({ tokenSecret }: PageRoutesOptions, { headers }: Request): TokenHolder {
  const token = headers.get("authorization");
  if (token === null) throw new RequestError(401, "A token of the epidemic platform is needed.");
  return readToken(token, tokenSecret);
}

function originOf({ publicUrl }: PageRoutesOptions, request: Request): string {
  return publicUrl ?? new URL(request.url).origin;
}

function callerOf(options: PageRoutesOptions, request: Request): Caller {
  return { holder: holderOf(options, request), origin: originOf(options, request) };
}

function idOf(params: unknown): number {
  const { id } = valid(jobPath, params, "path");
  const number = /^\d{1,16}$/.test(id) ? Number(id) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new RequestError(404, `There is no ${JSON.stringify(id.slice(0, 40))}.`);
}

function sessionRoutes(options: PageRoutesOptions) {
  const { mode, tokenSecret } = options;
  return new Elysia().post(
    "/session",
    ({ request, server }) => {
      if (mode !== "open" || !isFromThisMachine(request, server) || isFromElsewhere(request)) {
        const detail =
          "A token of the local user is for pages and programs of this machine, while the server is open. " +
          "Ask for one with: foresight token --system epistemix USER";
        throw new RequestError(403, detail);
      }
      const scopes = tokenSecret === undefined ? LOCAL_SCOPES : signedScopes(LOCAL_USER, tokenSecret);
      const token = writeToken(LOCAL_USER, scopes);
      return { token, userId: LOCAL_USER, apiUrl: `${originOf(options, request)}/epistemix` };
    },
    operation({
      summary: "A token of the local user, for this machine's own pages in open mode",
      answer: sessionAnswer,
      security: [],
    }),
  );
}

function modelRoutes(options: PageRoutesOptions) {
  const { views } = options;
  return new Elysia()
    .post(
      "/check",
      async ({ request }) => {
        holderOf(options, request);
        const source = valid(checkRequest, await readJson(request, MAX_BODY_BYTES), "body");
        return { faults: [...(await views.check(source))] };
      },
      describePage("What is wrong with a model, without running it", checkAnswer, { body: checkRequest }),
    )
    .get(
      "/locations",
      async ({ request, query }) => {
        holderOf(options, request);
        return { locations: await views.locations(valid(locationsQuery, query, "query").q) };
      },
      describePage("Counties and states by letters of their names", locationsAnswer, { query: locationsQuery }),
    )
    .post(
      "/jobs",
      async ({ request }) => {
        const holder = holderOf(options, request);
        return views.launch(holder, valid(launchRequest, await readJson(request, MAX_BODY_BYTES), "body"));
      },
      describePage("Run a model", launchAnswer, { body: launchRequest }),
    );
}

function jobViewRoutes(options: PageRoutesOptions) {
  const { views, clock, stopping } = options;
  return new Elysia()
    .get(
      "/jobs",
      async ({ request }) => views.jobs(holderOf(options, request)),
      describePage("My jobs, newest first, with how far they are", jobListAnswer),
    )
    .get(
      "/events",
      ({ request, server }) => {
        const holder = holderOf(options, request);
        server?.timeout(request, 0);
        const look = async () => ({ state: await views.jobs(holder), isFinal: false });
        return eventStream(request, (writer) => watchState(look, clock, writer), stopping);
      },
      describePage("The same as a stream, whole at each change", stateEvents),
    )
    .get(
      "/jobs/:id",
      async ({ request, params }) => views.job(callerOf(options, request), idOf(params)),
      describePage("A job with its runs", shownJob, { path: jobPath }),
    );
}

function jobFileRoutes(options: PageRoutesOptions) {
  const { views } = options;
  return new Elysia()
    .get(
      "/jobs/:id/curves",
      async ({ request, params, query }) => {
        const holder = holderOf(options, request);
        const { configuration } = valid(curvesQuery, query, "query");
        const bytes = await views.curves(holder, idOf(params), configuration);
        return new Response(bytes as BodyInit, { headers: { "content-type": "application/json" } });
      },
      describePage("Curves of a job's runs with their bands", curvesAnswer, { path: jobPath, query: curvesQuery }),
    )
    .get(
      "/jobs/:id/report",
      async ({ request, params, query }) => {
        const holder = holderOf(options, request);
        const id = idOf(params);
        const asked = valid(reportQuery, query, "query");
        const bytes = await views.report(holder, id, asked);
        const name = `job-${id}.${asked.format.toLowerCase()}`;
        const headers = {
          "content-type": REPORT_TYPES[asked.format],
          "content-disposition": `attachment; filename="${name}"`,
        };
        return new Response(bytes as BodyInit, { headers });
      },
      describePage("A detailed analysis of a job as a file", reportFile, {
        path: jobPath,
        query: reportQuery,
        otherTypes: ["text/html"],
      }),
    )
    .get(
      "/jobs/:id/model",
      async ({ request, params }) => views.model(holderOf(options, request), idOf(params)),
      describePage("The model as it was run", modelAnswer, { path: jobPath }),
    )
    .get(
      "/jobs/:id/main.fred",
      async ({ request, params }) => {
        const { main, files } = await views.model(holderOf(options, request), idOf(params));
        const text = files[main];
        if (text === undefined) throw new RequestError(404, "The job has no model of its own.");
        const headers = {
          "content-type": "text/plain; charset=utf-8",
          "content-disposition": `attachment; filename="${MAIN_FILE}"`,
        };
        return new Response(text, { headers });
      },
      describePage("The main file of that model", modelText, { path: jobPath }),
    );
}

function runViewRoutes(options: PageRoutesOptions) {
  const { views } = options;
  return new Elysia()
    .get(
      "/runs/:id/places",
      async ({ request, params }) => ({ places: await views.places(holderOf(options, request), idOf(params)) }),
      describePage("Places of a run with their exposures", placesAnswer, { path: runPath }),
    )
    .get(
      "/runs/:id/files",
      async ({ request, params }) => ({ files: await views.files(holderOf(options, request), idOf(params)) }),
      describePage("The files of a run's result", filesAnswer, { path: runPath }),
    )
    .get(
      "/runs/:id/file",
      async ({ request, params, query }) =>
        views.file(holderOf(options, request), idOf(params), valid(fileQuery, query, "query").path),
      describePage("A file of a run's result as text", fileAnswer, { path: runPath, query: fileQuery }),
    );
}

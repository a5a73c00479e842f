import { type AnyElysia, Elysia } from "elysia";
import { RequestError } from "../../../platform/errors";
import { operation } from "../../../platform/http/api/operation";
import { routesWithErrors } from "../../../platform/http/errorShape";
import { valid } from "../../../platform/http/input";
import type { Log } from "../../../platform/log";
import { type Access, FORECASTING_KEY } from "../access/bearer";
import { sentenceErrors } from "../native/routes/errors";
import type { Job, Jobs } from "./jobs";
import { payloadBytes } from "./payloadBody";
import * as schema from "./schema/payload";
import type { NixtlaService, NixtlaTask } from "./service";

export interface NixtlaRoutesOptions {
  log: Log;
  access: Access;
  service: NixtlaService;
  jobs: Jobs;
  maxBodyBytes: number;
}

const SECURITY = [{ [FORECASTING_KEY]: [] }];
const JSON_TYPE = { "content-type": "application/json" };

const TASKS = {
  forecast: { summary: "Forecast", body: schema.forecastPayload, answer: schema.forecastColumnsAnswer },
  cross_validation: {
    summary: "Forecast the past, window by window",
    body: schema.crossValidationPayload,
    answer: schema.windowsAnswer,
  },
  anomaly_detection: { summary: "Judge the past", body: schema.anomalyPayload, answer: schema.anomalyAnswer },
  online_anomaly_detection: {
    summary: "Judge the last points",
    body: schema.anomalyPayload,
    answer: schema.anomalyAnswer,
  },
} as const;

const HIDDEN = { parse: "none", detail: { hide: true } } as const;

/** What the client can ask for and is not served here, by the beginning of its paths. */
const UNSERVED = {
  finetune: "Fine-tuning",
  finetuned_models: "Fine-tuning",
  explain: "Explaining",
  simulate: "Simulating paths",
  execute_step: "Running steps",
};

/** The API of the `nixtla` client (docs/forecasting.md, "The nixtla client"). */
export function nixtlaRoutes(options: NixtlaRoutesOptions): AnyElysia {
  const routes = new Elysia({ tags: ["forecasting: nixtla client"] })
    .use(aboutRoutes(options))
    .use(jobRoutes(options))
    .use(refusalRoutes(options));
  for (const [task, about] of Object.entries(TASKS)) addTask(routes, task as NixtlaTask, about, options);
  return routesWithErrors("forecasting nixtla", sentenceErrors, options.log).use(routes);
}

function aboutRoutes({ access, service }: NixtlaRoutesOptions) {
  return new Elysia()
    .get(
      "/validate_api_key",
      ({ request }) => {
        access.admit(request);
        return { detail: "The key is valid." };
      },
      operation({ summary: "Whether the key is valid", answer: schema.keyAnswer, security: SECURITY }),
    )
    .get(
      "/usage",
      ({ request }) => access.meter.usage(access.admit(request)),
      operation({ summary: "Requests of this minute and month", answer: schema.usageAnswer, security: SECURITY }),
    )
    .get(
      "/v2/models",
      async ({ request }) => {
        access.admit(request);
        return { models: await service.models() };
      },
      operation({ summary: "Names of models, and which runs", answer: schema.modelsAnswer, security: SECURITY }),
    )
    .get(
      "/model_params",
      async ({ request, query }) => {
        access.admit(request);
        const { model = "timegpt-1" } = valid(schema.paramsQuery, query, "query");
        return { detail: await service.modelParams(model) };
      },
      operation({
        summary: "Points that a model looks at, and steps that it gives at once",
        query: schema.paramsQuery,
        answer: schema.modelParamsAnswer,
        security: SECURITY,
      }),
    );
}

type About = (typeof TASKS)[NixtlaTask];

function addTask(routes: AnyElysia, task: NixtlaTask, about: About, options: NixtlaRoutesOptions): void {
  const { access, service, jobs, maxBodyBytes } = options;
  const described = { ...about, security: SECURITY };
  routes.post(
    `/v2/${task}`,
    async ({ request }) => {
      access.meter.count(access.admit(request));
      return inPieces(await service.run(task, await payloadBytes(request, maxBodyBytes), request.signal));
    },
    { parse: "none", ...operation(described) },
  );
  routes.post(
    `/v2/${task}/async`,
    async ({ request, set }) => {
      access.meter.count(access.admit(request));
      const body = await payloadBytes(request, maxBodyBytes);
      set.status = 202;
      return { job_id: jobs.submit((signal) => service.run(task, body, signal), await timeoutOf(body)).id };
    },
    {
      parse: "none",
      ...operation({
        ...described,
        summary: `${about.summary}, as a job`,
        answer: schema.submittedAnswer,
        status: 202,
      }),
    },
  );
  routes.get(
    `/v2/${task}/jobs/:id`,
    ({ request, params }) => {
      access.admit(request);
      return inPieces(jobPieces(jobs.find((params as { id: string }).id)));
    },
    operation({
      summary: `How a job is: ${about.summary.toLowerCase()}`,
      path: schema.jobPath,
      answer: schema.jobAnswer,
      security: SECURITY,
    }),
  );
}

/** `job_options` stands at the end of a payload, which is parsed elsewhere: only its end is looked at here. */
async function timeoutOf(body: Uint8Array): Promise<number | undefined> {
  const end = new TextDecoder().decode(body.subarray(-200));
  const seconds = /"job_options"\s*:\s*\{\s*"timeout_seconds"\s*:\s*(\d{1,5})\s*\}\s*\}\s*$/.exec(end)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

function jobRoutes({ access, jobs }: NixtlaRoutesOptions) {
  return new Elysia().post(
    "/v2/async/jobs/:id/cancel",
    ({ request, params, set }) => {
      access.admit(request);
      jobs.cancel(params.id);
      set.status = 202;
      return { job_id: params.id, status: "cancelled" as const };
    },
    {
      parse: "none",
      ...operation({
        summary: "Cancel a job",
        path: schema.jobPath,
        answer: schema.jobAnswer,
        status: 202,
        security: SECURITY,
      }),
    },
  );
}

function refusalRoutes({ access }: NixtlaRoutesOptions) {
  const routes = new Elysia();
  for (const [name, what] of Object.entries(UNSERVED)) {
    const refuse = (request: Request) => {
      access.admit(request);
      throw new RequestError(501, `${what} is not served here: forecasts, cross-validation and anomalies are.`);
    };
    const [whole, below]: string[] = [`/v2/${name}`, `/v2/${name}/*`];
    routes.all(whole!, ({ request }) => refuse(request), HIDDEN).all(below!, ({ request }) => refuse(request), HIDDEN);
  }
  return routes;
}

const encoder = new TextEncoder();

function jobPieces({ id, status, result, error }: Job): Uint8Array[] {
  const head = JSON.stringify({ job_id: id, status, error: error ?? null }).slice(0, -1);
  if (result === undefined) return [encoder.encode(`${head},"result":null}`)];
  return [encoder.encode(`${head},"result":`), ...result, encoder.encode("}")];
}

function inPieces(pieces: Uint8Array[]): Response {
  return new Response(new Blob(pieces as BlobPart[]), { headers: JSON_TYPE });
}

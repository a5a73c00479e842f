import { Elysia } from "elysia";
import { operation } from "../../../../platform/http/api/operation";
import { valid } from "../../../../platform/http/input";
import { type Access, FORECASTING_KEY } from "../../access/bearer";
import { bodyText, jsonAsWritten, refuseDeclaredSize } from "../body";
import { modelAt, type OriginalModel } from "../names";
import type { RateFamily, Rates } from "../rates";
import { inferenceAnswer, initializedAnswer, shutdownAnswer, statusAnswer } from "../schema/answers";
import { inference, inferenceOf, inferenceQuery, initialization, modelPath } from "../schema/requests";
import type { OriginalService } from "../service";
import { jsonAnswer } from "./gzip";

const security = [{ [FORECASTING_KEY]: [] }];

/**
 * The four routes of one model (docs/forecasting.md, "The original's routes").
 * @param only the one model that they are for; every model by its path where absent
 */
export function modelRoutes(options: ModelRoutesOptions, only?: OriginalModel) {
  const modelIn = (params: unknown) => only ?? modelAt(valid(modelPath, params, "path").model);
  return new Elysia({ prefix: `/api/v1/${only?.path ?? ":model"}`, tags: ["forecasting: models"] })
    .use(lifeRoutes(options, modelIn))
    .use(inferenceRoute(options, modelIn));
}

type ModelIn = (params: unknown) => OriginalModel;

export interface ModelRoutesOptions {
  service: OriginalService;
  access: Access;
  rates: Rates;
  maxBodyBytes: number;
}

interface Asked {
  request: Request;
  set: { headers: Record<string, string | number> };
}

/** The original looks at the size before it looks at the key, and at the key before it reads the body. */
function admit({ request, set }: Asked, family: RateFamily, { access, rates, maxBodyBytes }: ModelRoutesOptions): void {
  refuseDeclaredSize(request, maxBodyBytes);
  const { name } = access.admit(request);
  Object.assign(set.headers, rates.count(name, family));
}

function lifeRoutes(options: ModelRoutesOptions, modelIn: ModelIn) {
  const { service, maxBodyBytes } = options;
  return new Elysia()
    .post(
      "/initialization",
      async ({ request, params, set }) => {
        admit({ request, set }, "initialization", options);
        const text = await bodyText(request, maxBodyBytes);
        const model = modelIn(params);
        const asked = valid(service.initializationOf(model), bodyIn(text), "body");
        return service.initialize(model, asked);
      },
      operation({
        summary: "Load a model",
        path: modelPath,
        body: initialization,
        answer: initializedAnswer,
        security,
      }),
    )
    .get(
      "/status",
      ({ request, params, set }) => {
        admit({ request, set }, "default", options);
        return service.status(modelIn(params));
      },
      operation({ summary: "Where a model is in its life", path: modelPath, answer: statusAnswer, security }),
    )
    .post(
      "/shutdown",
      async ({ request, params, set }) => {
        admit({ request, set }, "default", options);
        return service.shutdown(modelIn(params));
      },
      operation({ summary: "Give a model's memory back", path: modelPath, answer: shutdownAnswer, security }),
    );
}

function inferenceRoute(options: ModelRoutesOptions, modelIn: ModelIn) {
  const { service, maxBodyBytes } = options;
  return new Elysia().post(
    "/inference",
    async ({ request, params, query, set }) => {
      admit({ request, set }, "inference", options);
      const text = await bodyText(request, maxBodyBytes);
      const { track: records } = valid(inferenceQuery, query, "query");
      const { value, written } = text === "" ? { value: undefined, written: undefined } : jsonAsWritten(text);
      const asked = valid(written === undefined ? inference : inferenceOf(written), value, "body");
      return jsonAnswer(request, await service.infer(modelIn(params), asked, { signal: request.signal, records }));
    },
    operation({
      summary: "Forecast what a file holds",
      path: modelPath,
      query: inferenceQuery,
      body: inference,
      answer: inferenceAnswer,
      security,
    }),
  );
}

function bodyIn(text: string): unknown {
  return text === "" ? undefined : jsonAsWritten(text).value;
}

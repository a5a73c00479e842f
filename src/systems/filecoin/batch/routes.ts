import { Elysia } from "elysia";
import type { z } from "zod";
import type { Config } from "../../../config/settings";
import { answerTo } from "../../../platform/http/errorShape";
import { fastApiErrors } from "../../../platform/http/fastapi/errors";
import { jsonBody, queryParameters, readJson, valid } from "../../../platform/http/input";
import type { Log } from "../../../platform/log";
import type { BatchFormat } from "./answers/contents";
import { eventAnswer } from "./answers/events";
import type { AdmittedRequest } from "./answers/options";
import {
  backtestRequest,
  batchQuery,
  batchRequest,
  monteCarloRequest,
  policiesRequest,
  sensitivityRequest,
  sweepRequest,
} from "./schema";
import type { BatchService } from "./service";

/** The formats that an Accept header can ask for; JSON where it asks for none of them. */
const FORMATS: readonly [contentType: string, format: BatchFormat][] = [
  ["text/csv", "csv"],
  ["application/octet-stream", "binary"],
];

interface Context {
  request: Request;
  query: unknown;
  server: { timeout(request: Request, seconds: number): void } | null;
}

/** HTTP of many futures; docs/filecoin.md, "Many futures". */
export function batchRoutes(service: BatchService, config: Pick<Config, "MAX_BODY_BYTES">, log: Log) {
  function post<Schema extends z.ZodType>(schema: Schema, admit: (request: z.output<Schema>) => AdmittedRequest) {
    return async ({ request, query, server }: Context): Promise<Response> => {
      const asked = valid(batchQuery, query, "query");
      const work = admit(valid(schema, await readJson(request, config.MAX_BODY_BYTES), "body"));
      // Work that goes on is no silence; its limits are those of the request.
      server?.timeout(request, 0);
      const accept = request.headers.get("accept") ?? "";
      if (accept.includes("text/event-stream")) {
        return eventAnswer(request, work, (error) => {
          const { status, body } = answerTo(error, fastApiErrors, log, request);
          return { status, ...(body as object) };
        });
      }
      const byHeader = FORMATS.find(([contentType]) => accept.includes(contentType))?.[1];
      const { bytes, contentType } = await work({
        format: asked.format ?? byHeader ?? "json",
        signal: request.signal,
      });
      return new Response(bytes, { headers: { "content-type": contentType } });
    };
  }

  const detail = (summary: string, schema: z.ZodType, example: object) => ({
    detail: {
      summary,
      parameters: queryParameters(batchQuery),
      requestBody: jsonBody(schema, { example: { value: example } }),
    },
  });
  return new Elysia({ tags: ["filecoin"] })
    .post("/simulate/batch", post(batchRequest, service.list), detail("Run a list of scenarios", batchRequest, LIST))
    .post("/simulate/sweep", post(sweepRequest, service.sweep), detail("Vary inputs over a grid", sweepRequest, SWEEP))
    .post(
      "/simulate/monte-carlo",
      post(monteCarloRequest, service.monteCarlo),
      detail("Bands over runs whose rates come about by chance", monteCarloRequest, { runs: 500, seed: 7 }),
    )
    .post(
      "/simulate/sensitivity",
      post(sensitivityRequest, service.sensitivity),
      detail("What each input does to the results", sensitivityRequest, SENSITIVITY),
    )
    .post(
      "/simulate/policies",
      post(policiesRequest, service.policies),
      detail("One scenario without and with policies", policiesRequest, { fip81: true, fip100: true }),
    )
    .post(
      "/simulate/backtest",
      post(backtestRequest, service.backtest),
      detail("How good forecasts from past days were", backtestRequest, { anchors: 8 }),
    );
}

const LIST = { scenarios: [{ rbp: 2 }, { rbp: 5 }], forecast_length_days: 365 };
const SWEEP = { axes: { rbp: { low: 1, high: 10 }, rr: { low: 0.5, high: 0.95 } }, forecast_length_days: 730 };
const SENSITIVITY = { ranges: { rbp: { low: 1, high: 10 }, rr: { low: 0.5, high: 0.95 } }, samples: 128 };

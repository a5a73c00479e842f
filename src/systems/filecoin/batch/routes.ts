import { Elysia } from "elysia";
import type { z } from "zod";
import type { Config } from "../../../config/settings";
import { operation } from "../../../platform/http/api/operation";
import { answerTo } from "../../../platform/http/errorShape";
import { fastApiErrors } from "../../../platform/http/fastapi/errors";
import { readJson, valid } from "../../../platform/http/input";
import type { Log } from "../../../platform/log";
import type { Rules } from "../schema/rules";
import type { BatchFormat } from "./answers/contents";
import { eventAnswer } from "./answers/events";
import type { AdmittedRequest } from "./answers/options";
import * as answer from "./schema/answers";
import {
  backtestRequest,
  batchQuery,
  batchRequest,
  monteCarloRequest,
  policiesRequest,
  sensitivityRequest,
  sweepRequest,
} from "./schema/requests";
import type { BatchService } from "./service";

/** The formats that an Accept header can ask for; JSON where it asks for none of them. */
const FORMATS: readonly [contentType: string, format: BatchFormat][] = [
  ["text/csv", "csv"],
  ["application/octet-stream", "binary"],
];

const EVENTS = "text/event-stream";

/** The body with the rules that the address asks for, where the body states none. */
function withRules(body: unknown, rules: Rules | undefined): unknown {
  if (rules === undefined || typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return { rules, ...body };
}

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
      const body = await readJson(request, config.MAX_BODY_BYTES);
      const work = admit(valid(schema, withRules(body, asked.rules), "body"));
      // Work that goes on is no silence; its limits are those of the request.
      server?.timeout(request, 0);
      const accept = request.headers.get("accept") ?? "";
      if (accept.includes(EVENTS)) {
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

  const about = <Answer extends z.ZodType>(summary: string, body: z.ZodType, answer: Answer) =>
    operation({ summary, query: batchQuery, body, answer, otherTypes: [...FORMATS.map(([type]) => type), EVENTS] });
  return new Elysia({ tags: ["filecoin"] })
    .post(
      "/simulate/batch",
      post(batchRequest, service.list),
      about("Run a list of scenarios", batchRequest, answer.batchAnswer),
    )
    .post(
      "/simulate/sweep",
      post(sweepRequest, service.sweep),
      about("Vary inputs over a grid", sweepRequest, answer.sweepAnswer),
    )
    .post(
      "/simulate/monte-carlo",
      post(monteCarloRequest, service.monteCarlo),
      about("Bands over runs whose rates come about by chance", monteCarloRequest, answer.monteCarloAnswer),
    )
    .post(
      "/simulate/sensitivity",
      post(sensitivityRequest, service.sensitivity),
      about("What each input does to the results", sensitivityRequest, answer.sensitivityAnswer),
    )
    .post(
      "/simulate/policies",
      post(policiesRequest, service.policies),
      about("One scenario without and with policies", policiesRequest, answer.policiesAnswer),
    )
    .post(
      "/simulate/backtest",
      post(backtestRequest, service.backtest),
      about("How good forecasts from past days were", backtestRequest, answer.backtestAnswer),
    );
}

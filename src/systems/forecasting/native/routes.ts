import { type AnyElysia, Elysia } from "elysia";
import { operation } from "../../../platform/http/api/operation";
import { type ErrorShape, routesWithErrors } from "../../../platform/http/errorShape";
import { MalformedJson, readBytes } from "../../../platform/http/input";
import type { Log } from "../../../platform/log";
import { type Access, FORECASTING_KEY } from "../access/bearer";
import type { AnswerParts } from "./forecastTask";
import { forecastAnswer } from "./schema/answer";
import { forecastRequest } from "./schema/request";
import { type NativeService, wholeAnswer } from "./service";

export interface NativeRoutesOptions {
  log: Log;
  access: Access;
  service: NativeService;
  maxBodyBytes: number;
}

const SECURITY = [{ [FORECASTING_KEY]: [] }];

/** `{"detail": sentence}`, whatever was wrong. */
const nativeErrors: ErrorShape = {
  refused: ({ detail }) => ({ detail }),
  invalid: (error) => ({
    status: 422,
    body: { detail: error instanceof MalformedJson ? error.message : (error.issues[0]?.message ?? "invalid") },
  }),
  failed: (id) => ({ detail: `Internal error ${id}; the log has the rest.` }),
};

/** The service's own routes (docs/forecasting.md, "Forecasts by HTTP"). */
export function nativeRoutes({ log, access, service, maxBodyBytes }: NativeRoutesOptions): AnyElysia {
  async function bodyOf(request: Request): Promise<Uint8Array> {
    access.admitOrPage(request);
    return readBytes(request, maxBodyBytes, "FORECAST_MAX_BODY_BYTES");
  }
  const routes = new Elysia({ tags: ["forecasting: service"] }).post(
    "/api/v1/forecast",
    async ({ request }) => answered(await service.forecast(await bodyOf(request), request.signal), "forecasts"),
    {
      parse: "none",
      ...operation({ summary: "Forecast series", body: forecastRequest, answer: forecastAnswer, security: SECURITY }),
    },
  );
  return routesWithErrors("forecasting native", nativeErrors, log).use(routes);
}

/** The answer once all of it is there, sent piece by piece. */
async function answered(parts: AnswerParts, list: string): Promise<Response> {
  const pieces = await wholeAnswer(parts, list);
  return new Response(new Blob(pieces as BlobPart[]), { headers: { "content-type": "application/json" } });
}

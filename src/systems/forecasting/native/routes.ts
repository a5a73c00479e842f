import { type AnyElysia, Elysia } from "elysia";
import { operation } from "../../../platform/http/api/operation";
import { routesWithErrors } from "../../../platform/http/errorShape";
import { readBytes } from "../../../platform/http/input";
import { FORECASTING_KEY } from "../access/bearer";
import type { AnswerParts } from "./forecastTask";
import { sentenceErrors } from "./routes/errors";
import { anomaliesAnswer, backtestAnswer, forecastAnswer } from "./schema/answer";
import { anomaliesRequest, backtestRequest, forecastRequest } from "./schema/request";
import { wholeAnswer } from "./service";
import { type StreamRoutesOptions, streamRoutes } from "./streamRoutes";

export type NativeRoutesOptions = StreamRoutesOptions;

const SECURITY = [{ [FORECASTING_KEY]: [] }];

/** The service's own routes (docs/forecasting.md, "Forecasts by HTTP"). */
export function nativeRoutes(options: NativeRoutesOptions): AnyElysia {
  const { log, access, service, maxBodyBytes } = options;
  async function bodyOf(request: Request): Promise<Uint8Array> {
    access.meter.count(access.admitOrPage(request));
    return readBytes(request, maxBodyBytes, "FORECAST_MAX_BODY_BYTES");
  }
  const routes = new Elysia({ tags: ["forecasting: service"] })
    .post(
      "/api/v1/forecast",
      async ({ request }) => answered(await service.forecast(await bodyOf(request), request.signal), "forecasts"),
      {
        parse: "none",
        ...operation({ summary: "Forecast series", body: forecastRequest, answer: forecastAnswer, security: SECURITY }),
      },
    )
    .post(
      "/api/v1/backtest",
      async ({ request }) => inPieces(await service.backtest(await bodyOf(request), request.signal)),
      {
        parse: "none",
        ...operation({
          summary: "Judge models on what came",
          body: backtestRequest,
          answer: backtestAnswer,
          security: SECURITY,
        }),
      },
    )
    .post(
      "/api/v1/anomalies",
      async ({ request }) => answered(await service.anomalies(await bodyOf(request), request.signal), "series"),
      {
        parse: "none",
        ...operation({
          summary: "Find points that are not as expected",
          body: anomaliesRequest,
          answer: anomaliesAnswer,
          security: SECURITY,
        }),
      },
    );
  return routesWithErrors("forecasting native", sentenceErrors, log).use(routes).use(streamRoutes(options));
}

/** The answer once all of it is there, sent piece by piece. */
async function answered(parts: AnswerParts, list: string): Promise<Response> {
  return inPieces(await wholeAnswer(parts, list));
}

function inPieces(pieces: Uint8Array[]): Response {
  return new Response(new Blob(pieces as BlobPart[]), { headers: { "content-type": "application/json" } });
}

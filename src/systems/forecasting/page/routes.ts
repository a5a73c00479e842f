import { type AnyElysia, Elysia } from "elysia";
import type { WorkPool } from "../../../platform/compute/pool";
import { RequestError } from "../../../platform/errors";
import { operation } from "../../../platform/http/api/operation";
import { textOf } from "../../../platform/http/api/texts";
import { detailShape, routesWithErrors } from "../../../platform/http/errorShape";
import { readBytes, valid } from "../../../platform/http/input";
import type { Log } from "../../../platform/log";
import { type Access, FORECASTING_KEY } from "../access/bearer";
import { SAMPLES, sampleText } from "./samples";
import { type ReadingOptions, readingAnswer, readingOptions, readingQuery, samplePath, samplesAnswer } from "./schema";

export interface PageRoutesOptions {
  log: Log;
  access: Access;
  pool: WorkPool;
  maxFileBytes: number;
}

const SECURITY = [{ [FORECASTING_KEY]: [] }];
/** Of one core, for each byte of a file. */
const READ_MS_PER_BYTE = 1e-3;

/** What the page asks beside the forecasts themselves (docs/forecasting.md, "The page"). */
export function pageRoutes({ log, access, pool, maxFileBytes }: PageRoutesOptions): AnyElysia {
  const routes = new Elysia({ tags: ["forecasting: service"] })
    .get("/api/v1/samples", () => ({ samples: [...SAMPLES] }), {
      ...operation({ summary: "Series to try things out", answer: samplesAnswer, security: [] }),
    })
    .get(
      "/api/v1/samples/:name",
      async ({ params: { name } }) => {
        const text = await sampleText(name);
        if (text === undefined) throw new RequestError(404, `There is no sample ${JSON.stringify(name.slice(0, 80))}.`);
        return new Response(text, { headers: { "content-type": "text/csv; charset=utf-8" } });
      },
      operation({
        summary: "A sample as CSV",
        path: samplePath,
        answer: textOf("text/csv", "date,sales\n2024-01-01,104\n"),
        security: [],
      }),
    )
    .post(
      "/api/v1/read",
      async ({ request, query }) => {
        access.admitOrPage(request);
        const options = optionsOf(valid(readingQuery, query, "query").options);
        const bytes = await readBytes(request, maxFileBytes, "FORECAST_MAX_BODY_BYTES");
        const costMs = 1 + READ_MS_PER_BYTE * bytes.length;
        const { signal } = request;
        return pool.run({ kind: "forecasting.readForPage", input: { bytes, options }, costMs, signal });
      },
      {
        parse: "none",
        ...operation({
          summary: "Read a file (CSV, JSON, XLSX), and say what was guessed and repaired",
          query: readingQuery,
          answer: readingAnswer,
          security: SECURITY,
        }),
      },
    );
  return routesWithErrors("forecasting page", detailShape, log).use(routes);
}

function optionsOf(text: string): ReadingOptions {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError(422, 'options is no JSON: give an object such as {"target":"sales"}.');
  }
  return valid(readingOptions, value, "query");
}

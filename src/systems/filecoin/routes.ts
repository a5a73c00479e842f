import { Elysia } from "elysia";
import type { Config } from "../../config/settings";
import { routesWithErrors } from "../../platform/http/errorShape";
import { fastApiErrors } from "../../platform/http/fastapi/errors";
import { jsonBody, queryParameters, readJson, valid } from "../../platform/http/input";
import type { Log } from "../../platform/log";
import { CONTRACT_SHAPE } from "./answers/shape";
import { plotGallery } from "./charts/gallery";
import { fullHistoricalData, historicalData, simulationDates } from "./history/historicalData";
import { plotsQuery, simulateQuery, simulateRequest } from "./schema";
import type { FilecoinService } from "./service";

const JSON_TYPE = { "content-type": "application/json" };

/** HTTP of the Filecoin forecaster; docs/filecoin.md, "HTTP". */
export function filecoinRoutes(service: FilecoinService, config: Config, log: Log) {
  return routesWithErrors("filecoin", fastApiErrors, log).use(
    new Elysia({ tags: ["filecoin"] })
      .get("/historical-data", () => historicalData(service.history()), {
        detail: { summary: "The history, thinned and rounded as the contract says" },
      })
      .get("/historical-data/full", () => fullHistoricalData(service.history()), {
        detail: { summary: "The history, every day and digit" },
      })
      .get("/sim-dates", () => simulationDates(service.history()), {
        detail: { summary: "First and last day of the history, and its lengths" },
      })
      .post("/simulate", ({ request, query }) => simulate(service, request, query, config.MAX_BODY_BYTES), {
        detail: {
          summary: "Run one scenario",
          parameters: queryParameters(simulateQuery),
          requestBody: jsonBody(simulateRequest, { defaults: { value: {} }, year: { value: EXAMPLE } }),
        },
      })
      .get(
        "/latest-simulation",
        async () => new Response((await service.latest()) as BodyInit, { headers: JSON_TYPE }),
        {
          detail: { summary: "The last run: its setup and every series, daily" },
        },
      )
      .get(
        "/latest-simulation/plots",
        async ({ request, query }) => {
          const { max_plots } = valid(plotsQuery, query, "query");
          return { plots: await service.plots(max_plots, request.signal) };
        },
        { detail: { summary: "Plots of the last run, PNG in base64", parameters: queryParameters(plotsQuery) } },
      )
      .get(
        "/latest-simulation/plots/html",
        async ({ request, query }) => {
          const { max_plots } = valid(plotsQuery, query, "query");
          return plotGallery(await service.plots(max_plots, request.signal));
        },
        { detail: { summary: "The same plots as a page", parameters: queryParameters(plotsQuery) } },
      ),
  );
}

const EXAMPLE = { forecast_length_days: 365, rbp: 5, output: ["circ_supply", "network_RBP_EIB"] };

async function simulate(service: FilecoinService, request: Request, query: unknown, limitBytes: number) {
  const asked = valid(simulateQuery, query, "query");
  const { output, ...members } = valid(simulateRequest, await readJson(request, limitBytes), "body");
  const wantsCsv = (request.headers.get("accept") ?? "").includes("text/csv");
  const { bytes, contentType, warnings } = await service.simulate({
    members,
    output,
    shape: {
      form: asked.shape ?? CONTRACT_SHAPE.form,
      format: asked.format ?? (wantsCsv ? "csv" : "json"),
      precision: asked.shape === "flat" ? "full" : (asked.precision ?? CONTRACT_SHAPE.precision),
      sampling: asked.sampling ?? CONTRACT_SHAPE.sampling,
    },
    signal: request.signal,
  });
  const { source, startDate, currentDate } = service.history();
  const headers: Record<string, string> = {
    "content-type": contentType,
    "x-source": `${source}; ${startDate}..${currentDate}`,
  };
  if (warnings.length > 0) headers["x-warnings"] = JSON.stringify(warnings);
  return new Response(bytes, { headers });
}

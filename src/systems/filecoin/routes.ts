import { Elysia } from "elysia";
import type { Config } from "../../config/settings";
import { operation } from "../../platform/http/api/operation";
import { routesWithErrors } from "../../platform/http/errorShape";
import { fastApiErrors } from "../../platform/http/fastapi/errors";
import { readJson, valid } from "../../platform/http/input";
import type { Log } from "../../platform/log";
import { type AnswerForm, CONTRACT_SHAPE } from "./answers/shape";
import { plotGallery } from "./charts/gallery";
import { fullHistoricalData, historicalData, simulationDates } from "./history/historicalData";
import { PLAIN_NOTE } from "./scenario";
import * as answer from "./schema/answers";
import { plotsQuery, simulateQuery, simulateRequest } from "./schema/requests";
import type { FilecoinService } from "./service";

const JSON_TYPE = { "content-type": "application/json" };

/** HTTP of the Filecoin forecaster; docs/filecoin.md, "HTTP". */
export function filecoinRoutes(service: FilecoinService, config: Config, log: Log) {
  return routesWithErrors("filecoin", fastApiErrors, log)
    .use(historyRoutes(service))
    .use(simulationRoutes(service, config.MAX_BODY_BYTES));
}

function historyRoutes(service: FilecoinService) {
  return new Elysia({ tags: ["filecoin"] })
    .get(
      "/historical-data",
      ({ set }) => {
        set.headers["x-warnings"] = JSON.stringify([{ reason: PLAIN_NOTE }]);
        return historicalData(service.history());
      },
      operation({ summary: "The history, thinned and rounded as the contract says", answer: answer.historyAnswer }),
    )
    .get(
      "/historical-data/full",
      () => fullHistoricalData(service.history()),
      operation({ summary: "The history, every day and digit", answer: answer.fullHistoryAnswer }),
    )
    .get(
      "/sim-dates",
      () => simulationDates(service.history()),
      operation({ summary: "First and last day of the history, and its lengths", answer: answer.datesAnswer }),
    );
}

function simulationRoutes(service: FilecoinService, limitBytes: number) {
  return new Elysia({ tags: ["filecoin"] })
    .post(
      "/simulate",
      ({ request, query }) => simulate(service, request, query, limitBytes),
      operation({
        summary: "Run one scenario",
        query: simulateQuery,
        body: simulateRequest,
        answer: answer.simulateAnswer,
        otherTypes: ["text/csv"],
      }),
    )
    .post(
      "/simulate/full",
      ({ request, query }) => simulate(service, request, { ...DAILY, ...query }, limitBytes),
      operation({
        summary: "Run one scenario; every forecast day and digit",
        query: simulateQuery,
        body: simulateRequest,
        answer: answer.simulateAnswer,
        otherTypes: ["text/csv"],
      }),
    )
    .post(
      "/simulate/full-with-history",
      ({ request, query }) => simulate(service, request, { ...DAILY, ...query }, limitBytes, "whole"),
      operation({
        summary: "Run one scenario; every day of history and forecast",
        query: simulateQuery,
        body: simulateRequest,
        answer: answer.simulateAnswer,
        otherTypes: ["text/csv"],
      }),
    )
    .get(
      "/latest-simulation",
      async () => new Response((await service.latest()) as BodyInit, { headers: JSON_TYPE }),
      operation({ summary: "The last run: its setup and every series, daily", answer: answer.latestAnswer }),
    )
    .get(
      "/latest-simulation/plots",
      async ({ request, query }) => {
        const { max_plots } = valid(plotsQuery, query, "query");
        return { plots: await service.plots(max_plots, request.signal) };
      },
      operation({ summary: "Plots of the last run, PNG in base64", query: plotsQuery, answer: answer.plotsAnswer }),
    )
    .get(
      "/latest-simulation/plots/html",
      async ({ request, query }) => {
        const { max_plots } = valid(plotsQuery, query, "query");
        return plotGallery(await service.plots(max_plots, request.signal));
      },
      operation({ summary: "The same plots as a page", query: plotsQuery, answer: answer.plotsPage }),
    );
}

const DAILY = { sampling: "daily", precision: "full" };

async function simulate(
  service: FilecoinService,
  request: Request,
  query: unknown,
  limitBytes: number,
  form: AnswerForm = CONTRACT_SHAPE.form,
) {
  const asked = valid(simulateQuery, query, "query");
  const { output, ...members } = valid(simulateRequest, await readJson(request, limitBytes), "body");
  const wantsCsv = (request.headers.get("accept") ?? "").includes("text/csv");
  const { bytes, contentType, warnings } = await service.simulate({
    members: { ...members, rules: members.rules ?? asked.rules },
    output,
    shape: {
      form: asked.shape === "flat" ? "flat" : form,
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

import { Elysia } from "elysia";
import { operation } from "../../../platform/http/api/operation";
import { routesWithErrors } from "../../../platform/http/errorShape";
import type { Log } from "../../../platform/log";
import type { Access } from "../access/bearer";
import type { ModelServer } from "../serving/modelServer";
import { infoOf, modelsOf, originalModels } from "./about";
import { FIRST_MODEL, modelOf, type OriginalModel } from "./names";
import type { Compat } from "./parameters";
import type { Rates } from "./rates";
import { originalErrors } from "./routes/errors";
import { modelRoutes } from "./routes/modelRoutes";
import { infoAnswer, modelsAnswer } from "./schema/about";
import type { OriginalService } from "./service";

export interface OriginalRoutesOptions {
  log: Log;
  models: ModelServer;
  access: Access;
  host: string;
  /** As the original's release of that number answers, or as it should. */
  compat: Compat;
  service: OriginalService;
  maxBodyBytes: number;
  rates: Rates;
  /** Whether runs can be recorded. */
  isTracking: boolean;
}

/** The original's routes (docs/forecasting.md, "The original's routes"). */
export function originalRoutes(options: OriginalRoutesOptions) {
  const { log, models, host, compat } = options;
  const active = async () => {
    if (compat === "2.0.0") return [FIRST_MODEL.path];
    return (await models.catalogue()).map((entry) => modelOf(entry).path);
  };
  const routes = new Elysia({ tags: ["forecasting: models"] })
    .get(
      "/info",
      async ({ server }) =>
        infoOf({ host, port: server?.port ?? 0, active: await active(), isTracking: options.isTracking }),
      operation({ summary: "What this forecasting service is", answer: infoAnswer, security: [] }),
    )
    .get(
      "/models",
      async () => (compat === "2.0.0" ? originalModels() : modelsOf(await models.catalogue())),
      operation({ summary: "The models that can be asked for", answer: modelsAnswer, security: [] }),
    );
  return routesWithErrors("forecasting original", originalErrors, log).use(routes).use(modelRoutes(options));
}

/** One model alone, as the original has it on a port of its own. */
export function modelAlone(options: OriginalRoutesOptions, model: OriginalModel) {
  const health = new Elysia().get("/health", () => options.service.healthOf(model), { detail: { hide: true } });
  return routesWithErrors(`forecasting ${model.path}`, originalErrors, options.log)
    .use(health)
    .use(modelRoutes(options, model));
}

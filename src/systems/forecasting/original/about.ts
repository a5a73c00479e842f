import type { CatalogueEntry } from "../serving/catalogue";
import { FIRST_MODEL, modelOf, modulesOf, type OriginalModel } from "./names";

/** The release of the original whose contract is served. */
export const ORIGINAL_VERSION = "2.0.0";

interface InfoOptions {
  host: string;
  port: number;
  /** Paths of the models that can be used. */
  active: readonly string[];
  isTracking: boolean;
}

/** What `/info` answers. */
export function infoOf({ host, port, active, isTracking }: InfoOptions) {
  return {
    name: "Sapheneia Inference API",
    description:
      "REST API for time series forecasting models. Currently supports TimesFM-2.0 with plans for additional models.",
    version: ORIGINAL_VERSION,
    api_host: host,
    api_port: port,
    available_models: [...active],
    documentation: { swagger: "/docs", redoc: "/redoc", openapi_json: "/openapi.json" },
    features: { mlflow_tracking: isTracking, api_authentication: true },
  };
}

type Status = "active" | "missing";

function entryOf(model: OriginalModel, status: Status) {
  const { name, version, description, defaultPort } = model;
  return { name, version, description, ...modulesOf(model), default_port: defaultPort, status };
}

/** What `/models` answered in the original, which knew one model and took it for granted. */
export function originalModels() {
  return { models: { [FIRST_MODEL.path]: entryOf(FIRST_MODEL, "active") }, count: 1 };
}

/** What `/models` answers: every model by the part of its paths, with licence, size, digest and limits. */
export function modelsOf(catalogue: readonly CatalogueEntry[]) {
  const told = catalogue.map((entry) => {
    const model = modelOf(entry);
    return [model.path, { ...entryOf(model, "active"), ...entry }] as const;
  });
  const isThere = told.some(([path]) => path === FIRST_MODEL.path);
  const first = isThere ? [] : [[FIRST_MODEL.path, entryOf(FIRST_MODEL, "missing")] as const];
  return { models: Object.fromEntries([...first, ...told]), count: told.length };
}

import { RequestError } from "../../platform/errors";
import type { AccessMode } from "../../platform/http/strangers";
import type { Platform } from "../../platform/platform";
import type { SecurityScheme, System } from "../../platform/system";
import { createAccess, FORECASTING_KEY } from "./access/bearer";
import { libraryCheck } from "./library/check";
import { modelsDirOf } from "./library/library";
import { createNativeService, type NativeService } from "./native/service";
import { pooledThreads } from "./native/threads";
import { ORIGINAL_VERSION } from "./original/about";
import { forecastingRoutes } from "./routes";
import { createModelServer, type ModelServer } from "./serving/modelServer";
import { openedModel } from "./serving/openedModel";

export { KNOWN_API_KEY } from "./access/bearer";
// What the commands ask of it, who come in through this door alone.
export { type BacktestOptions, backtestData, backtestFile, possibleWindows } from "./file/backtestFile";
export { forecastChart } from "./file/forecastChart";
export { type FileAnswer, type FileOptions, forecastFile } from "./file/forecastFile";
export { libraryCheck } from "./library/check";
export { importModel } from "./library/importModel";
export { findModel, listModels, modelsDirOf, removeModel, verifyModel } from "./library/library";
export { type Manifest, sizeOfModel } from "./library/manifest";
export { pullModel } from "./library/pull";

export interface ForecastingOptions {
  mode: AccessMode;
  /** What callers send as a bearer. */
  apiKey: string;
}

type ForecastingPlatform = Pick<Platform, "config" | "clock" | "log" | "pool" | "dataDir">;

const FILES = [{ name: "models", meaning: "weights of forecasting models, which can be pulled again" }];

const SECURITY_SCHEMES: Record<string, SecurityScheme> = {
  [FORECASTING_KEY]: { type: "http", scheme: "bearer", description: "The key of `API_SECRET_KEY`." },
};

/** Time-series forecasting as a system. */
export function createForecasting(platform: ForecastingPlatform, { mode, apiKey }: ForecastingOptions): System {
  const { config, log, dataDir } = platform;
  const models = modelServerOf(platform);
  const access = createAccess(mode, apiKey);
  return {
    name: "forecasting",
    routes: forecastingRoutes({
      original: { log, models, access, host: config.HOST, compat: config.FORECAST_COMPAT },
      native: { log, access, service: nativeServiceOf(platform, models), maxBodyBytes: config.FORECAST_MAX_BODY_BYTES },
    }),
    maxBodyBytes: config.FORECAST_MAX_BODY_BYTES,
    start: async () => undefined,
    stop: models.stop,
    health: () => ({ ready: true, status: "healthy", loaded: models.loaded() }),
    about: () => ({ status: "Sapheneia API is running", version: ORIGINAL_VERSION, docs: "/docs" }),
    flat: ["docs"],
    statusLine: () => statusLine(models),
    card: () => ({
      title: "Forecasting",
      figure: `${models.loaded().length} loaded`,
      caption: "models with weights, beside the built-in ones",
      action: { label: "API of forecasting", href: "/docs" },
    }),
    files: FILES,
    checks: [libraryCheck(dataDir)],
    securitySchemes: SECURITY_SCHEMES,
  };
}

function modelServerOf({ config, clock, log, pool, dataDir }: ForecastingPlatform): ModelServer {
  return createModelServer({
    modelsDir: modelsDirOf(dataDir),
    clock,
    log,
    pool,
    backend: config.FORECAST_BACKEND,
    precision: config.FORECAST_PRECISION,
    threads: config.FORECAST_THREADS,
    batchWaitMs: config.FORECAST_BATCH_WAIT_MS,
    maxWaitingRows: config.FORECAST_MAX_WAITING_ROWS,
    runTimeoutMs: config.FORECAST_RUN_TIMEOUT_S * 1000,
    maxLoaded: config.FORECAST_MAX_LOADED,
  });
}

function nativeServiceOf({ config, pool }: ForecastingPlatform, models: ModelServer): NativeService {
  return createNativeService({
    threads: pooledThreads(pool),
    openModel: (id) => openedModel(models, id),
    readFile: () => Promise.reject(new RequestError(422, "data.source is not served yet: send the text as data.csv.")),
    maxWaitS: config.COMPUTE_MAX_WAIT_S,
  });
}

function statusLine(models: ModelServer): string[] {
  const loaded = models.loaded();
  return [loaded.length === 0 ? "built-in models" : loaded.join(", ")];
}

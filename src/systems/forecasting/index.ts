import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Config } from "../../config/settings";
import { derivedKey } from "../../platform/auth/keys";
import { type Chore, runChores } from "../../platform/chores";
import type { AccessMode } from "../../platform/http/strangers";
import { logFaults } from "../../platform/log";
import type { Platform } from "../../platform/platform";
import type { Card, SecurityScheme, System } from "../../platform/system";
import { type Access, createAccess, FORECASTING_KEY } from "./access/bearer";
import { createMeter } from "./access/meter";
import { libraryCheck } from "./library/check";
import { modelsDirOf } from "./library/library";
import { createPulls, type Pulls } from "./library/pulls";
import { createAdmission } from "./native/admission";
import type { Means } from "./native/forecastTask";
import type { RequestFileOptions } from "./native/requestFile";
import { createNativeService, type NativeService } from "./native/service";
import { MAX_STREAM_FRAME_BYTES } from "./native/streamRoutes";
import { pooledThreads } from "./native/threads";
import { createJobs } from "./nixtla/jobs";
import { createNixtlaService, type NixtlaService } from "./nixtla/service";
import { ORIGINAL_VERSION } from "./original/about";
import { localDirOf } from "./original/localModels";
import { mlflowTracker } from "./original/mlflow";
import { FIRST_MODEL, SECOND_MODEL } from "./original/names";
import { createRates, type RateLimits } from "./original/rates";
import { modelAlone, type OriginalRoutesOptions } from "./original/routes";
import { createOriginalService, type OriginalService } from "./original/service";
import { type FetchOptions, fetchSource } from "./original/source/fetch";
import { createWantedStore } from "./original/wantedStore";
import { fetchByPulls } from "./original/weights";
import { forecastingRoutes } from "./routes";
import { createModelServer, type ModelServer } from "./serving/modelServer";
import { openedModel } from "./serving/openedModel";
import { forecastingSimulations } from "./simulations";

export { KNOWN_API_KEY } from "./access/bearer";
export { isKeyName, writeKeyToken } from "./access/keyToken";
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

type ForecastingPlatform = Pick<
  Platform,
  "config" | "clock" | "log" | "pool" | "dataDir" | "storage" | "stopping" | "secretKey"
>;

const FILES = [
  { name: "models", meaning: "weights of forecasting models, which can be pulled again" },
  { name: "forecasting", meaning: "files that were uploaded to be forecast, and local models" },
];

const SECURITY_SCHEMES: Record<string, SecurityScheme> = {
  [FORECASTING_KEY]: {
    type: "http",
    scheme: "bearer",
    description: "The key of `API_SECRET_KEY`, or a token of `token --system forecasting`.",
  },
};

/** What `POST /api/v1/forecast` would answer to that body, without a server. @throws RequestError, UsageError */
export async function forecastRequestFile(body: Uint8Array, options: RequestFileOptions): Promise<Uint8Array[]> {
  const room = await import("./native/requestFile");
  return room.forecastRequestFile(body, options);
}

/** Time-series forecasting as a system. */
export function createForecasting(platform: ForecastingPlatform, { mode, apiKey }: ForecastingOptions): System {
  const { config, log, dataDir } = platform;
  const models = modelServerOf(platform);
  const access = accessOf(platform, { mode, apiKey });
  const pulls = pullsOf(platform);
  const original = originalServiceOf(platform, models, pulls);
  const means = meansOf(platform);
  const jobs = createJobs(platform.clock, log);
  const native = nativeServiceOf(platform, models, means);
  const nixtla = nixtlaServiceOf(models, means, config.FORECAST_TIMEGPT_MODEL);
  const limits = { maxBodyBytes: config.FORECAST_MAX_BODY_BYTES };
  const originalOptions = originalOptionsOf(platform, { models, access, service: original }, mode);
  let stopChores: (() => Promise<void>) | undefined;
  return {
    name: "forecasting",
    page: "forecast",
    routes: forecastingRoutes({
      original: originalOptions,
      native: { ...limits, log, access, mode, service: native, stopping: platform.stopping },
      nixtla: { ...limits, log, access, jobs, service: nixtla },
      page: { log, access, pool: platform.pool, maxFileBytes: limits.maxBodyBytes },
      library: { log, access, models, pulls, modelsDir: modelsDirOf(dataDir), hub: config.HF_ENDPOINT },
    }),
    aside: {
      TIMESFM20_MODEL_PORT: modelAlone(originalOptions, FIRST_MODEL),
      TIMESFM25_MODEL_PORT: modelAlone(originalOptions, SECOND_MODEL),
    },
    maxFrameBytes: MAX_STREAM_FRAME_BYTES,
    maxBodyBytes: Math.max(config.FORECAST_MAX_BODY_BYTES, config.MAX_REQUEST_SIZE),
    async start() {
      for (const folder of foldersOf(dataDir)) await mkdir(folder, { recursive: true });
      stopChores = runChores(platform.clock, [convergenceOf(original)], logFaults(log));
    },
    async stop() {
      const idle = stopChores?.();
      pulls.stopAll();
      jobs.stop();
      await models.stop();
      await idle;
    },
    health: () => ({
      ready: true,
      status: "healthy",
      loaded: models.loaded(),
      processes: models.figures(),
      ...original.health(),
    }),
    about: () => ({ status: "Sapheneia API is running", version: ORIGINAL_VERSION, docs: "/docs" }),
    flat: ["docs", "timestamp", "api_version", "models"],
    statusLine: () => statusLine(models),
    card: () => cardOf(models),
    files: FILES,
    checks: [libraryCheck(dataDir)],
    securitySchemes: SECURITY_SCHEMES,
    handlers: forecastingSimulations(native),
  };
}

function pullsOf({ config, clock, log, dataDir }: ForecastingPlatform): Pulls {
  const hub = { endpoint: config.HF_ENDPOINT, token: config.HF_TOKEN };
  return createPulls({ modelsDir: modelsDirOf(dataDir), hub, clock, log });
}

function accessOf({ config, clock, secretKey }: ForecastingPlatform, options: ForecastingOptions): Access {
  const limits = { perMinute: config.FORECAST_RATE_PER_MINUTE, perMonth: config.FORECAST_RATE_PER_MONTH };
  const meter = createMeter(clock, limits);
  return createAccess({ ...options, tokenKey: derivedKey(secretKey, "forecast"), clock, meter });
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

/** What both APIs of many series share. */
type SharedMeans = Omit<Means, "signal">;

function meansOf({ config, pool }: ForecastingPlatform): SharedMeans {
  const threads = pooledThreads(pool);
  return { threads, admission: createAdmission(() => threads.width, config.COMPUTE_MAX_WAIT_S) };
}

function nativeServiceOf(platform: ForecastingPlatform, models: ModelServer, means: SharedMeans): NativeService {
  return createNativeService({
    ...means,
    openModel: (id) => openedModel(models, id),
    readFile: (source, signal) => fetchSource(source, fetchOptionsOf(platform), signal),
  });
}

function nixtlaServiceOf(models: ModelServer, means: SharedMeans, standIn: string): NixtlaService {
  return createNixtlaService({
    means,
    openModel: (id) => openedModel(models, id),
    modelIds: async () => (await models.catalogue()).map(({ id }) => id),
    standIn,
  });
}

function originalOptionsOf(
  { config, log, clock }: ForecastingPlatform,
  made: Pick<OriginalRoutesOptions, "models" | "access" | "service">,
  mode: AccessMode,
): OriginalRoutesOptions {
  return {
    ...made,
    log,
    isTracking: config.MLFLOW_TRACKING_URI !== undefined,
    rates: createRates(clock, rateLimitsOf(config, mode)),
    host: config.HOST,
    compat: config.FORECAST_COMPAT,
    maxBodyBytes: config.MAX_REQUEST_SIZE,
  };
}

const INITIALIZATIONS_PER_MINUTE = 5;

/** Off while the service is open, unless asked for. */
function rateLimitsOf(config: Config, mode: AccessMode): RateLimits {
  if (!(config.RATE_LIMIT_ENABLED ?? mode === "closed")) return undefined;
  return {
    initialization: INITIALIZATIONS_PER_MINUTE,
    inference: config.RATE_LIMIT_INFERENCE_PER_MINUTE,
    default: config.RATE_LIMIT_PER_MINUTE,
  };
}

/** The folder that stands for the original's `data`. */
function dataRootOf(dataDir: string): string {
  return join(resolve(dataDir), "forecasting");
}

function foldersOf(dataDir: string): string[] {
  const root = dataRootOf(dataDir);
  return [join(root, "uploads"), localDirOf(root)];
}

function fetchOptionsOf({ config, dataDir }: ForecastingPlatform): FetchOptions {
  return { dataRoot: dataRootOf(dataDir), allowPrivate: config.FORECAST_ALLOW_PRIVATE };
}

const CONVERGE_EVERY_MS = 10_000;

/** Models that were ready before a start are loaded again, and those that others who share the database initialise. */
function convergenceOf({ converge }: OriginalService): Chore {
  return {
    what: "loading the models that are wanted",
    everyMs: CONVERGE_EVERY_MS,
    firstAfterMs: 0,
    run: converge,
  };
}

function originalServiceOf(platform: ForecastingPlatform, models: ModelServer, pulls: Pulls) {
  const { config, clock, pool, dataDir } = platform;
  return createOriginalService({
    models,
    clock,
    pool,
    localDir: localDirOf(dataRootOf(dataDir)),
    compat: config.FORECAST_COMPAT,
    wanted: createWantedStore(platform.storage),
    track:
      config.MLFLOW_TRACKING_URI === undefined
        ? undefined
        : mlflowTracker(config.MLFLOW_TRACKING_URI, clock, platform.log),
    fetchWeights: config.MODEL_PULL ? fetchByPulls(pulls, clock) : undefined,
    fetch: fetchOptionsOf(platform),
    defaults: {
      backend: config.TIMESFM20_DEFAULT_BACKEND,
      contextLen: config.TIMESFM20_DEFAULT_CONTEXT_LEN,
      horizonLen: config.TIMESFM20_DEFAULT_HORIZON_LEN,
      checkpoint: config.TIMESFM20_DEFAULT_CHECKPOINT,
      localPath: config.TIMESFM20_DEFAULT_LOCAL_PATH,
    },
  });
}

function cardOf(models: ModelServer): Card {
  return {
    title: "Forecast",
    figure: `${models.loaded().length} loaded`,
    caption: "models with weights, beside the built-in ones",
    action: { label: "Forecast a file", href: "/forecast" },
  };
}

function statusLine(models: ModelServer): string[] {
  const loaded = models.loaded();
  return [loaded.length === 0 ? "built-in models" : loaded.join(", ")];
}

import type { WorkPool } from "../../../platform/compute/pool";
import { RequestError } from "../../../platform/errors";
import { forecastWithCovariates } from "../covariates/forecast";
import type { Forecast, ForecastQuery, Model, Table } from "../model";
import { ORIGINAL_VERSION } from "./about";
import { bandsOf } from "./bands";
import { dataError, ServiceError, unforeseen } from "./faults";
import { type Compat, compatOf, type InferenceParameters, parametersOf } from "./parameters";
import type { InferenceAnswer } from "./schema/answers";
import type { Inference } from "./schema/requests";
import type { PreparedSeries, SeriesInput } from "./series";
import { type FetchOptions, fetchSource } from "./source/fetch";
import type { ReadyModel } from "./states";

export interface InferOptions {
  pool: WorkPool;
  fetch: FetchOptions;
  compat: Compat;
}

const LEVELS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const COLUMNS = 1 + LEVELS.length;
/** The release of the reference that the original runs; docs/forecasting.md, "Statistics and tokens". */
const RELEASE = { release: "1.3.0" };
const DEFAULT_HORIZON = 24;
const DEFAULT_CONTEXT = 64;
const PATCH = 32;
const READ_MS_PER_BYTE = 1e-4;

/** What one inference is made with. */
interface Inferring {
  ready: ReadyModel;
  parameters: InferenceParameters;
  compat: Compat;
  series: PreparedSeries;
  /** Steps of the dates; the original forecasts as many as it was initialised with. */
  horizon: number;
  signal: AbortSignal;
}

/** One inference by a model that is ready. @throws ServiceError, RequestError as docs/forecasting.md, "Errors of the original" */
export async function infer(
  ready: ReadyModel,
  request: Inference,
  options: InferOptions,
  signal: AbortSignal,
): Promise<InferenceAnswer> {
  const startedMs = performance.now();
  const compat = compatOf(request.parameters, options.compat);
  const parameters = parametersOf(request.parameters, compat);
  const lengths = lengthsOf(ready, parameters, compat);
  const series = await prepared(request, { ...lengths, parameters, compat }, options, signal);
  const forecastMs = performance.now();
  const work = { ready, parameters, compat, series, horizon: lengths.horizon, signal };
  const prediction = await predictionOf(work, options.pool);
  return {
    prediction,
    visualization_data: {
      historical_data: [...series.values],
      dates_historical: series.pastDates,
      dates_future: series.futureDates,
      target_name: series.target,
      actual_future: series.actual,
    },
    execution_metadata: {
      total_time_seconds: secondsSince(startedMs),
      execution_time_seconds: secondsSince(forecastMs),
      async_execution: true,
      thread_pool: true,
      model_version: ORIGINAL_VERSION,
      api_version: ORIGINAL_VERSION,
    },
  };
}

function secondsSince(startedMs: number): number {
  return Math.round(performance.now() - startedMs) / 1000;
}

function lengthsOf({ wanted }: ReadyModel, { contextLen, horizonLen }: InferenceParameters, compat: Compat) {
  const isNewest = compat === "newest";
  return {
    contextLen: contextLen ?? (isNewest ? wanted.contextLen : DEFAULT_CONTEXT),
    horizon: horizonLen ?? (isNewest ? wanted.horizonLen : DEFAULT_HORIZON),
  };
}

async function prepared(
  request: Inference,
  how: Omit<SeriesInput, "bytes" | "columns">,
  { pool, fetch }: InferOptions,
  signal: AbortSignal,
): Promise<PreparedSeries> {
  const bytes = await fetched(request.data_source_url_or_path, fetch, how.compat, signal);
  const input = { ...how, bytes, columns: request.data_definition };
  const costMs = 1 + bytes.length * READ_MS_PER_BYTE;
  const made = await pool.run({ kind: "forecasting.original", input, costMs, signal });
  if ("series" in made) return made.series;
  const { status, body } = made.refused;
  throw new ServiceError(status, body as ConstructorParameters<typeof ServiceError>[1]);
}

async function fetched(source: string, fetch: FetchOptions, compat: Compat, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await fetchSource(source, fetch, signal);
  } catch (error) {
    // What the original does not find, it did not foresee.
    const isLost = error instanceof ServiceError && (error.status === 404 || /^Failed to fetch/.test(error.detail));
    throw compat === "2.0.0" && isLost ? unforeseen("DataFetchError") : error;
  }
}

async function predictionOf(work: Inferring, pool: WorkPool): Promise<InferenceAnswer["prediction"]> {
  const { series, parameters, compat } = work;
  const isExplained = series.covariates !== undefined;
  const whole = compat === "newest" && isExplained ? undefined : await plain(work);
  const explained = isExplained ? await withCovariates(work, pool) : undefined;
  // The original moves the point alone by what the covariates explain.
  const full = tableOf((compat === "newest" ? explained : undefined) ?? whole ?? explained!);
  const point = [...(explained ?? whole!).point];
  return {
    point_forecast: [point],
    method: isExplained ? "covariates_enhanced" : "basic_timesfm",
    quantile_forecast: [rowsOf(full)],
    metadata: {
      input_series_count: 1,
      forecast_length: point.length,
      covariates_used: isExplained,
      quantiles_available: true,
    },
    ...(parameters.bandColumns !== null && { quantile_bands: bandsOf(full, parameters.bandColumns, compat) }),
  };
}

async function plain(work: Inferring): Promise<Forecast> {
  const { compat, ready } = work;
  const horizon = compat === "newest" ? work.horizon : ready.wanted.horizonLen;
  const [forecast] = await ready.model.forecast(queryOf(work, horizon));
  return forecast!;
}

async function withCovariates(work: Inferring, pool: WorkPool): Promise<Forecast> {
  const { compat, ready, series, horizon } = work;
  const most = ready.wanted.horizonLen;
  if (compat === "2.0.0" && horizon > most) {
    const reason = "Forecast requested longer horizon than the model definition supports";
    throw dataError(400, `${reason}: ${horizon} vs ${most}.`);
  }
  const options = { mode: "xreg + timesfm", ridge: 0, normalizeTarget: true, fitScope: "per_series" } as const;
  const fit = (input: Parameters<Parameters<typeof forecastWithCovariates>[4]>[0]) =>
    pool.run({ kind: "forecasting.covariates", input, costMs: FIT_COST_MS, signal: work.signal });
  const query = queryOf(work, horizon);
  const [forecast] = await forecastWithCovariates(ready.model, query, [series.covariates!], options, fit);
  return forecast!;
}

/** A regression over one context. */
const FIT_COST_MS = 20;

function queryOf({ ready, parameters, compat, series, signal }: Inferring, horizon: number): ForecastQuery {
  return {
    series: [{ values: series.values, frequency: parameters.frequency }],
    horizon,
    levels: LEVELS,
    contextLength: compat === "newest" ? contextOf(ready.model, series) : originalContext(ready),
    options: RELEASE,
    signal,
  };
}

/** As many points as there are, in whole patches, up to what the model looks at. */
function contextOf({ traits }: Model, { values }: PreparedSeries): number {
  return Math.min(Math.ceil(values.length / PATCH) * PATCH, traits.maxContext);
}

/** The original looks at the context that it was initialised with, and fails where that is no whole number of patches. */
function originalContext({ wanted: { contextLen } }: ReadyModel): number {
  if (contextLen % PATCH === 0) return contextLen;
  throw unforeseen("RuntimeError");
}

/** Mean and nine quantiles a step: the model's own where it has these. */
function tableOf({ full, point, quantiles }: Forecast): Table {
  if (full?.columns === COLUMNS) return full;
  if (quantiles.length !== LEVELS.length) throw new RequestError(422, "This model has no quantiles from 10 to 90 %.");
  const values = new Float64Array(point.length * COLUMNS);
  for (let step = 0; step < point.length; step++) {
    values[step * COLUMNS] = point[step]!;
    for (let index = 0; index < quantiles.length; index++)
      values[step * COLUMNS + 1 + index] = quantiles[index]![step]!;
  }
  return { columns: COLUMNS, values };
}

function rowsOf({ columns, values }: Table): number[][] {
  return Array.from({ length: values.length / columns }, (_, step) => [
    ...values.subarray(step * columns, (step + 1) * columns),
  ]);
}

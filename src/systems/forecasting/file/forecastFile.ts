import { RequestError } from "../../../platform/errors";
import { type ClassicalModel, classicalModels } from "../classical/classicalModels";
import { CLASSICAL_IDS, type ClassicalForecast, type ClassicalId, forecastSeries } from "../classical/forecastSeries";
import { fitCovariates } from "../covariates/fit";
import { type CovariateForecast, forecastWithCovariates } from "../covariates/forecast";
import { keptFromNegative } from "../decoding/nonNegative";
import type { Warning } from "../model";
import { covariatesOf } from "../reading/beside";
import type { DatedSeries } from "../reading/datedSeries";
import type { DataOptions } from "../reading/guess";
import { type DataRead, type ReadData, readSeries } from "../reading/readSeries";

export interface FileOptions extends DataOptions {
  /** One season where absent; the rows without a value at the end of the file where it has such. */
  horizon?: number;
  /** A built-in model, or `auto`; the ensemble where absent. */
  model?: string;
  /** Levels of the quantiles; 0.1, 0.5 and 0.9 where absent. */
  levels?: readonly number[];
}

export interface FileForecast {
  series: DatedSeries;
  horizon: number;
  dates: string[];
  /** With the shares of covariates where the file has some. */
  forecast: ClassicalForecast & Partial<Pick<CovariateForecast, "base" | "shares">>;
}

export interface FileAnswer {
  model: ClassicalId | "auto";
  levels: readonly number[];
  forecasts: FileForecast[];
  read: DataRead;
  warnings: ReadData["warnings"];
}

export const DEFAULT_LEVELS = [0.1, 0.5, 0.9];
export const MAX_FILE_HORIZON = 10_000;
/** Steps where a series has no season. */
const PLAIN_HORIZON = 12;

/** Forecasts every series of a file by a built-in model. @throws RequestError for a file or an option that does not do */
export async function forecastFile(bytes: Uint8Array, options: FileOptions = {}): Promise<FileAnswer> {
  const model = builtIn(options.model);
  const levels = options.levels ?? DEFAULT_LEVELS;
  const data = readSeries(bytes, options);
  const warnings = [...data.warnings];
  const forecasts: FileForecast[] = [];
  for (const series of data.series) {
    const horizon = horizonFor(series, options.horizon, data.emptyTail);
    const told: Warning[] = [];
    const forecast = await forecastOf(series, {
      model,
      horizon,
      levels,
      future: options.future,
      warn: (one) => told.push(one),
    });
    const { id } = series;
    const all = [...told, ...forecast.warnings];
    warnings.push(...all.map((warning) => (id === undefined ? warning : { ...warning, series: id })));
    forecasts.push({ series, horizon, dates: series.datesAfter(horizon), forecast });
  }
  return { model, levels, forecasts, read: data.read, warnings };
}

interface Asked {
  model: ClassicalId | "auto";
  horizon: number;
  levels: readonly number[];
  future: DataOptions["future"];
  warn: (warning: Warning) => void;
}

async function forecastOf(
  series: DatedSeries,
  { model, horizon, levels, future, warn }: Asked,
): Promise<FileForecast["forecast"]> {
  const { values } = series;
  const known = { values, ...(series.seasons && { seasons: seasonsIn(series) }) };
  if (series.beside.length === 0) return forecastSeries({ ...known, horizon, levels, model, nonNegative: "auto" });
  const covariates = covariatesOf(series, horizon, future, warn);
  // What the covariates leave of a series has values on both sides of 0.
  const query = { series: [known], horizon, levels, options: { non_negative: false } };
  const rules = { mode: "xreg + timesfm", ridge: 0, normalizeTarget: true, fitScope: "per_series" } as const;
  const [made] = await forecastWithCovariates(hereModel(model), query, [covariates], rules, async (input) =>
    fitCovariates(input),
  );
  const forecast = made as CovariateForecast & ClassicalForecast;
  for (const told of keptFromNegative("auto", values, [forecast.point, ...forecast.quantiles])) warn(told);
  return forecast;
}

/** A built-in model that calculates in this thread, as a command may. */
function hereModel(id: ClassicalId | "auto"): ClassicalModel {
  return classicalModels(async (inputs) => inputs.map(forecastSeries)).find(({ traits }) => traits.id === id)!;
}

/** The built-in model of a name. @throws RequestError 422 for another, with the names there are */
export function builtIn(model = "ensemble"): ClassicalId | "auto" {
  const known = [...CLASSICAL_IDS, "auto" as const].find((id) => id === model);
  if (known !== undefined) return known;
  throw new RequestError(422, `There is no built-in model ${model}. There are: ${CLASSICAL_IDS.join(", ")} and auto.`);
}

/** The calendar's seasons that the series holds twice. */
export function seasonsIn({ seasons = [], values }: DatedSeries): number[] {
  return seasons.filter((period) => values.length >= 2 * period);
}

/** @throws RequestError 422 for one that is out of bounds */
export function horizonFor(series: DatedSeries, stated: number | undefined, emptyTail: number): number {
  const horizon = stated ?? (emptyTail > 0 ? emptyTail : (seasonsIn(series)[0] ?? PLAIN_HORIZON));
  if (Number.isInteger(horizon) && horizon >= 1 && horizon <= MAX_FILE_HORIZON) return horizon;
  throw new RequestError(422, `The horizon is ${horizon}; give a whole number from 1 to ${MAX_FILE_HORIZON}.`);
}

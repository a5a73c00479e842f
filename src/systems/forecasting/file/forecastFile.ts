import { RequestError } from "../../../platform/errors";
import { CLASSICAL_IDS, type ClassicalId } from "../classical/forecastSeries";
import type { SeriesCovariates } from "../covariates/covariates";
import type { Warning } from "../model";
import { covariatesOf } from "../reading/beside";
import type { DatedSeries } from "../reading/datedSeries";
import type { DataOptions } from "../reading/guess";
import { type DataRead, type ReadData, readSeries } from "../reading/readSeries";
import { forecastOne, type SeriesForecast } from "./oneSeries";

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
  forecast: SeriesForecast;
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
    const { values } = series;
    const covariates = covariatesIn(series, horizon, options.future, (one) => told.push(one));
    const forecast = await forecastOne({ ...seasonsOf(series), values, horizon, levels, model }, covariates);
    const { id } = series;
    const all = [...told, ...forecast.warnings];
    warnings.push(...all.map((warning) => (id === undefined ? warning : { ...warning, series: id })));
    forecasts.push({ series, horizon, dates: series.datesAfter(horizon), forecast });
  }
  return { model, levels, forecasts, read: data.read, warnings };
}

/** The built-in model of a name. @throws RequestError 422 for another, with the names there are */
export function builtIn(model = "ensemble"): ClassicalId | "auto" {
  const known = [...CLASSICAL_IDS, "auto" as const].find((id) => id === model);
  if (known !== undefined) return known;
  throw new RequestError(422, `There is no built-in model ${model}. There are: ${CLASSICAL_IDS.join(", ")} and auto.`);
}

/** The covariates of a series over its values and a horizon; undefined where it has none. @throws RequestError 422 */
export function covariatesIn(
  series: DatedSeries,
  horizon: number,
  future: DataOptions["future"],
  warn: (warning: Warning) => void,
): SeriesCovariates | undefined {
  return series.beside.length === 0 ? undefined : covariatesOf(series, horizon, future, warn);
}

/** As a forecast is given them: absent where the calendar says nothing, and they are looked for. */
export function seasonsOf(series: DatedSeries): { seasons?: number[] } {
  return series.seasons === undefined ? {} : { seasons: seasonsIn(series) };
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

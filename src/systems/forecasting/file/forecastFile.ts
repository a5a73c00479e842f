import { RequestError } from "../../../platform/errors";
import { CLASSICAL_IDS, type ClassicalForecast, type ClassicalId, forecastSeries } from "../classical/forecastSeries";
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
  forecast: ClassicalForecast;
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
export function forecastFile(bytes: Uint8Array, options: FileOptions = {}): FileAnswer {
  const model = builtIn(options.model);
  const levels = options.levels ?? DEFAULT_LEVELS;
  const data = readSeries(bytes, options);
  const warnings = [...data.warnings];
  const forecasts = data.series.map((series): FileForecast => {
    const horizon = horizonFor(series, options.horizon, data.emptyTail);
    const input = { values: series.values, horizon, levels, model, nonNegative: "auto" as const };
    const forecast = forecastSeries({ ...input, ...(series.seasons && { seasons: seasonsIn(series) }) });
    const { id } = series;
    warnings.push(...forecast.warnings.map((warning) => (id === undefined ? warning : { ...warning, series: id })));
    return { series, horizon, dates: series.datesAfter(horizon), forecast };
  });
  return { model, levels, forecasts, read: data.read, warnings };
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

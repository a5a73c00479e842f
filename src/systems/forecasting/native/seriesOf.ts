import { RequestError } from "../../../platform/errors";
import type { Category, SeriesCovariates } from "../covariates/covariates";
import { dateAt } from "../reading/calendar";
import { namedFrequency } from "../reading/frequency";
import type { RequestSeries } from "./schema/request";
import { seriesName, type TaskSeries, type TaskWarning } from "./task";

/** The series of a request as the models take them, without their covariates. @throws RequestError 422 */
export function statedSeries(stated: RequestSeries, index: number): TaskSeries {
  const { id, values, start, freq } = stated;
  const named = { ...(id !== undefined && { id }), values };
  refuseEmpty(named, index);
  if (typeof freq !== "string") {
    if (start !== undefined) {
      throw new RequestError(
        422,
        `Series ${seriesName(named, index)} has a start and no step: give freq, such as D or MS.`,
      );
    }
    return { ...named, ...(freq !== undefined && { frequency: freq }) };
  }
  const { calendar, seasons, frequency } = namedFrequency(freq, start);
  return {
    ...named,
    ...(calendar && { calendar }),
    ...(seasons && { seasons: heldTwice(seasons, values) }),
    frequency,
  };
}

/** @throws RequestError 422 for a series in which nothing is a number */
export function refuseEmpty(series: TaskSeries, index: number): void {
  if (series.values.some((value) => Number.isFinite(value))) return;
  throw new RequestError(422, `Series ${seriesName(series, index)} has no value: give at least one number.`);
}

/** The seasons that a series shows twice, and those that are longer than it, which a model leaves out and tells. */
export function heldTwice(seasons: readonly number[], { length }: Float64Array): number[] {
  return seasons.filter((period) => length >= 2 * period || period > length);
}

/** The steps beyond the values for which the first dynamic covariate of a series has entries; undefined without one. */
export function coveredHorizon({ values, dynamic_numerical, dynamic_categorical }: RequestSeries): number | undefined {
  const [first] = [...Object.values(dynamic_numerical ?? {}), ...Object.values(dynamic_categorical ?? {})];
  return first === undefined || first.length <= values.length ? undefined : first.length - values.length;
}

interface Columns {
  horizon: number;
  future: "error" | "hold";
  warnings: TaskWarning[];
}

/** The covariates that a request states for a series. @throws RequestError 422 where the horizon has no values */
export function statedCovariates(
  stated: RequestSeries,
  series: TaskSeries,
  index: number,
  columns: Columns,
): SeriesCovariates | undefined {
  const { dynamic_numerical, dynamic_categorical, static_numerical, static_categorical } = stated;
  if (!(dynamic_numerical ?? dynamic_categorical ?? static_numerical ?? static_categorical)) return undefined;
  const whole = <Value>(column: string, values: ArrayLike<Value>, isMissing: (value: Value) => boolean) =>
    withFuture({ series, index, column, ...columns }, values, isMissing);
  return {
    ...(dynamic_numerical && {
      dynamicNumerical: eachOf(dynamic_numerical, (name, values) => whole(name, values, Number.isNaN)),
    }),
    ...(dynamic_categorical && {
      dynamicCategorical: eachOf(
        dynamic_categorical,
        (name, values) => whole(name, values, (value) => value === null) as readonly Category[],
      ),
    }),
    ...(static_numerical && { staticNumerical: static_numerical }),
    ...(static_categorical && { staticCategorical: static_categorical }),
  };
}

function eachOf<Value, Made>(
  columns: Record<string, Value>,
  make: (name: string, value: Value) => Made,
): Record<string, Made> {
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, make(name, value)]));
}

interface Column extends Columns {
  series: TaskSeries;
  index: number;
  column: string;
}

/** How many missing steps of one column are named. */
const MAX_NAMED = 10;

/** A dynamic column with an entry for each value and each step of the horizon, the last one held where that is asked for. */
export function withFuture<Value>(
  { series, index, column, horizon, future, warnings }: Column,
  given: ArrayLike<Value>,
  isMissing: (value: Value) => boolean,
): Value[] {
  const known = series.values.length;
  const name = seriesName(series, index);
  const entries = Array.from(given);
  // What looks back alone needs no more than the values have, and may be given more.
  if (horizon === 0) entries.length = Math.min(entries.length, known);
  if (entries.length > known + horizon) {
    const told = `${known} values and a horizon of ${horizon}`;
    throw new RequestError(
      422,
      `Series ${name}, covariate ${column}: expected ${known + horizon} entries, for ${told}; got ${entries.length}.`,
    );
  }
  const missing = Array.from({ length: known + horizon }, (_, place) => place).filter(
    (place) => place >= entries.length || isMissing(entries[place]!),
  );
  const past = missing.find((place) => place < known);
  if (past !== undefined) {
    throw new RequestError(
      422,
      `Series ${name}, covariate ${column}: there is no value at ${placeText(series, past)}; fill it, or leave the column out.`,
    );
  }
  if (missing.length === 0) return entries;
  if (future === "error") {
    const named = missing.slice(0, MAX_NAMED).map((place) => placeText(series, place));
    const more = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : "";
    throw new RequestError(
      422,
      `Series ${name}, covariate ${column}: the horizon has no value at ${named.join(", ")}${more}. Give them, or set future to hold, which repeats the last one.`,
    );
  }
  for (const place of missing) entries[place] = entries[place - 1]!;
  warnings.push({
    code: "covariate_held",
    message: `${column}: ${missing.length} missing steps of the horizon repeat the last value.`,
    series: name,
  });
  return entries;
}

function placeText({ calendar, values }: TaskSeries, place: number): string {
  if (calendar !== undefined) return dateAt(calendar, place);
  return place < values.length ? `value ${place + 1}` : `step ${place - values.length + 1}`;
}

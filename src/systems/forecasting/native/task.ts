import type { SeriesCovariates } from "../covariates/covariates";
import type { Frequency, Warning } from "../model";
import type { SeriesCalendar } from "../reading/calendar";
import type { DataRead } from "../reading/readSeries";
import type { RequestOptions } from "./schema/request";

/** What a request comes to once it is read: plain data, so that threads can be told of it. */

export interface TaskWarning extends Warning {
  /** The id of the series, or its place from 0 where it has none. */
  series?: string;
}

export interface TaskSeries {
  id?: string;
  /** NaN where a value is missing. */
  values: Float64Array;
  /** Absent where the series has no dates. */
  calendar?: SeriesCalendar;
  /** Points of its seasons; looked for where absent. */
  seasons?: number[];
  frequency?: Frequency;
  covariates?: SeriesCovariates;
}

/** What all series of a request have in common. */
export interface TaskHead {
  model: string;
  horizon: number;
  contextLength?: number;
  /** Of the quantiles, as they are to be answered. */
  levels: number[];
  options: RequestOptions;
  /** `auto` keeps a series that is never below 0 from going there; absent where the model decides. */
  nonNegative?: boolean | "auto";
  count: number;
  hasCovariates: boolean;
  read?: DataRead;
  warnings: TaskWarning[];
}

/** How a series is called in warnings and faults. */
export function seriesName({ id }: Pick<TaskSeries, "id">, index: number): string {
  return id ?? String(index);
}

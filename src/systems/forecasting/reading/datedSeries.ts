import type { SeriesCalendar } from "./calendar";

/** One evenly spaced series of a file. */
export interface DatedSeries {
  id?: string;
  /** NaN where a value is missing, gaps included. */
  values: Float64Array;
  /** The date of each value, as the file writes dates; empty where it has none. */
  dates: string[];
  /** The dates of the steps that follow. */
  datesAfter(horizon: number): string[];
  /** What the calendar says of its seasons; undefined where that says nothing. */
  seasons: number[] | undefined;
  /** Absent where the file has no dates. */
  calendar?: SeriesCalendar;
  /** The covariates, over the points and as far ahead as the file goes. */
  beside: BesideColumn[];
}

/** A column that is known beside the target: numbers where each cell is one, else categories. */
export type BesideColumn =
  | { name: string; kind: "numerical"; values: Float64Array }
  | { name: string; kind: "categorical"; values: (string | undefined)[] };

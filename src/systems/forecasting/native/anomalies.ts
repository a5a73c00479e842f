import type { ClassicalId } from "../classical/forecastSeries";
import { type AnomalyRules, judgedPoints } from "../judging/anomalies";
import { expectedPoints } from "../judging/expectedPoints";
import { dateAt, type SeriesCalendar } from "../reading/calendar";
import { type EncodedPart, encodedList } from "./encode";

export interface AnomaliesInput {
  series: readonly WatchedSeries[];
  /** The built-in model that says what is expected, of series of which nothing is said. */
  model: ClassicalId | "auto" | undefined;
  rules: AnomalyRules;
}

export interface WatchedSeries {
  id?: string;
  values: Float64Array;
  calendar?: SeriesCalendar;
  seasons?: number[];
  /** What a model said of each point one step before; NaN where it said nothing. */
  expected?: Float64Array;
}

/** Every point of the series with how it was judged, as members of the answer's list. */
export function encodedAnomalies({ series, model, rules }: AnomaliesInput): EncodedPart {
  const told = series.map(({ id, values, calendar, seasons, expected }) => {
    const points = judgedPoints(values, expected ?? expectedPoints(values, model!, seasons), rules);
    return {
      ...(id !== undefined && { id }),
      anomalies: points.filter(({ anomaly }) => anomaly).length,
      rows: points.map((point, t) => ({ ...(calendar && { date: dateAt(calendar, t) }), ...point })),
    };
  });
  return { json: encodedList(told), warnings: [] };
}

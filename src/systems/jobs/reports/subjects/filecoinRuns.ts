import { epochDay, isoDateOf } from "../../../../numeric/calendar";
import { type Names, nameOf } from "./names";
import { isObject, type JsonObject, memberAt, type Values, valuesOf } from "./shapes";

/** What every run of a batch gave on some days, and the inputs that it had. */
export interface Runs {
  /** The days, as dates. */
  dates: readonly string[];
  /** A value for each run. */
  inputs: readonly { title: string; unit: string; values: Values }[];
  /** For each day a value for each run. */
  series: readonly { member: string; title: string; unit: string; byDay: readonly Values[] }[];
}

/** The `points` of an answer; undefined where it has none. */
export function runsOf(result: JsonObject, names: Names): Runs | undefined {
  const points = memberAt(result, "points");
  const [days, series, inputs] = ["days", "series", "inputs"].map((name) => memberAt(points, name));
  const dayValues = valuesOf(days);
  const current = memberAt(result, "dates", "current_date");
  const startDay = typeof current === "string" ? epochDay(current) : undefined;
  if (dayValues === undefined || !isObject(series) || startDay === undefined) return undefined;
  return {
    dates: Array.from(dayValues, (day) => isoDateOf(startDay + day)),
    inputs: Object.entries(isObject(inputs) ? inputs : {}).flatMap(([member, list]) => {
      const values = valuesOf(list);
      return values === undefined ? [] : [{ ...nameOf(member, names), values }];
    }),
    series: Object.entries(series).flatMap(([member, lists]) => {
      const byDay = Array.isArray(lists) ? lists.map((list) => valuesOf(list) ?? new Float64Array()) : [];
      return byDay.length === dayValues.length ? [{ member, ...nameOf(member, names), byDay }] : [];
    }),
  };
}

import { epochDay } from "../../../../numeric/calendar";
import type { LineChartX } from "../../../../platform/charts";
import { isNumber, isObject, type JsonObject, memberAt, valuesOf } from "./shapes";

/** What the points of a series are counted by: the members that results have for it. */

/** Lists that say where points lie, not what they are. */
const AXIS_NAMES = ["days", "day", "dates", "date", "t", "time", "times", "steps", "step", "x", "index", "iterations"];

export function isAxis(member: string): boolean {
  return AXIS_NAMES.includes(member);
}

/** The axis for series of that many points, looked for in the objects around them from the inside out. */
export function axisFor(count: number, around: readonly JsonObject[]): LineChartX {
  for (const object of around) {
    const own = listedAxis(count, object) ?? datedAxis(count, object);
    if (own !== undefined) return own;
  }
  return { values: Float64Array.from({ length: count }, (_, i) => i), title: "Step" };
}

function listedAxis(count: number, object: JsonObject): LineChartX | undefined {
  for (const name of AXIS_NAMES) {
    const list = memberAt(object, name);
    if (!Array.isArray(list) || list.length !== count) continue;
    const days = list.map((entry) => (typeof entry === "string" ? epochDay(entry.slice(0, 10)) : undefined));
    if (days.every((day) => day !== undefined))
      return evenDates(days) ?? { values: days, title: "Days from 1970-01-01" };
    const values = valuesOf(list);
    if (values !== undefined) return { values, title: name.charAt(0).toUpperCase() + name.slice(1) };
  }
  return undefined;
}

function evenDates(days: readonly number[]): LineChartX | undefined {
  const [first, second = first! + 1] = days;
  const stepDays = second - first!;
  return stepDays > 0 && days.every((day, i) => day === first! + i * stepDays)
    ? { startDay: first!, stepDays }
    : undefined;
}

/** `{first_date, step_days, count}`: the object itself, its `dates`, or a member of those. */
function datedAxis(count: number, object: JsonObject): LineChartX | undefined {
  const dates = memberAt(object, "dates");
  const candidates = [object, dates, ...(isObject(dates) ? Object.values(dates) : [])];
  for (const candidate of candidates) {
    const [first, step, points] = ["first_date", "step_days", "count"].map((name) => memberAt(candidate, name));
    const startDay = typeof first === "string" ? epochDay(first) : undefined;
    if (startDay !== undefined && isNumber(step) && points === count) return { startDay, stepDays: step };
  }
  return undefined;
}

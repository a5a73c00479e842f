import { RequestError } from "../../../platform/errors";
import type { Frequency } from "../model";
import type { SeriesCalendar } from "./calendar";
import { datesOf } from "./dates";
import { calendarSeasons, type Step, stepFrom } from "./steps";

/** What a name of a frequency says of a series. */
export interface NamedFrequency {
  /** Absent where no start is known. */
  calendar?: SeriesCalendar;
  /** Points of its seasons; undefined where the step says nothing. */
  seasons: number[] | undefined;
  frequency: Frequency;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

type Unit = { ms: number } | { months: number; at: "start" | "any" } | { business: true };

/** By the names that pandas has for them, the former ones too. */
const UNITS: Readonly<Record<string, Unit>> = {
  s: { ms: SECOND_MS },
  S: { ms: SECOND_MS },
  min: { ms: MINUTE_MS },
  T: { ms: MINUTE_MS },
  h: { ms: HOUR_MS },
  H: { ms: HOUR_MS },
  D: { ms: DAY_MS },
  W: { ms: WEEK_MS },
  B: { business: true },
  MS: { months: 1, at: "start" },
  M: { months: 1, at: "any" },
  ME: { months: 1, at: "any" },
  QS: { months: 3, at: "start" },
  Q: { months: 3, at: "any" },
  QE: { months: 3, at: "any" },
  YS: { months: 12, at: "start" },
  AS: { months: 12, at: "start" },
  Y: { months: 12, at: "any" },
  YE: { months: 12, at: "any" },
  A: { months: 12, at: "any" },
};

const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MAX_MULTIPLE = 1000;

/**
 * What the name of a calendar step says, such as `MS`, `W-MON`, `B` or `15min`; docs/forecasting.md, "Series".
 * @param start the date of the first value, in any form that files may have
 * @throws RequestError 422 for a name that is none, or a start that is no date or not on the step
 */
export function namedFrequency(name: string, start: string | undefined): NamedFrequency {
  const match = /^(\d{1,4})?([A-Za-z]+)(?:-([A-Z]{3}))?$/.exec(name.trim());
  const unit = match === null || !Object.hasOwn(UNITS, match[2]!) ? undefined : UNITS[match[2]!];
  const multiple = Number(match?.[1] ?? 1);
  if (unit === undefined || multiple < 1 || multiple > MAX_MULTIPLE) throw unknownName(name);
  const first = start === undefined ? undefined : startOf(start);
  const step = stepOf(unit, multiple, first?.time);
  const seasons = calendarSeasons(step, first?.form ?? { kind: "unix_ms" });
  const frequency = classOf(step);
  if (first === undefined) return { seasons, frequency };
  const weekday = WEEKDAYS[new Date(first.time).getUTCDay()];
  const isOn = stepFrom(first.time, 0, step) === first.time && (!isWeekly(step) || (match![3] ?? weekday) === weekday);
  if (!isOn)
    throw new RequestError(422, `start ${start} is not on the step ${name}: give a date that is, or another freq.`);
  return { calendar: { start: first.time, step, form: first.form }, seasons, frequency };
}

function startOf(start: string) {
  const dates = datesOf([start], "date");
  if (dates !== undefined) return { time: dates.times[0]!, form: dates.form };
  throw new RequestError(
    422,
    `start ${JSON.stringify(start.slice(0, 40))} is no date: write it as YYYY-MM-DD, with a time where it has one.`,
  );
}

function stepOf(unit: Unit, multiple: number, start: number | undefined): Step {
  if ("ms" in unit) return { kind: "plain", count: multiple * unit.ms };
  if ("business" in unit) return { kind: "business" };
  return { kind: "months", count: multiple * unit.months, day: unit.at === "start" ? 1 : dayOf(start) };
}

/** On which day of their month the values stand; 31 where the first is on the last day of its own. */
function dayOf(start: number | undefined): number {
  if (start === undefined) return 31;
  const date = new Date(start);
  return new Date(start + DAY_MS).getUTCDate() === 1 ? 31 : date.getUTCDate();
}

function isWeekly(step: Step): boolean {
  return step.kind === "plain" && step.count % WEEK_MS === 0;
}

/** TimesFM's three classes: up to daily, weekly and monthly, slower. */
function classOf(step: Step): Frequency {
  if (step.kind === "months") return step.count < 3 ? 1 : 2;
  return step.kind === "plain" && step.count >= WEEK_MS ? 1 : 0;
}

function unknownName(name: string): RequestError {
  const known = Object.keys(UNITS).join(", ");
  return new RequestError(
    422,
    `freq ${JSON.stringify(name.slice(0, 40))} is none of ${known}, with a number before or a weekday behind (15min, W-MON).`,
  );
}

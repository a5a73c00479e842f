import { clockTime, type DateForm, dateText } from "./dates";
import { type Step, stepFrom } from "./steps";

/** Where a series stands in time: plain data, so that a thread can be told of it. */
export interface SeriesCalendar {
  /** The time of the first value, in the unit of {@link SeriesCalendar.form}. */
  start: number;
  step: Step;
  form: DateForm;
}

/** The date of the value at `index`, as the caller writes dates; the steps after the last value count on. */
export function dateAt({ start, step, form }: SeriesCalendar, index: number): string {
  return dateText(stepFrom(start, index, step), form);
}

/** The dates of the `count` values from `from` on. */
export function datesFrom(calendar: SeriesCalendar, from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => dateAt(calendar, from + index));
}

/** The day of the value at `index` where it was written down: a date whose UTC members are those of the calendar there. */
export function dayAt({ start, step, form }: SeriesCalendar, index: number): Date {
  const time = stepFrom(start, index, step);
  return new Date(form.kind === "year" ? Date.UTC(time, 0, 1) : clockTime(time, form));
}

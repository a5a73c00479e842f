import { RequestError } from "../../../platform/errors";
import type { SeriesCovariates } from "../covariates/covariates";
import { dayAt } from "../reading/calendar";
import type { RequestOptions } from "./schema/request";
import { seriesName, type TaskSeries } from "./task";

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/**
 * The covariates of a series with those that its dates make: the weekday, the month, whether it is one of the given
 * holidays. @throws RequestError 422 for a series without dates
 */
export function withCalendarColumns(
  series: TaskSeries,
  index: number,
  horizon: number,
  { calendar, holidays }: Pick<RequestOptions, "calendar" | "holidays">,
): SeriesCovariates | undefined {
  const { covariates } = series;
  if (calendar.length === 0 && holidays.length === 0) return covariates;
  const place = series.calendar;
  if (place === undefined || place.form.kind === "index") {
    throw new RequestError(
      422,
      `Series ${seriesName(series, index)} has no dates, of which calendar and holidays are made: give start and freq.`,
    );
  }
  const days = Array.from({ length: series.values.length + horizon }, (_, point) => dayAt(place, point));
  const free = new Set(holidays.map(dayText));
  const made = {
    weekday: () => days.map((day) => WEEKDAYS[day.getUTCDay()]!),
    month: () => days.map((day) => day.getUTCMonth() + 1),
  };
  const columns = Object.fromEntries(calendar.map((name) => [name, made[name]()]));
  const isFree = days.map((day) => (free.has(day.toISOString().slice(0, 10)) ? 1 : 0));
  return {
    ...covariates,
    dynamicCategorical: { ...covariates?.dynamicCategorical, ...columns },
    dynamicNumerical: { ...covariates?.dynamicNumerical, ...(holidays.length > 0 && { holiday: isFree }) },
  };
}

function dayText(date: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(date)) return date;
  throw new RequestError(422, `options.holidays: ${JSON.stringify(date)} is no date; write it as YYYY-MM-DD.`);
}

/** The days of a run. */
export interface Calendar {
  /** Days since 1970 of day 0. */
  startDay: number;
  days: number;
  year: Int32Array;
  /** 1 to 12. */
  month: Uint8Array;
  /** 1 to 31. */
  date: Uint8Array;
  /** 1 to 366. */
  dayOfYear: Uint16Array;
  /** 0 is Sunday. */
  weekday: Uint8Array;
}

const DAY_MS = 86_400_000;

export function createCalendar(startDay: number, days: number): Calendar {
  const calendar: Calendar = {
    startDay,
    days,
    year: new Int32Array(days),
    month: new Uint8Array(days),
    date: new Uint8Array(days),
    dayOfYear: new Uint16Array(days),
    weekday: new Uint8Array(days),
  };
  for (let day = 0; day < days; day++) {
    const at = new Date((startDay + day) * DAY_MS);
    calendar.year[day] = at.getUTCFullYear();
    calendar.month[day] = at.getUTCMonth() + 1;
    calendar.date[day] = at.getUTCDate();
    calendar.dayOfYear[day] = (at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / DAY_MS + 1;
    calendar.weekday[day] = at.getUTCDay();
  }
  return calendar;
}

/**
 * Hours from `hour` to the next time strictly after it that is `hourOfDay` of that month and date, of `year` where one
 * is given. Infinity where it never comes.
 */
export function hoursUntil(
  { startDay }: Calendar,
  hour: number,
  year: number | undefined,
  month: number,
  date: number,
  hourOfDay: number,
): number {
  const from = year ?? new Date((startDay + Math.floor(hour / 24)) * DAY_MS).getUTCFullYear();
  // A leap day waits eight years where a century is none.
  const last = year ?? from + 9;
  for (let tried = from; tried <= last; tried++) {
    const at = Date.UTC(tried, month - 1, date);
    if (new Date(at).getUTCDate() !== date) continue;
    const hours = (at / DAY_MS - startDay) * 24 + hourOfDay - hour;
    if (hours > 0) return hours;
  }
  return Number.POSITIVE_INFINITY;
}

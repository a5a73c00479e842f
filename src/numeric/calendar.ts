const DAY_MS = 86_400_000;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Whole days from 1970-01-01 to a calendar date `YYYY-MM-DD`, both in UTC; `undefined` for any other text and for
 * dates that the calendar does not have, such as 2025-02-30.
 */
export function epochDay(isoDate: string): number | undefined {
  if (!ISO_DATE.test(isoDate)) return undefined;
  const timeMs = Date.parse(`${isoDate}T00:00:00Z`);
  if (Number.isNaN(timeMs)) return undefined;
  const day = timeMs / DAY_MS;
  return isoDateOf(day) === isoDate ? day : undefined;
}

/** The calendar date `YYYY-MM-DD` that lies `day` days after 1970-01-01. */
export function isoDateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Days from `day` to the first Monday on or after it: 0 to 6. Day 0, 1970-01-01, was a Thursday. */
export function daysUntilMonday(day: number): number {
  return (((4 - day) % 7) + 7) % 7;
}

import { daysUntilMonday } from "../../numeric/calendar";

/** One mark of an axis of dates. */
export interface DateTick {
  /** Days from 1970-01-01, with fractions, in UTC. */
  day: number;
  /** `2027`, `Oct`, `15 Sep`, `14:00`. */
  label: string;
  /** What the label leaves open, such as its year: given at the first mark and where it changes, else empty. */
  context: string;
}

type Kind = "year" | "month" | "week" | "day" | "time";

interface DateStep {
  kind: Kind;
  /** In years, months, weeks, days, or days again for times. */
  count: number;
  /** About so long. */
  days: number;
}

const DAY_MS = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function stepsOf(kind: Kind, unitDays: number, counts: readonly number[]): DateStep[] {
  return counts.map((count) => ({ kind, count, days: count * unitDays }));
}

const STEPS: readonly DateStep[] = [
  ...stepsOf("time", 1, [1 / 1440, 5 / 1440, 15 / 1440, 30 / 1440, 1 / 24, 2 / 24, 3 / 24, 6 / 24, 12 / 24]),
  ...stepsOf("day", 1, [1, 2]),
  ...stepsOf("week", 7, [1, 2]),
  ...stepsOf("month", 30.4, [1, 3, 6]),
  ...stepsOf("year", 365.25, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]),
];

/** Days that have a date of four digits: the years 1000 to 9999. */
const FIRST_DAY = Date.UTC(1000, 0, 1) / DAY_MS;
const LAST_DAY = Date.UTC(9999, 11, 31) / DAY_MS;

/** Whether days from `low` to `high` can be shown as dates. */
export function areDates(low: number, high: number): boolean {
  return low >= FIRST_DAY && high <= LAST_DAY;
}

/**
 * At most about `most` round dates from `low` to `high`, days that {@link areDates}: years, quarters, months, days, and
 * times where the points are less than a day apart.
 */
export function dateTicks(low: number, high: number, most: number, apartDays: number): DateTick[] {
  const steps = apartDays < 1 ? STEPS : STEPS.filter(({ kind }) => kind !== "time");
  const step = steps.find(({ days }) => (high - low) / days <= most) ?? STEPS.at(-1)!;
  let before = "";
  return daysOf(step, low, high).map((day) => {
    const { label, context } = wordsOf(step.kind, new Date(Math.round(day * DAY_MS)));
    const tick = { day, label, context: context === before ? "" : context };
    before = context;
    return tick;
  });
}

/** Days from `low` to `high` at which that step falls. */
function daysOf(step: DateStep, low: number, high: number): number[] {
  const days: number[] = [];
  const nth = placesOf(step, low);
  for (let i = 0, day = nth(0); day <= high + 1e-9; i++, day = nth(i)) {
    if (day >= low - 1e-9) days.push(day);
  }
  return days;
}

/** The i-th place of that step, counted from a place not after the first behind `low`. */
function placesOf({ kind, count, days }: DateStep, low: number): (i: number) => number {
  const start = new Date(Math.floor(low) * DAY_MS);
  const year = start.getUTCFullYear();
  if (kind === "year") {
    const first = Math.floor(year / count) * count;
    return (i) => dayOf(first + i * count, 0);
  }
  if (kind === "month") {
    const first = Math.floor(start.getUTCMonth() / count) * count;
    return (i) => dayOf(year, first + i * count);
  }
  if (kind === "week") {
    const monday = Math.floor(low) + daysUntilMonday(Math.floor(low)) - 7;
    return (i) => monday + i * days;
  }
  const first = Math.floor(low / count);
  return (i) => (first + i) * count;
}

/** Years below 100 are meant as they stand, which `Date.UTC` does not. */
function dayOf(year: number, month: number): number {
  return new Date(0).setUTCFullYear(year, month, 1) / DAY_MS;
}

function wordsOf(kind: Kind, date: Date): { label: string; context: string } {
  const year = String(date.getUTCFullYear());
  const month = MONTHS[date.getUTCMonth()]!;
  const dayAndMonth = `${date.getUTCDate()} ${month}`;
  if (kind === "year") return { label: year, context: "" };
  if (kind === "month") return { label: month, context: year };
  if (kind === "time") return { label: date.toISOString().slice(11, 16), context: `${dayAndMonth} ${year}` };
  return { label: dayAndMonth, context: year };
}

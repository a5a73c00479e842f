import type { DateForm } from "./dates";

/** The distance between two points of a series, by the calendar where it has one. */
export type Step =
  /** On one day of the month, its last one where a month is shorter; 31 is the last day of each. */
  | { kind: "months"; count: number; day: number }
  | { kind: "business" }
  /** In the unit of the times: milliseconds, or 1 for an index or years. */
  | { kind: "plain"; count: number };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The step that most points keep. @param times ascending, without repeats */
export function stepOf(times: Float64Array, form: DateForm): Step {
  if (times.length < 2) return { kind: "plain", count: form.kind === "index" || form.kind === "year" ? 1 : DAY_MS };
  const [first] = times;
  const isDaily = times.every((time) => (time - first!) % DAY_MS === 0);
  if (form.kind === "calendar" && form.isWall && isDaily)
    return monthStep(times) ?? businessStep(times) ?? plainStep(times);
  return plainStep(times);
}

function monthStep(times: Float64Array): Step | undefined {
  const dates = Array.from(times, (time) => new Date(time));
  const day = dates.reduce((most, date) => Math.max(most, date.getUTCDate()), 0);
  const last = dates.every((date) => date.getUTCDate() === daysIn(date));
  const kept = last ? 31 : day;
  if (!dates.every((date) => date.getUTCDate() === Math.min(kept, daysIn(date)))) return undefined;
  const months = dates.map(monthOf);
  const count = months.slice(1).reduce((all, month, index) => divisor(all, month - months[index]!), 0);
  return count > 0 ? { kind: "months", count, day: kept } : undefined;
}

function monthOf(date: Date): number {
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function daysIn(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function businessStep(times: Float64Array): Step | undefined {
  const weekday = (time: number) => new Date(time).getUTCDay();
  if (times.length < 6 || times.some((time) => weekday(time) === 0 || weekday(time) === 6)) return undefined;
  const nextDay = times.filter((time, index) => index > 0 && time - times[index - 1]! === DAY_MS).length;
  return nextDay > times.length / 2 ? { kind: "business" } : undefined;
}

function plainStep(times: Float64Array): Step {
  const counts = new Map<number, number>();
  for (let index = 1; index < times.length; index++) {
    const apart = times[index]! - times[index - 1]!;
    counts.set(apart, (counts.get(apart) ?? 0) + 1);
  }
  const [count] = [...counts].reduce((most, one) =>
    one[1] > most[1] || (one[1] === most[1] && one[0] < most[0]) ? one : most,
  );
  return { kind: "plain", count };
}

/** How many steps `time` lies after `start`; not a whole number where it is not on the grid. */
export function stepsBetween(start: number, time: number, step: Step): number {
  if (step.kind === "plain") return (time - start) / step.count;
  if (step.kind === "months") return (monthOf(new Date(time)) - monthOf(new Date(start))) / step.count;
  return businessDay(time) - businessDay(start);
}

/** Business days since Monday, 1970-01-05. */
function businessDay(time: number): number {
  const days = Math.floor(time / DAY_MS) - 4;
  return Math.floor(days / 7) * 5 + Math.min(4, ((days % 7) + 7) % 7);
}

/** The point that lies `steps` after `start`, at the same time of day. */
export function stepFrom(start: number, steps: number, step: Step): number {
  if (step.kind === "plain") return start + steps * step.count;
  const timeOfDay = start - Math.floor(start / DAY_MS) * DAY_MS;
  if (step.kind === "business") {
    const day = businessDay(start) + steps;
    return (4 + Math.floor(day / 5) * 7 + (((day % 5) + 5) % 5)) * DAY_MS + timeOfDay;
  }
  const month = monthOf(new Date(start)) + steps * step.count;
  const first = new Date(Date.UTC(Math.floor(month / 12), month % 12, 1));
  return Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(step.day, daysIn(first))) + timeOfDay;
}

/** Seasons that the calendar gives to a step, shortest first; undefined where it says nothing. */
export function calendarSeasons(step: Step, form: DateForm): number[] | undefined {
  if (form.kind === "index" || form.kind === "year") return undefined;
  if (step.kind === "business") return [5];
  if (step.kind === "months") return step.count < 12 && 12 % step.count === 0 ? [12 / step.count] : [];
  if (step.count === DAY_MS) return [7];
  if (step.count === 7 * DAY_MS) return [52];
  if (step.count < DAY_MS && DAY_MS % step.count === 0) return [DAY_MS / step.count, (7 * DAY_MS) / step.count];
  return undefined;
}

/** For people: `monthly`, `every 15 minutes`. */
export function stepText(step: Step, form: DateForm): string {
  if (step.kind === "business") return "business days";
  if (step.kind === "months")
    return { 1: "monthly", 3: "quarterly", 12: "yearly" }[step.count] ?? `every ${step.count} months`;
  if (form.kind === "year") return step.count === 1 ? "yearly" : `every ${step.count} years`;
  if (form.kind === "index") return `an index in steps of ${step.count}`;
  const known: Record<number, string> = { [HOUR_MS]: "hourly", [DAY_MS]: "daily", [7 * DAY_MS]: "weekly" };
  return known[step.count] ?? `every ${step.count / 60_000} minutes`;
}

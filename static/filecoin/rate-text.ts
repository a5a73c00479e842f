import { formatDate, parseDate } from "../common/format";
import { type Knots, knotsThrough } from "./rate";

/** What a text of a line over time may hold. */
export interface RateLimits {
  min: number;
  max: number;
  days: number;
  /** The first forecast day, seconds since the epoch. */
  todayS: number;
}

const DAY_S = 86_400;
const AT_DAY = /^(\d+)\s*:\s*(\S+)$/;
const AT_DATE = /^(\d{4}-\d\d-\d\d)[\s,;:]+(\S+)$/;

/** The line as text, a point a line: `365: 4`. */
export function rateText(knots: Knots): string {
  return knots.map(([day, value]) => `${day}: ${value}`).join("\n");
}

/**
 * Reads points (`365: 4` or `2026-09-09, 4`, one a line), or bare values that are `spacingDays` apart. Gives a sentence
 * where it cannot.
 */
export function readRateText(text: string, limits: RateLimits, spacingDays: number): Knots | string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  if (lines.length === 0) return "Expected at least one value.";
  const isPoints = AT_DAY.test(lines[0]!) || AT_DATE.test(lines[0]!);
  return isPoints ? readPoints(lines, limits) : readValues(lines, limits, spacingDays);
}

function readPoints(lines: readonly string[], limits: RateLimits): Knots | string {
  const knots: [number, number][] = [];
  for (const line of lines) {
    const [, day, atDay] = AT_DAY.exec(line) ?? [];
    const [, date, atDate] = AT_DATE.exec(line) ?? [];
    const at = day !== undefined ? Number(day) : Math.round((parseDate(date ?? "") - limits.todayS) / DAY_S);
    if (!(at >= 0)) {
      return `“${line.slice(0, 40)}”: expected day: value, or date, value from ${formatDate(limits.todayS)} on.`;
    }
    const value = readValue(atDay ?? atDate ?? "", limits);
    if (typeof value === "string") return value;
    if (knots.length > 0 && at <= knots.at(-1)![0]) return `“${line.slice(0, 40)}”: days must ascend.`;
    if (at < limits.days) knots.push([at, value]);
  }
  return knots.length === 0 ? `Expected a day below ${limits.days}, the horizon.` : knots;
}

function readValues(lines: readonly string[], limits: RateLimits, spacingDays: number): Knots | string {
  const words = lines.flatMap((line) => line.split(/[\s,;]+/)).filter(Boolean);
  const values: number[] = [];
  for (const word of words) {
    const value = readValue(word, limits);
    if (typeof value === "string") return value;
    if (values.length * spacingDays < limits.days) values.push(value);
  }
  return knotsThrough(values).map(([place, value]) => [place * spacingDays, value] as const);
}

function readValue(word: string, { min, max }: RateLimits): number | string {
  const value = Number(word);
  return value >= min && value <= max ? value : `“${word.slice(0, 20)}”: expected a number from ${min} to ${max}.`;
}

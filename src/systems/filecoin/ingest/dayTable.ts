import { epochDay, isoDateOf } from "../../../numeric/calendar";
import { SpacescopeFault } from "./fault";
import { type FieldOf, SOURCES, type SourceName } from "./sources";

/** The rows of one table by their day, counted from 1970-01-01. */
export type DayTable<Name extends SourceName> = ReadonlyMap<number, Readonly<Record<FieldOf<Name>, number>>>;

export interface ReadTable<Name extends SourceName> {
  days: DayTable<Name>;
  /** A sentence for each thing that was mended. */
  notes: string[];
}

const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;
const DATED = /^(\d{4}-\d{2}-\d{2})(?:[T ]|$)/;
const MAX_NAMED_DAYS = 3;

/**
 * The rows of a table, each read as numbers under its calendar date as written, in whatever order they came. Of
 * several rows for one day the last one counts; one that lacks a finite number is left out, as if it had not come.
 * @throws SpacescopeFault when a row has no date.
 */
export function readTable<Name extends SourceName>(name: Name, rows: readonly unknown[]): ReadTable<Name> {
  const days = new Map<number, Record<string, number>>();
  const repeated = new Set<number>();
  const contradictory = new Set<number>();
  const unreadable: string[] = [];
  for (const [index, row] of rows.entries()) {
    const { day, members } = datedRow(name, row, index);
    const values = readFigures(name, members);
    if (typeof values === "string") {
      unreadable.push(`${SOURCES[name].path}: the row of ${isoDateOf(day)} is left out: ${values}`);
      continue;
    }
    const before = days.get(day);
    if (before !== undefined) (equal(before, values) ? repeated : contradictory).add(day);
    days.set(day, values);
  }
  const notes = [
    ...noteOn(name, repeated, "sent more than once"),
    ...noteOn(name, contradictory, "sent more than once with different figures; the last ones count"),
    ...(unreadable.length > 1 ? [`${unreadable[0]} So are ${unreadable.length - 1} more.`] : unreadable),
  ];
  return { days: days as unknown as DayTable<Name>, notes };
}

/** Days in words: the first few by date, the others by their number. */
export function daysInWords(days: readonly number[]): string {
  const named = days.slice(0, MAX_NAMED_DAYS).map(isoDateOf).join(", ");
  const more = days.length - MAX_NAMED_DAYS;
  return more > 0 ? `${named} and ${more} more` : named;
}

function noteOn(name: SourceName, days: ReadonlySet<number>, what: string): string[] {
  if (days.size === 0) return [];
  return [`${SOURCES[name].path}: ${daysInWords([...days].sort((a, b) => a - b))} ${what}.`];
}

function datedRow(name: SourceName, row: unknown, index: number) {
  const { path, dateField } = SOURCES[name];
  const members = (row !== null && typeof row === "object" ? row : {}) as Record<string, unknown>;
  const date = members[dateField];
  const day = typeof date === "string" ? epochDay(DATED.exec(date)?.[1] ?? "") : undefined;
  if (day !== undefined) return { day, members };
  throw new SpacescopeFault("data", `${path}: row ${index}: expected a date in ${dateField}, got ${shown(date)}.`);
}

/** The figures of a row, or a sentence that names the one that is none. */
function readFigures(name: SourceName, members: Record<string, unknown>): Record<string, number> | string {
  const values: Record<string, number> = {};
  for (const field of SOURCES[name].fields) {
    const number = numberIn(members[field]);
    if (number === undefined) return `expected a number in ${field}, got ${shown(members[field])}.`;
    values[field] = number;
  }
  return values;
}

/** The service sends some figures as numbers and some as texts. */
function numberIn(value: unknown): number | undefined {
  const number = typeof value === "string" && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value !== null && typeof value === "object") return Array.isArray(value) ? "a list" : "an object";
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : String(value);
}

function equal(a: Record<string, number>, b: Record<string, number>): boolean {
  return Object.keys(a).every((field) => a[field] === b[field]);
}

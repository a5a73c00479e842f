import { RequestError } from "../../../platform/errors";
import type { Warning } from "../model";
import { type Dates, dateText } from "./dates";
import { type Columns, cellsOf, type DataOptions } from "./guess";
import { isMissing } from "./numbers";
import type { TextTable } from "./table";

/** How one series of a file is read. */
export interface Reading {
  table: TextTable;
  columns: Columns;
  options: DataOptions;
  warnings: (Warning & { series?: string; rows?: number[] })[];
}

export type Joining = NonNullable<DataOptions["duplicates"]>;

/** Rows that belong to one value, and that value's time. */
export interface TimedRows {
  time: number;
  rows: number[];
}

/** Rows that a warning names. */
const MAX_NAMED_ROWS = 20;

/**
 * Rows by their times, and how those with one time become one value.
 * @param ordered rows by time
 * @throws RequestError 422 for rows with one time, unless it is said or plain what they are
 */
export function joinedRows(
  ordered: readonly number[],
  { name, dates }: { name: string; dates: Dates },
  reading: Reading,
): { groups: TimedRows[]; joining: Joining } {
  const groups: TimedRows[] = [];
  for (const row of ordered) {
    const time = dates.times[row]!;
    const last = groups.at(-1);
    if (last?.time === time) last.rows.push(row);
    else groups.push({ time, rows: [row] });
  }
  const repeated = groups.filter(({ rows }) => rows.length > 1);
  if (repeated.length === 0) return { groups, joining: "first" };
  const joining = reading.options.duplicates;
  const rows = repeated.flatMap((group) => group.rows.map((row) => row + 1)).slice(0, MAX_NAMED_ROWS);
  const date = dateText(repeated[0]!.time, dates.form);
  if (joining !== undefined) {
    const message = `${repeated.length} dates stand in several rows, ${date} first; their ${joining} was taken.`;
    reading.warnings.push({ code: "duplicates_joined", message, rows });
    return { groups, joining };
  }
  if (isClockChange(repeated, dates)) {
    const remedy = "The mean of both was taken; name the time zone (timezone: Europe/Berlin) to keep both";
    const message = `${date} stands twice, as if clocks were put back. ${remedy}.`;
    reading.warnings.push({ code: "dst_repeat", message, rows });
    return { groups, joining: "mean" };
  }
  const proposal = idProposal(groups, reading);
  const told = `${name} ${date} stands in ${repeated[0]!.rows.length} rows`;
  const remedy =
    proposal === undefined
      ? "set duplicates to mean, sum, first or last"
      : `name the column of series (id: ${proposal})`;
  throw new RequestError(422, `${told}: ${remedy}.`);
}

/** The one value of several rows; NaN where none has one. */
export function joined(values: readonly number[], how: Joining): number {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return Number.NaN;
  const sum = known.reduce((total, value) => total + value, 0);
  return { first: known[0]!, last: known.at(-1)!, sum, mean: sum / known.length }[how];
}

const SUNDAY = 0;
/** From 0: those in which clocks are put back, in the north and in the south. */
const MONTHS_OF_CHANGE = [2, 3, 8, 9, 10];

/** Whether pairs of rows are the hour that comes twice: on Sundays, before 4 o'clock, in times without an offset. */
function isClockChange(repeated: readonly TimedRows[], { form }: Dates): boolean {
  if (form.kind !== "calendar" || form.join === "" || form.offset !== "") return false;
  return repeated.every(({ time, rows }) => {
    const date = new Date(time);
    const isNight = date.getUTCDay() === SUNDAY && date.getUTCHours() < 4;
    return rows.length === 2 && isNight && MONTHS_OF_CHANGE.includes(date.getUTCMonth());
  });
}

/** A column of texts that tells the rows of each date apart. */
function idProposal(groups: readonly TimedRows[], { table, columns }: Reading): string | undefined {
  return table.columns.find((name) => {
    if (name === columns.time?.name || name === columns.target.name) return false;
    const cells = cellsOf(table, name);
    if (cells.some(isMissing)) return false;
    return groups.every(({ rows }) => new Set(rows.map((row) => cells[row])).size === rows.length);
  });
}

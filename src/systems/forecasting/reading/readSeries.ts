import { RequestError } from "../../../platform/errors";
import type { Warning } from "../model";
import { type DateForm, dateText } from "./dates";
import { type Columns, cellsOf, columnsOf, type DataOptions } from "./guess";
import { isMissing, numberOf } from "./numbers";
import { calendarSeasons, type Step, stepFrom, stepOf, stepsBetween, stepText } from "./steps";
import { readTable, type TextTable } from "./table";

/** One evenly spaced series of a file. */
export interface DatedSeries {
  id?: string;
  /** NaN where a value is missing, gaps included. */
  values: Float64Array;
  /** The date of each value, as the file writes dates; empty where it has none. */
  dates: string[];
  /** The dates of the steps that follow. */
  datesAfter(horizon: number): string[];
  /** What the calendar says of its seasons; undefined where that says nothing. */
  seasons: number[] | undefined;
}

/** What was read and guessed, each of which the options of the same name overrule. */
export interface DataRead {
  rows: number;
  columns: string[];
  time?: string;
  target: string;
  id?: string;
  delimiter?: string;
  decimal: "." | ",";
  thousands: string;
  date_format?: string;
  step?: string;
}

export interface ReadData {
  series: DatedSeries[];
  read: DataRead;
  warnings: (Warning & { series?: string })[];
  /** Rows without a value at the end of every series: the steps that the file asks for. 0 for none. */
  emptyTail: number;
}

/** A gap of more than this share of the span is not filled unasked. */
const MAX_GAP_SHARE = 0.25;
const MAX_GRID = 2_000_000;

/**
 * Series from the bytes of a CSV or JSON file, evenly spaced and in order, with everything that was guessed or repaired told
 * (docs/forecasting.md, "Data").
 * @throws RequestError 413 over a limit, 422 with column, row (1 is the first below the header) and remedy
 */
export function readSeries(bytes: Uint8Array, options: DataOptions = {}): ReadData {
  const table = readTable(bytes, options.delimiter);
  const columns = columnsOf(table, options);
  const warnings: ReadData["warnings"] = [];
  if (columns.time?.dates.isAmbiguous) {
    const message = `Dates of ${columns.time.name} can be read with the day or the month first; the month was taken: date_format overrules it.`;
    warnings.push({ code: "ambiguous_dates", message });
  }
  const targets = targetsOf(table, columns);
  const groups = groupsOf(table, columns.id);
  const series: DatedSeries[] = [];
  let step: Step | undefined;
  const tails: number[] = [];
  for (const [id, rows] of groups) {
    const told = warnings.length;
    const one = seriesOf(rows, targets, { table, columns, options, warnings });
    step ??= one.step;
    for (const warning of warnings.slice(told)) if (id !== undefined) warning.series = id;
    tails.push(one.tail);
    series.push({ ...one.series, ...(id !== undefined && { id }) });
  }
  return { series, read: readOf(table, columns, step), warnings, emptyTail: Math.min(...tails) };
}

function targetsOf(table: TextTable, { target }: Columns): Float64Array {
  const cells = cellsOf(table, target.name);
  return Float64Array.from(cells, (cell, row) => {
    const value = numberOf(cell, target.form);
    if (value !== undefined) return value;
    const remedy = "correct it, leave it empty, or name another target";
    throw new RequestError(422, `Row ${row + 1}, column ${target.name}: \`${cell}\` is not a number; ${remedy}.`);
  });
}

/** Row numbers of each series, in order of first appearance. */
function groupsOf(table: TextTable, id: string | undefined): Map<string | undefined, number[]> {
  const groups = new Map<string | undefined, number[]>();
  const names = id === undefined ? undefined : cellsOf(table, id);
  for (let row = 0; row < table.rows.length; row++) {
    const name = names?.[row];
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}

interface Reading {
  table: TextTable;
  columns: Columns;
  options: DataOptions;
  warnings: ReadData["warnings"];
}

function seriesOf(rows: readonly number[], targets: Float64Array, reading: Reading) {
  const { columns, warnings } = reading;
  const { time } = columns;
  if (time === undefined)
    return undated(
      rows.map((row) => targets[row]!),
      warnings,
    );
  const { times: all, form } = time.dates;
  const ordered = rows.toSorted((a, b) => all[a]! - all[b]!);
  if (ordered.some((row, index) => row !== rows[index])) {
    warnings.push({ code: "unsorted", message: `Rows were not in order of ${time.name}; they were sorted.` });
  }
  const { times, values } = withoutRepeats(ordered, targets, reading, time);
  const step = stepOf(times, form);
  const grid = onGrid(times, values, step, form, reading);
  const { kept, tail } = withoutTail(grid);
  const start = times[0]!;
  const text = (index: number) => dateText(stepFrom(start, index, step), form);
  tellFilled(kept, warnings);
  const series: DatedSeries = {
    values: kept,
    dates: Array.from(kept, (_, index) => text(index)),
    datesAfter: (horizon) => Array.from({ length: horizon }, (_, index) => text(kept.length + index)),
    seasons: calendarSeasons(step, form),
  };
  return { series, step, tail };
}

function undated(values: number[], warnings: ReadData["warnings"]) {
  const { kept, tail } = withoutTail(Float64Array.from(values));
  tellFilled(kept, warnings);
  const series: DatedSeries = { values: kept, dates: [], datesAfter: () => [], seasons: undefined };
  return { series, step: undefined, tail };
}

/** Rows at the end without a value are the future, not a gap. */
function withoutTail(values: Float64Array): { kept: Float64Array; tail: number } {
  let end = values.length;
  while (end > 0 && Number.isNaN(values[end - 1]!)) end--;
  if (end === 0) throw new RequestError(422, "A series has no value: the target column is empty in all of its rows.");
  return { kept: values.slice(0, end), tail: values.length - end };
}

function tellFilled(values: Float64Array, warnings: ReadData["warnings"]): void {
  const missing = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  if (missing === 0) return;
  warnings.push({
    code: "missing_filled",
    message: `${missing} missing values are filled on a line between their neighbours.`,
  });
}

function withoutRepeats(
  rows: readonly number[],
  targets: Float64Array,
  reading: Reading,
  time: NonNullable<Columns["time"]>,
) {
  const { times: all, form } = time.dates;
  const groups: number[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last !== undefined && all[last[0]!] === all[row]) last.push(row);
    else groups.push([row]);
  }
  const repeated = groups.find((group) => group.length > 1);
  const { duplicates } = reading.options;
  if (repeated !== undefined && duplicates === undefined) {
    const date = dateText(all[repeated[0]!]!, form);
    const proposal = idProposal(groups, reading);
    const remedy =
      proposal === undefined
        ? "set duplicates to mean, sum, first or last"
        : `name the column of series (id: ${proposal})`;
    throw new RequestError(422, `${time.name} ${date} stands in ${repeated.length} rows: ${remedy}.`);
  }
  const values = Float64Array.from(groups, (group) =>
    joined(
      group.map((row) => targets[row]!),
      duplicates ?? "first",
    ),
  );
  return { times: Float64Array.from(groups, (group) => all[group[0]!]!), values };
}

function joined(values: readonly number[], how: NonNullable<DataOptions["duplicates"]>): number {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return Number.NaN;
  const sum = known.reduce((total, value) => total + value, 0);
  return { first: known[0]!, last: known.at(-1)!, sum, mean: sum / known.length }[how];
}

/** A column of texts that tells the rows of each date apart. */
function idProposal(groups: readonly number[][], { table, columns }: Reading): string | undefined {
  return table.columns.find((name) => {
    if (name === columns.time?.name || name === columns.target.name) return false;
    const cells = cellsOf(table, name);
    if (cells.some(isMissing)) return false;
    return groups.every((group) => new Set(group.map((row) => cells[row])).size === group.length);
  });
}

/** Values on every step from the first point to the last, NaN where a row is missing. */
function onGrid(times: Float64Array, values: Float64Array, step: Step, form: DateForm, reading: Reading): Float64Array {
  const start = times[0]!;
  const places = times.map((time) => stepsBetween(start, time, step));
  const odd = places.findIndex(
    (place, index) => !Number.isInteger(place) || (index > 0 && place <= places[index - 1]!),
  );
  if (odd >= 0) {
    const told = `${dateText(times[odd]!, form)} is not on the step of the others (${stepText(step, form)})`;
    throw new RequestError(422, `${reading.columns.time!.name}: ${told}; bring the rows to even steps.`);
  }
  const length = places.at(-1)! + 1;
  const gaps = length - times.length;
  if (length > MAX_GRID || (gaps > MAX_GAP_SHARE * length && reading.options.gaps === undefined)) {
    const told = `${gaps} of ${length} steps (${stepText(step, form)}) have no row`;
    throw new RequestError(422, `${told}: check the dates, or set gaps to fill.`);
  }
  const grid = new Float64Array(length).fill(Number.NaN);
  for (let index = 0; index < times.length; index++) grid[places[index]!] = values[index]!;
  if (gaps > 0) {
    const seen = new Set(places);
    const missing = Array.from({ length }, (_, place) => place).filter((place) => !seen.has(place));
    const named = missing.slice(0, MAX_NAMED).map((place) => dateText(stepFrom(start, place, step), form));
    const more = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : "";
    reading.warnings.push({ code: "gaps_filled", message: `No row for ${named.join(", ")}${more}.` });
  }
  return grid;
}

const MAX_NAMED = 20;

function readOf(table: TextTable, { time, target, id }: Columns, step: Step | undefined): DataRead {
  const form = time?.dates.form;
  return {
    rows: table.rows.length,
    columns: table.columns,
    ...(time && { time: time.name }),
    target: target.name,
    ...(id !== undefined && { id }),
    ...(table.delimiter !== undefined && { delimiter: table.delimiter }),
    decimal: target.form.decimal,
    thousands: target.form.thousands,
    ...(form !== undefined && { date_format: form.kind === "calendar" ? form.order : form.kind }),
    ...(form !== undefined && step !== undefined && { step: stepText(step, form) }),
  };
}

import { RequestError } from "../../../platform/errors";
import { filledTail } from "../decoding/gaps";
import type { Warning } from "../model";
import { besideColumns, besideOnGrid, isKnownIn } from "./beside";
import { datesFrom } from "./calendar";
import type { DatedSeries } from "./datedSeries";
import { rowsOnGrid } from "./grid";
import { type Columns, cellsOf, columnsOf, type DataOptions } from "./guess";
import { isMissing, numberOf, type Thousands } from "./numbers";
import { MAX_TOLD_REPAIRS, type Repair } from "./repairs";
import { type Joining, joined, joinedRows, type Reading } from "./repeats";
import { calendarSeasons, type Step, stepOf, stepText } from "./steps";
import { readTable, type TextTable } from "./table";

/** What was read and guessed, each of which the options of the same name overrule. */
export interface DataRead {
  rows: number;
  columns: string[];
  time?: string;
  target: string;
  id?: string;
  covariates: string[];
  sheet?: string;
  delimiter?: string;
  decimal: "." | ",";
  thousands: Thousands;
  date_format?: string;
  timezone?: string;
  step?: string;
  /** Values that were filled or joined, the first {@link MAX_TOLD_REPAIRS}. */
  repairs: Repair[];
  repaired: number;
}

export interface ReadData {
  series: DatedSeries[];
  read: DataRead;
  warnings: (Warning & { series?: string; rows?: number[] })[];
  /** Rows without a value at the end of every series: the steps that the file asks for. 0 for none. */
  emptyTail: number;
}

/**
 * Series from the bytes of a CSV, JSON or XLSX file, evenly spaced and in order, with everything that was guessed or
 * repaired told (docs/forecasting.md, "Data").
 * @throws RequestError 413 over a limit, 422 with column, row (1 is the first below the header) and remedy
 */
export function readSeries(bytes: Uint8Array, options: DataOptions = {}): ReadData {
  const table = readTable(bytes, options);
  const columns = columnsOf(table, options);
  const warnings: ReadData["warnings"] = [];
  if (columns.time?.dates.isAmbiguous) {
    const message = `Dates of ${columns.time.name} can be read with the day or the month first; the month was taken: date_format overrules it.`;
    warnings.push({ code: "ambiguous_dates", message });
  }
  const targets = targetsOf(table, columns);
  const reading = { table, columns, options, warnings };
  const gridded = [...groupsOf(table, columns.id)].map(([id, rows]) => {
    const told = warnings.length;
    const grid = gridOf(rows, targets, reading);
    for (const warning of warnings.slice(told)) if (id !== undefined) warning.series = id;
    return { ...grid, id };
  });
  const names = options.covariates ?? guessedCovariates(gridded, reading);
  const beside = besideColumns(table, names, options);
  const series = gridded.map(({ id, dated, grid, joining }): DatedSeries => {
    const on = beside.map((column) => besideOnGrid(column, grid, joining));
    return { ...dated, beside: on, ...(id !== undefined && { id }) };
  });
  const repairs = gridded.flatMap(({ id, repairs: some }) =>
    some.map((one) => (id === undefined ? one : { ...one, series: id })),
  );
  const told = { repairs: repairs.slice(0, MAX_TOLD_REPAIRS), repaired: repairs.length };
  const read = { ...readOf(table, columns, gridded[0]?.step), covariates: [...names], ...told };
  return { series, read, warnings, emptyTail: Math.min(...gridded.map(({ tail }) => tail)) };
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

/** Rows of a series on its steps, those of the future included. */
interface Gridded {
  dated: Omit<DatedSeries, "id" | "beside">;
  grid: (readonly number[] | undefined)[];
  joining: Joining;
  step: Step | undefined;
  /** Steps at the end without a value. */
  tail: number;
  repairs: Repair[];
}

function gridOf(rows: readonly number[], targets: Float64Array, reading: Reading): Gridded {
  const { time } = reading.columns;
  if (time === undefined) {
    const grid = rows.map((row) => [row]);
    const { kept, tail } = withoutTail(rows.map((row) => targets[row]!));
    const dated = { values: kept, dates: [], datesAfter: () => [], seasons: undefined };
    return { dated, grid, joining: "first", step: undefined, tail, repairs: repairsOf(grid, kept, [], reading) };
  }
  const { times: all, form } = time.dates;
  const ordered = rows.toSorted((a, b) => all[a]! - all[b]!);
  if (ordered.some((row, index) => row !== rows[index])) {
    reading.warnings.push({ code: "unsorted", message: `Rows were not in order of ${time.name}; they were sorted.` });
  }
  const { groups, joining } = joinedRows(ordered, time, reading);
  const step = stepOf(
    Float64Array.from(groups, (group) => group.time),
    form,
  );
  const grid = rowsOnGrid(groups, step, form, reading);
  const valueAt = (at: readonly number[] | undefined) =>
    joined(at === undefined ? [] : at.map((row) => targets[row]!), joining);
  const { kept, tail } = withoutTail(grid.map(valueAt));
  const calendar = { start: groups[0]!.time, step, form };
  const dated = {
    values: kept,
    dates: datesFrom(calendar, 0, kept.length),
    datesAfter: (horizon: number) => datesFrom(calendar, kept.length, horizon),
    seasons: calendarSeasons(step, form),
    calendar,
  };
  return { dated, grid, joining, step, tail, repairs: repairsOf(grid, kept, dated.dates, reading) };
}

/** Rows at the end without a value are the future, not a gap. */
function withoutTail(values: readonly number[]): { kept: Float64Array; tail: number } {
  const end = values.findLastIndex((value) => !Number.isNaN(value)) + 1;
  if (end === 0) throw new RequestError(422, "A series has no value: the target column is empty in all of its rows.");
  return { kept: Float64Array.from(values.slice(0, end)), tail: values.length - end };
}

/** What was taken for each value that the file does not have; tells how many were missing. */
function repairsOf(
  grid: Gridded["grid"],
  values: Float64Array,
  dates: readonly string[],
  { table, columns, warnings }: Reading,
): Repair[] {
  const column = table.columns.indexOf(columns.target.name);
  const filled = filledTail(values, values.length);
  const from = values.length - filled.length;
  const repairs: Repair[] = [];
  const missing: number[] = [];
  for (const [place, value] of values.entries()) {
    const rows = grid[place] ?? [];
    const isMissing = Number.isNaN(value);
    if (!isMissing && rows.length === 1) continue;
    const cells = rows.map((row) => table.rows[row]![column]!);
    repairs.push({
      ...(dates[place] !== undefined && { date: dates[place] }),
      ...(rows[0] !== undefined && { row: rows[0] + 1 }),
      kind: rows.length === 0 ? "no_row" : isMissing ? "no_value" : "repeated",
      found: cells.join(", "),
      taken: place < from ? null : filled[place - from]!,
    });
    if (isMissing) missing.push(place);
  }
  if (missing.length > 0) {
    const message = `${missing.length} missing ${missing.length === 1 ? "value is" : "values are"} filled on a line between their neighbours.`;
    const rows = missing.flatMap((place) => grid[place] ?? []).map((row) => row + 1);
    warnings.push({ code: "missing_filled", message, ...(rows.length > 0 && { rows: rows.slice(0, MAX_NAMED_ROWS) }) });
  }
  return repairs;
}

const MAX_NAMED_ROWS = 20;

/** Columns that are known in every row at the end without a target, which are there for that reason. */
function guessedCovariates(all: readonly Gridded[], { table, columns, options }: Reading): string[] {
  const ahead = all.flatMap(({ grid, tail }) => grid.slice(grid.length - tail).flatMap((rows) => rows ?? []));
  if (ahead.length === 0 || all.some(({ tail }) => tail === 0)) return [];
  const taken = [columns.time?.name, columns.target.name, columns.id];
  const free = table.columns.filter((name) => !taken.includes(name) && !cellsOf(table, name).every(isMissing));
  return besideColumns(table, free, options)
    .filter((column) => isKnownIn(column, ahead))
    .map(({ name }) => name);
}

function readOf(table: TextTable, { time, target, id }: Columns, step: Step | undefined) {
  const form = time?.dates.form;
  return {
    rows: table.rows.length,
    columns: table.columns,
    ...(time && { time: time.name }),
    target: target.name,
    ...(id !== undefined && { id }),
    ...(table.sheet !== undefined && { sheet: table.sheet }),
    ...(table.delimiter !== undefined && { delimiter: table.delimiter }),
    decimal: target.form.decimal,
    thousands: target.form.thousands,
    ...(form !== undefined && { date_format: form.kind === "calendar" ? form.order : form.kind }),
    ...(form?.kind === "calendar" && form.zone !== undefined && { timezone: form.zone }),
    ...(form !== undefined && step !== undefined && { step: stepText(step, form) }),
  };
}

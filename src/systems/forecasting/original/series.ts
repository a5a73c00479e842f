import type { SeriesCovariates } from "../covariates/covariates";
import { type DateForm, datesOf } from "../reading/dates";
import { isMissing, numberFormOf, numberOf } from "../reading/numbers";
import { stepFrom, stepOf } from "../reading/steps";
import { readTable, type TextTable } from "../reading/table";
import { dataError } from "./faults";
import type { Compat, InferenceParameters } from "./parameters";
import type { ColumnRole } from "./schema/requests";

/** What a thread makes of a source. */
export interface SeriesInput {
  bytes: Uint8Array;
  columns: Readonly<Record<string, ColumnRole>>;
  parameters: Pick<InferenceParameters, "from" | "until" | "usesCovariates">;
  contextLen: number;
  /** Steps of the dates and of the covariates after the context. */
  horizon: number;
  compat: Compat;
}

export interface PreparedSeries {
  target: string;
  values: Float64Array;
  /** ISO times without a zone. */
  pastDates: string[];
  futureDates: string[];
  /** What the file holds after the context, of the horizon at most. */
  actual: number[];
  /** With their future; undefined where none are used. */
  covariates: SeriesCovariates | undefined;
}

const DATE_COLUMN = "date";
const DAY_MS = 86_400_000;
/** Years are told by their first days. */
const DAYS: DateForm = {
  kind: "calendar",
  order: "ymd",
  separator: "-",
  padded: true,
  hasDay: true,
  join: "",
  hasSeconds: false,
  offset: "",
  isWall: true,
};
const TRANSFORM = "Failed to transform data for TimesFM:";

/** A row of the file: its number there from 0, and its time. */
interface Row {
  cells: readonly string[];
  time: number;
}

/** The series, its dates and covariates, out of the bytes of a file. @throws ServiceError, RequestError */
export function prepareSeries(input: SeriesInput): PreparedSeries {
  const table = readTable(input.bytes);
  refuseMissing(table, input.columns);
  const { rows, form } = rowsOf(table, input.compat);
  const { context, after } = cut(rows, input);
  const target = Object.entries(input.columns).find(([, role]) => role === "target")![0];
  const numbers = numbersIn(table, rows, target);
  const values = Float64Array.from(context, numbers);
  refuseNoNumbers(values, input.compat);
  const dated = input.compat === "newest" ? context : wholeRows(rows).slice(-input.contextLen);
  return {
    target,
    values,
    pastDates: dated.map(({ time }) => isoOf(time)),
    futureDates: futureDates(dated, input, form),
    actual: after.map(numbers).slice(0, input.horizon),
    covariates: covariatesOf(table, rows, { context, after }, input),
  };
}

function refuseMissing({ columns }: TextTable, defined: SeriesInput["columns"]): void {
  if (!columns.includes(DATE_COLUMN)) throw dataError(400, `${TRANSFORM} CSV file must contain a 'date' column`);
  const missing = Object.keys(defined).filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  const names = missing.map((name) => `'${name}'`).join(", ");
  throw dataError(400, `${TRANSFORM} Columns defined in data_definition but missing from CSV: {${names}}`);
}

/** Rows with their times: as the file has them in the original, by date otherwise. */
function rowsOf({ columns, rows }: TextTable, compat: Compat): { rows: Row[]; form: DateForm } {
  const at = columns.indexOf(DATE_COLUMN);
  const cells = rows.map((row) => row[at]!);
  const dates = datesOf(cells, DATE_COLUMN);
  if (dates === undefined || dates.form.kind === "index") {
    const wrong = cells.findIndex((cell) => datesOf([cell], DATE_COLUMN) === undefined);
    const where = wrong < 0 ? "" : `: row ${wrong + 1} has ${JSON.stringify(cells[wrong]!.slice(0, 60))}`;
    throw dataError(400, `${TRANSFORM} column 'date' is not all dates${where}`);
  }
  const { form, times } = dates;
  const made = rows.map((row, index): Row => {
    const time = times[index]!;
    return { cells: row, time: form.kind === "year" ? Date.UTC(time, 0, 1) : time };
  });
  return { rows: compat === "newest" ? byTime(made) : made, form };
}

function byTime(rows: readonly Row[]): Row[] {
  return [...rows].sort((left, right) => left.time - right.time);
}

/** The original dates by what is left when every row with anything missing is dropped. */
function wholeRows(rows: readonly Row[]): Row[] {
  return byTime(rows.filter(({ cells }) => !cells.some(isMissing)));
}

interface Cut {
  context: Row[];
  /** What the file has after the context; nothing where the context is its end. */
  after: Row[];
}

function cut(rows: readonly Row[], { parameters: { from, until }, contextLen }: SeriesInput): Cut {
  const isAsked = from !== undefined || until !== undefined;
  const first = from ?? Number.NEGATIVE_INFINITY;
  const last = until ?? Number.POSITIVE_INFINITY;
  const within = isAsked ? rows.filter(({ time }) => time >= first && time <= last) : rows;
  const needed = isAsked ? Math.min(contextLen, Math.max(1, within.length)) : contextLen;
  if (within.length < needed) {
    const where = isAsked ? " between context_start_date and context_end_date" : "";
    const message = `${TRANSFORM} Insufficient data: need ${needed} points, have ${within.length}${where}`;
    throw dataError(400, message);
  }
  return { context: within.slice(-needed), after: rows.filter(({ time }) => time > last) };
}

/** Numbers of a column, in the form that the whole column is written in; NaN where there is none. */
function numbersIn({ columns }: TextTable, rows: readonly Row[], name: string): (row: Row) => number {
  const at = columns.indexOf(name);
  const form = numberFormOf(rows.map(({ cells }) => cells[at]!));
  return ({ cells }) => numberOf(cells[at]!, form) ?? Number.NaN;
}

function refuseNoNumbers(values: Float64Array, compat: Compat): void {
  if (!values.some(Number.isNaN)) return;
  const isEmpty = compat === "newest" && values.every(Number.isNaN);
  throw dataError(isEmpty ? 422 : 400, "All target inputs must be numeric and non-NaN");
}

function futureDates(past: readonly Row[], { horizon, compat }: SeriesInput, form: DateForm): string[] {
  const times = Float64Array.from(new Set(past.map(({ time }) => time)));
  const last = times.at(-1);
  if (last === undefined) return [];
  const steps = Array.from({ length: horizon }, (_, index) => index + 1);
  if (compat === "newest") {
    const step = stepOf(times, form.kind === "year" ? DAYS : form);
    return steps.map((count) => isoOf(stepFrom(last, count, step)));
  }
  const apart = last - (past.at(-2)?.time ?? last) || DAY_MS;
  return steps.map((count) => isoOf(last + count * apart));
}

function isoOf(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}

function covariatesOf(
  table: TextTable,
  rows: readonly Row[],
  { context, after }: Cut,
  { columns, parameters, horizon, compat }: SeriesInput,
): SeriesCovariates | undefined {
  if (!parameters.usesCovariates) return undefined;
  const named = (role: ColumnRole) => Object.keys(columns).filter((name) => columns[name] === role);
  const numerical = (name: string) => {
    const numbers = numbersIn(table, rows, name);
    return (row: Row) => sound(numbers(row), name, row, compat);
  };
  const text = (name: string) => (row: Row) => row.cells[table.columns.indexOf(name)]!;
  const dynamic = <T>(cellOf: (row: Row) => T): T[] => {
    const past = context.map(cellOf);
    const known = after.slice(0, horizon).map(cellOf);
    const last = known.at(-1) ?? past.at(-1)!;
    return [...past, ...known, ...new Array<T>(horizon - known.length).fill(last)];
  };
  const each = <T>(role: ColumnRole, make: (name: string) => T): Record<string, T> =>
    Object.fromEntries(named(role).map((name) => [name, make(name)]));
  const first = rows[0]!;
  const covariates = {
    dynamicNumerical: each("dynamic_numerical", (name) => dynamic(numerical(name))),
    dynamicCategorical: each("dynamic_categorical", (name) => dynamic(text(name))),
    staticNumerical: each("static_numerical", (name) => numerical(name)(first)),
    staticCategorical: each("static_categorical", (name) => text(name)(first)),
  };
  return Object.values(covariates).some((kind) => Object.keys(kind).length > 0) ? covariates : undefined;
}

function sound(value: number, column: string, { time }: Row, compat: Compat): number {
  if (!Number.isNaN(value)) return value;
  if (compat === "newest") {
    throw dataError(400, `Column '${column}' has no number on ${isoOf(time).slice(0, 10)}; fill it or leave it out`);
  }
  const reason = "This may be due to insufficient data or model issues.";
  throw dataError(400, `Forecasting produced NaN values in point forecast. ${reason}`);
}

import { RequestError } from "../../../platform/errors";
import { type DateOptions, type Dates, datesOf } from "./dates";
import { isMissing, type NumberForm, numberFormOf, numberOf, type Thousands } from "./numbers";
import type { TableOptions, TextTable } from "./table";

/** What the caller states about a file; what is absent is guessed. */
export interface DataOptions extends TableOptions, Omit<DateOptions, "ids"> {
  time?: string;
  target?: string;
  id?: string;
  /**
   * Columns that are known beside the target, ahead too. Where absent, each that has a value in every row at the end
   * without a target.
   */
  covariates?: readonly string[];
  decimal?: "." | ",";
  thousands?: Thousands;
  duplicates?: "mean" | "sum" | "first" | "last";
  /** Fills gaps however many there are. */
  gaps?: "fill";
  /** Of covariates that are not known ahead: refused where absent, or their last values held. */
  future?: "error" | "hold";
}

/** Columns by their names, as stated or guessed. */
export interface Columns {
  time: { name: string; dates: Dates } | undefined;
  target: { name: string; form: NumberForm };
  id: string | undefined;
}

export function cellsOf(table: TextTable, name: string): string[] {
  const column = columnOf(table, name);
  return table.rows.map((row) => row[column]!);
}

function columnOf({ columns }: TextTable, name: string): number {
  const column = columns.indexOf(name);
  if (column >= 0) return column;
  throw new RequestError(422, `There is no column ${JSON.stringify(name)}. There are: ${columns.join(", ")}.`);
}

/** Finds time and target where they are not stated. @throws RequestError 422 where there is none, or it does not fit. */
export function columnsOf(table: TextTable, options: DataOptions): Columns {
  const time = options.time === undefined ? guessedTime(table, options) : statedTime(table, options.time, options);
  const id = options.id;
  if (id !== undefined) columnOf(table, id);
  const target = options.target ?? guessedTarget(table, [time?.name, id], options);
  const cells = cellsOf(table, target);
  return { time, target: { name: target, form: numberFormOf(cells, options) }, id };
}

function guessedTime(table: TextTable, options: DataOptions): Columns["time"] {
  const { target } = options;
  const isAlone = table.columns.length === 1;
  for (const name of table.columns) {
    if (name === target || isAlone) continue;
    const dates = datesOf(cellsOf(table, name), name, withIds(table, options));
    if (dates !== undefined) return { name, dates };
  }
  return undefined;
}

function statedTime(table: TextTable, name: string, options: DataOptions): Columns["time"] {
  const cells = cellsOf(table, name);
  const given = withIds(table, options);
  const dates = datesOf(cells, name, given) ?? datesOf(cells, "date", given);
  if (dates !== undefined) return { name, dates };
  const row = cells.findIndex((cell) => datesOf([cell], "date", options) === undefined);
  const told = row < 0 ? "its rows are written in different ways" : `row ${row + 1} has ${JSON.stringify(cells[row])}`;
  throw new RequestError(422, `Column ${name} does not hold dates of one form: ${told}. Write them as YYYY-MM-DD.`);
}

function withIds(table: TextTable, { id, ...options }: DataOptions): DateOptions {
  return { ...options, ids: id === undefined ? undefined : cellsOf(table, id) };
}

function guessedTarget(table: TextTable, taken: readonly (string | undefined)[], options: DataOptions): string {
  const isNumeric = (name: string) => {
    const cells = cellsOf(table, name);
    const form = numberFormOf(cells, options);
    const numbers = cells.filter((cell) => !isMissing(cell));
    const good = numbers.filter((cell) => numberOf(cell, form) !== undefined).length;
    return good >= 0.6 * numbers.length;
  };
  const free = table.columns.filter((name) => !taken.includes(name) && isNumeric(name));
  const found = free.find((name) => cellsOf(table, name).some((cell) => !isMissing(cell))) ?? free[0];
  if (found !== undefined) return found;
  throw new RequestError(422, `No column holds numbers. There are: ${table.columns.join(", ")}; name the target.`);
}

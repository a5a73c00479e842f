import { RequestError } from "../../../platform/errors";
import type { SeriesCovariates } from "../covariates/covariates";
import { filledTail } from "../decoding/gaps";
import type { Warning } from "../model";
import type { BesideColumn, DatedSeries } from "./datedSeries";
import { cellsOf, type DataOptions } from "./guess";
import { isMissing, type NumberForm, numberFormOf, numberOf } from "./numbers";
import { type Joining, joined } from "./repeats";
import type { TextTable } from "./table";

/** The columns of these names over all rows. @throws RequestError 422 for a name that no column has */
export function besideColumns(table: TextTable, names: readonly string[], stated: Partial<NumberForm>): BesideColumn[] {
  return names.map((name): BesideColumn => {
    const cells = cellsOf(table, name);
    const form = numberFormOf(cells, stated);
    const numbers = cells.map((cell) => numberOf(cell, form));
    if (numbers.every((value) => value !== undefined)) {
      return { name, kind: "numerical", values: Float64Array.from(numbers) };
    }
    return { name, kind: "categorical", values: cells.map((cell) => (isMissing(cell) ? undefined : cell)) };
  });
}

/** The column on the steps of a series, as far as it is known. */
export function besideOnGrid(
  column: BesideColumn,
  grid: readonly (readonly number[] | undefined)[],
  joining: Joining,
): BesideColumn {
  if (column.kind === "categorical") {
    const taken = joining === "last" ? -1 : 0;
    return { ...column, values: grid.map((rows) => rows && column.values[rows.at(taken)!]) };
  }
  // Prices of two rows do not add up as their sales do.
  const how = joining === "sum" ? "mean" : joining;
  const values = grid.map((rows) =>
    rows === undefined
      ? Number.NaN
      : joined(
          rows.map((row) => column.values[row]!),
          how,
        ),
  );
  return { ...column, values: Float64Array.from(values) };
}

/** Categories of a column that is taken unasked. */
const MAX_GUESSED_CATEGORIES = 50;

/** Whether a column is known in each of these rows, and says something that can be learned from. */
export function isKnownIn(column: BesideColumn, rows: readonly number[]): boolean {
  if (column.kind === "numerical") return rows.every((row) => Number.isFinite(column.values[row]!));
  return rows.every((row) => column.values[row] !== undefined) && new Set(column.values).size <= MAX_GUESSED_CATEGORIES;
}

const MAX_NAMED_DATES = 10;

/**
 * The covariates of a series over its points and a horizon. What is missing within the past is filled: numbers on a line,
 * categories with the one before.
 * @param warn is told what `future: "hold"` repeated
 * @throws RequestError 422 for a step of the horizon without a value, unless `future` says what to take
 */
export function covariatesOf(
  series: DatedSeries,
  horizon: number,
  future: DataOptions["future"],
  warn: (warning: Warning) => void,
): SeriesCovariates {
  const length = series.values.length + horizon;
  const numerical: Record<string, Float64Array> = {};
  const categorical: Record<string, string[]> = {};
  for (const column of series.beside) {
    const known = (place: number) =>
      column.kind === "numerical" ? Number.isFinite(column.values[place]) : column.values[place] !== undefined;
    const missing = Array.from({ length: horizon }, (_, step) => series.values.length + step).filter(
      (at) => !known(at),
    );
    if (missing.length > 0) {
      if (future !== "hold") throw unknownFuture(series, column.name, missing, horizon);
      const message = `Covariate ${column.name} has no value for ${missing.length} of ${horizon} steps ahead; its last one was held.`;
      warn({ code: "covariate_held", message });
    }
    if (column.kind === "numerical") numerical[column.name] = filledNumbers(column.values, length);
    else categorical[column.name] = filledCategories(column.values, length);
  }
  return { dynamicNumerical: numerical, dynamicCategorical: categorical };
}

function unknownFuture(series: DatedSeries, column: string, missing: readonly number[], horizon: number): RequestError {
  const after = series.datesAfter(horizon);
  const named = missing.map((at) => after[at - series.values.length] ?? `step ${at - series.values.length + 1}`);
  const more = named.length > MAX_NAMED_DATES ? ` and ${named.length - MAX_NAMED_DATES} more` : "";
  const whose = series.id === undefined ? "" : ` of series ${series.id}`;
  const dates = `${named.slice(0, MAX_NAMED_DATES).join(", ")}${more}`;
  const remedy = 'add rows with these dates and an empty target, or set future to "hold"';
  return new RequestError(422, `Covariate ${column}${whose} has no value for ${dates}: ${remedy}.`);
}

function filledNumbers(values: Float64Array, length: number): Float64Array {
  const whole = new Float64Array(length).fill(Number.NaN);
  whole.set(values.subarray(0, length));
  const first = whole.findIndex(Number.isFinite);
  // What stands before the first value is taken to be as it.
  if (first > 0) whole.fill(whole[first]!, 0, first);
  return filledTail(whole, length);
}

function filledCategories(values: readonly (string | undefined)[], length: number): string[] {
  let before = values.find((value) => value !== undefined) ?? "";
  return Array.from({ length }, (_, place) => {
    before = values[place] ?? before;
    return before;
  });
}

import { MAX_COLUMNS_ABREAST, MAX_LINE_LETTERS, MAX_SHOWN_ROWS } from "../limits";
import type { Cell, Column, Table } from "../section";
import { shortLine } from "../text/clean";
import { NO_VALUE, type Notation, notationOf, signed, writeAlone } from "../text/numbers";

/** A table as a page shows it. */
export interface TableView {
  title: string;
  /** What of the table stands here, where it is not the whole: `first 2000 of 5000 rows`; else empty. */
  extent: string;
  note: string;
  columns: readonly ColumnView[];
  rows: readonly (readonly string[])[];
}

export interface ColumnView {
  name: string;
  unit: string;
  /** Figures stand at the right, so that their digits are in line. */
  isNumber: boolean;
}

/** The table in as many parts as its columns need, each with the first column, of `most` rows or fewer. */
export function tableViews(table: Table, most = MAX_SHOWN_ROWS): TableView[] {
  const rows = table.rows.slice(0, Math.min(most, MAX_SHOWN_ROWS));
  const { columns, written } =
    table.rowUnits === undefined ? byColumns(table, rows) : byRows(table, rows, table.rowUnits);
  const groups = groupsOf(columns.length);
  return groups.map((places, group) => ({
    title: shortLine(table.title, MAX_LINE_LETTERS),
    extent: extentOf(table, rows.length, { group, count: groups.length }),
    note: shortLine(table.note ?? "", MAX_LINE_LETTERS),
    columns: places.map((place) => columns[place]!),
    rows: groups.length === 1 ? written : written.map((row) => places.map((place) => row[place]!)),
  }));
}

type Rows = readonly (readonly Cell[])[];

interface Written {
  columns: ColumnView[];
  written: string[][];
}

function byColumns({ columns }: Table, rows: Rows): Written {
  const numbers = columns.map((_, place) => numbersOf(rows, place));
  const byUnit = Map.groupBy(columns.keys(), (place) => columns[place]!.unit ?? "");
  const notations = columns.map(({ unit = "" }, place) => {
    // Columns of one unit are compared with each other, too.
    const alike = unit === "" ? [place] : byUnit.get(unit)!;
    return notationOf(
      alike.flatMap((other) => numbers[other]!),
      unit,
    );
  });
  return {
    columns: columns.map((column, place) => viewOf(column, notations[place]!.unit, isNumeric(rows, place))),
    written: rows.map((row) => columns.map((column, place) => written(row[place] ?? null, column, notations[place]!))),
  };
}

/** The unit of each row, with its prefix, stands behind the first column. */
function byRows({ columns }: Table, rows: Rows, rowUnits: readonly string[]): Written {
  const own = columns.map(({ unit = "" }, place) =>
    unit === "" ? undefined : notationOf(numbersOf(rows, place), unit),
  );
  const views = columns.map((column, place) => viewOf(column, own[place]?.unit ?? "", isNumeric(rows, place)));
  const lines = rows.map((row, at) => {
    const numbers = row.filter((cell, place): cell is number => typeof cell === "number" && own[place] === undefined);
    const notation = notationOf(numbers, rowUnits[at] ?? "");
    const cells = columns.map((column, place) => written(row[place] ?? null, column, own[place] ?? notation));
    return cells.toSpliced(1, 0, shortLine(notation.unit, MAX_LINE_LETTERS));
  });
  return { columns: views.toSpliced(1, 0, { name: "Unit", unit: "", isNumber: false }), written: lines };
}

function numbersOf(rows: Rows, place: number): number[] {
  return rows.flatMap((row) => (typeof row[place] === "number" ? [row[place]] : []));
}

/** Whether a column holds numbers and gaps alone. */
function isNumeric(rows: Rows, place: number): boolean {
  const cells = rows.map((row) => row[place] ?? null).filter((cell) => cell !== null);
  return cells.length > 0 && cells.every((cell) => typeof cell === "number");
}

function viewOf({ name }: Column, unit: string, isNumber: boolean): ColumnView {
  return { name: shortLine(name, MAX_LINE_LETTERS), unit: shortLine(unit, MAX_LINE_LETTERS), isNumber };
}

function written(cell: Cell, { isDifference = false }: Column, notation: Notation): string {
  if (typeof cell === "number") return isDifference ? signed(notation.write(cell), cell) : notation.write(cell);
  if (typeof cell === "string") return shortLine(cell, MAX_LINE_LETTERS);
  if (cell === null) return NO_VALUE;
  return cell ? "yes" : "no";
}

/** Places of columns that stand side by side; the first column begins each group. */
function groupsOf(count: number): number[][] {
  const [first, ...rest] = Array.from({ length: count }, (_, place) => place);
  if (first === undefined || count <= MAX_COLUMNS_ABREAST)
    return [[first, ...rest].filter((place) => place !== undefined)];
  const groups: number[][] = [];
  const parts = Math.ceil(rest.length / (MAX_COLUMNS_ABREAST - 1));
  // Parts of about the same width.
  const width = Math.ceil(rest.length / parts);
  for (let at = 0; at < rest.length; at += width) groups.push([first, ...rest.slice(at, at + width)]);
  return groups;
}

function extentOf({ rows }: Table, shown: number, { group, count }: { group: number; count: number }): string {
  const parts = count > 1 ? [`part ${group + 1} of ${count}`] : [];
  if (shown < rows.length) {
    parts.push(`first ${writeAlone(shown)} of ${rows.length} rows; the CSV report has all`);
  }
  return parts.join(", ");
}

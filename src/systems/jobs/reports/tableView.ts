import { MAX_COLUMNS_ABREAST, MAX_LINE_LETTERS, MAX_SHOWN_ROWS } from "./limits";
import type { Cell, Column, Table } from "./section";
import { shortLine } from "./text/clean";
import { NO_VALUE, notationOf, writeAlone } from "./text/numbers";

/** A table as a page shows it. */
export interface TableView {
  title: string;
  /** What of the table stands here, where it is not the whole: `first 2 000 of 5 000 rows`; else empty. */
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
  const columns = table.columns.map((column, place) => columnView(column, place, rows));
  const groups = groupsOf(columns.length);
  const written = rows.map((row) => columns.map(({ write }, place) => write(row[place] ?? null)));
  return groups.map((places, group) => ({
    title: shortLine(table.title, MAX_LINE_LETTERS),
    extent: extentOf(table, rows.length, { group, count: groups.length }),
    note: shortLine(table.note ?? "", MAX_LINE_LETTERS),
    columns: places.map((place) => columns[place]!.view),
    rows: groups.length === 1 ? written : written.map((row) => places.map((place) => row[place]!)),
  }));
}

function columnView({ name, unit = "" }: Column, place: number, rows: readonly (readonly Cell[])[]) {
  const cells = rows.map((row) => row[place] ?? null).filter((cell) => cell !== null);
  const numbers = cells.filter((cell) => typeof cell === "number");
  const isNumber = numbers.length > 0 && numbers.length === cells.length;
  const notation = isNumber ? notationOf(numbers, unit) : { unit, write: writeAlone };
  const view: ColumnView = {
    name: shortLine(name, MAX_LINE_LETTERS),
    unit: shortLine(notation.unit, MAX_LINE_LETTERS),
    isNumber,
  };
  const write = (cell: Cell): string => {
    if (typeof cell === "number") return notation.write(cell);
    if (typeof cell === "string") return shortLine(cell, MAX_LINE_LETTERS);
    if (cell === null) return NO_VALUE;
    return cell ? "yes" : "no";
  };
  return { view, write };
}

/** Places of columns that stand side by side; the first column begins each group. */
function groupsOf(count: number): number[][] {
  const all = Array.from({ length: count }, (_, place) => place);
  if (count <= MAX_COLUMNS_ABREAST) return [all];
  const [first, ...rest] = all;
  const groups: number[][] = [];
  const parts = Math.ceil(rest.length / (MAX_COLUMNS_ABREAST - 1));
  // Parts of about the same width.
  const width = Math.ceil(rest.length / parts);
  for (let at = 0; at < rest.length; at += width) groups.push([first!, ...rest.slice(at, at + width)]);
  return groups;
}

function extentOf({ rows }: Table, shown: number, { group, count }: { group: number; count: number }): string {
  const parts = count > 1 ? [`part ${group + 1} of ${count}`] : [];
  if (shown < rows.length)
    parts.push(`first ${writeAlone(shown)} of ${writeAlone(rows.length)} rows; the CSV report has all`);
  return parts.join(", ");
}

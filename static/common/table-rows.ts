import type { ComponentChildren } from "preact";

/** One column of a {@link Table}. */
export interface Column<Row> {
  key: string;
  title: string;
  unit?: string;
  /** What is sorted, filtered and exported. */
  value(row: Row): string | number | null;
  /** How it looks; without it, numbers get `decimals` and text stands as it is. */
  show?(row: Row): ComponentChildren;
  decimals?: number;
  /** Long text, which takes several lines rather than a wide column. */
  wraps?: true;
  /** Left out until somebody chooses it. */
  atFirstHidden?: true;
}

export interface Sort {
  key: string;
  direction: "ascending" | "descending";
}

/** The rows that pass the filter, in the order of the sort; without one in the order they came. */
export function arrangedRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  filter: string,
  sort: Sort | undefined,
): readonly Row[] {
  const tests = filterTests(filter, columns);
  const passing = tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
  const column = sort && columns.find(({ key }) => key === sort.key);
  if (column === undefined) return passing;
  const sign = sort?.direction === "descending" ? -1 : 1;
  return [...passing].sort((a, b) => compareValues(column.value(a), column.value(b), sign));
}

/** The rows in the order of the keys seen before; rows that are new since then come last. */
export function inOrderOf<Row>(rows: readonly Row[], keys: readonly string[], keyOf: (row: Row) => string): Row[] {
  const place = new Map(keys.map((key, at) => [key, at]));
  const last = keys.length;
  return [...rows].sort((a, b) => (place.get(keyOf(a)) ?? last) - (place.get(keyOf(b)) ?? last));
}

type RowTest<Row> = (row: Row) => boolean;

/**
 * Each word must be found in a column. `key<3`, `key>3` and `key=text` look at one column, which may be named by its
 * key or its title.
 */
function filterTests<Row>(filter: string, columns: readonly Column<Row>[]): RowTest<Row>[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return words.map((word) => columnTest(word, columns) ?? anywhereTest(word, columns));
}

function columnTest<Row>(word: string, columns: readonly Column<Row>[]): RowTest<Row> | undefined {
  const parts = /^([^<>=]+)([<>=])(.+)$/.exec(word);
  if (parts === null) return undefined;
  const [, name, sign, wanted] = parts;
  const column = columns.find(({ key, title }) => key.toLowerCase() === name || title.toLowerCase() === name);
  if (column === undefined) return undefined;
  if (sign === "=") return (row) => String(column.value(row) ?? "").toLowerCase() === wanted;
  const limit = Number(wanted);
  return (row) => {
    const value = column.value(row);
    if (typeof value !== "number") return false;
    return sign === "<" ? value < limit : value > limit;
  };
}

function anywhereTest<Row>(word: string, columns: readonly Column<Row>[]): RowTest<Row> {
  return (row) =>
    columns.some((column) =>
      String(column.value(row) ?? "")
        .toLowerCase()
        .includes(word),
    );
}

/** Numbers by size, texts by the alphabet with their numbers by size; what has no value is last in both directions. */
function compareValues(a: string | number | null, b: string | number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a).localeCompare(String(b), "en", { numeric: true });
}

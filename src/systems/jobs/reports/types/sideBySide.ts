import type { Cell, Column, Table } from "../section";

/** Tables of several simulations brought together: a row for each key, a column for each simulation. */

const MAX_TABLES = 24;

/**
 * For each table that two simulations or more have, and each column of numbers in it, one table; rows are those with
 * the same first cell.
 * @param tables of each simulation, by what makes them the same.
 * @param names of the simulations.
 */
export function tablesSideBySide(tables: readonly ReadonlyMap<string, Table>[], names: readonly string[]): Table[] {
  const shared = [...(tables[0]?.keys() ?? [])].filter((key) => tables.filter((own) => own.has(key)).length >= 2);
  return shared
    .flatMap((key) =>
      columnTables(
        tables.map((own) => own.get(key)),
        names,
      ),
    )
    .slice(0, MAX_TABLES);
}

function columnTables(tables: readonly (Table | undefined)[], names: readonly string[]): Table[] {
  const { title, columns, rowUnits } = tables.find((table) => table !== undefined)!;
  const [keyColumn, ...others] = columns;
  if (keyColumn === undefined || rowUnits !== undefined) return [];
  return others.flatMap((column, at) => {
    const values = tables.map((table) => valuesByKey(table, at + 1));
    if (!values.some((own) => [...own.values()].some((cell) => typeof cell === "number"))) return [];
    const keys = [...new Set(values.flatMap((own) => [...own.keys()]))];
    const rows = keys.map((key) => [key, ...values.map((own) => own.get(key) ?? null)]);
    const named = names.map((name): Column => ({ name, unit: column.unit ?? "" }));
    const heading = [title, column.name].filter((part) => part !== "").join(": ");
    return [withDifference({ title: heading, columns: [keyColumn, ...named], rows })];
  });
}

function valuesByKey(table: Table | undefined, place: number): Map<Cell, Cell> {
  return new Map((table?.rows ?? []).map((row) => [row[0] ?? null, row[place] ?? null]));
}

/** Of two simulations, what the second one has more. */
function withDifference(table: Table): Table {
  if (table.columns.length !== 3) return table;
  const column: Column = { name: "Difference", unit: table.columns[2]!.unit ?? "", isDifference: true };
  const rows = table.rows.map(([key, first, second]): Cell[] => [key!, first!, second!, difference(first, second)]);
  return { ...table, columns: [...table.columns, column], rows };
}

export function difference(first: Cell | undefined, second: Cell | undefined): number | null {
  return typeof first === "number" && typeof second === "number" ? second - first : null;
}

import { type Column, getTableColumns, Param, type SQL, sql } from "drizzle-orm";
import type { SQLiteInsertValue, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { SqliteHandle } from "./connection";

/**
 * The insert of one row, to be prepared: `insertOf(db, blocks).prepare()` takes its values by the table's own names.
 *
 * @param fixed values that are the same in every row; a key that the database counts up is never given
 */
export function insertOf<Table extends SQLiteTable>(
  db: SqliteHandle,
  table: Table,
  fixed: Partial<Table["$inferInsert"]> = {},
) {
  const given = Object.entries(getTableColumns(table)).filter(([, { primary, hasDefault }]) => !primary || !hasDefault);
  const row = Object.fromEntries(given.map(([name, column]) => [name, parameter(name, column)]));
  return db.insert(table).values({ ...row, ...fixed } as SQLiteInsertValue<Table>);
}

/** What an upsert sets of these columns: what the row that was not inserted has. */
export function excludedOf<Table extends SQLiteTable>(
  table: Table,
  names: readonly (keyof Table["_"]["columns"] & string)[],
): Record<string, SQL> {
  const columns = getTableColumns(table);
  return Object.fromEntries(names.map((name) => [name, sql`excluded.${sql.identifier(columns[name]!.name)}`]));
}

/** A placeholder that takes null too, which the encoders of columns do not. */
export function parameter(name: string, column: Column): SQL {
  const encoder = { mapToDriverValue: (value: unknown) => (value === null ? null : column.mapToDriverValue(value)) };
  return sql`${new Param(sql.placeholder(name), encoder)}`;
}

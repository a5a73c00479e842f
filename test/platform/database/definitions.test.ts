import { Database } from "bun:sqlite";
import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { samplesRevisions, sqliteRevisions } from "../../../drizzle/revisions";
import { migrateUp } from "../../../src/platform/database";
import { installationTables } from "../../../src/platform/database/installation";
import { sqliteMigrations } from "../../../src/platform/database/sqliteMigrations";

interface ColumnInfo {
  name: string;
  type: string;
  notnull: number;
  dflt_value: string | null;
  pk: number;
}

const SYSTEMS = join(import.meta.dir, "../../../src/systems");

/** Every SQLite table in a module's exports, however deep in groups. */
function tablesIn(value: unknown, depth = 0): SQLiteTable[] {
  if (is(value, SQLiteTable)) return [value];
  if (value === null || typeof value !== "object" || depth > 3) return [];
  return Object.values(value).flatMap((member) => tablesIn(member, depth + 1));
}

const modules = [...new Bun.Glob("*/tables.ts").scanSync(SYSTEMS)].sort();
const defined: [string, SQLiteTable][] = tablesIn(installationTables).map((table) => ["installation", table]);
for (const file of modules) {
  for (const table of tablesIn(await import(join(SYSTEMS, file)))) defined.push([file, table]);
}

const databases: Database[] = [];
beforeAll(async () => {
  for (const revisions of [sqliteRevisions, samplesRevisions]) {
    const database = new Database(":memory:");
    await migrateUp(sqliteMigrations(database, revisions, Date.now));
    databases.push(database);
  }
});

function migratedColumns(table: string): ColumnInfo[] {
  return databases.flatMap((database) =>
    database.query<ColumnInfo, [string]>("SELECT * FROM pragma_table_info(?)").all(table),
  );
}

describe("the tables that the code defines are those that the migrations make", () => {
  const named = defined.map(([file, table]) => [getTableConfig(table).name, file, table] as const);

  test.each(named)("%s (%s)", (name, _, table) => {
    const migrated = new Map(migratedColumns(name).map((column) => [column.name, column]));
    const { columns } = getTableConfig(table);
    for (const column of columns) {
      const found = migrated.get(column.name);
      const isKey = (found?.pk ?? 0) > 0;
      expect({ column: column.name, type: found?.type, notNull: found?.notnull === 1 || isKey }).toEqual({
        column: column.name,
        type: column.getSQLType().toUpperCase(),
        notNull: column.notNull || isKey,
      });
    }
    // What the code does not know of, it cannot fill in.
    const known = new Set(columns.map((column) => column.name));
    const unfillable = [...migrated.values()].filter(
      (column) => !known.has(column.name) && column.notnull === 1 && column.dflt_value === null,
    );
    expect(unfillable).toEqual([]);
  });
});

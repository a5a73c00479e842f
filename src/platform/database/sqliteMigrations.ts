import type { Database } from "bun:sqlite";
import type { Revision } from "../../../drizzle/revisions";
import type { AppliedRevision, Direction, MigrationTarget } from "./migrationPlan";

const RECORD_TABLE =
  "CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT";

/** The schema of one SQLite file. `database` is used by nobody else while it is moved. */
export function sqliteMigrations(
  database: Database,
  revisions: readonly Revision[],
  now: () => number,
): MigrationTarget {
  function run(direction: Direction, revision: Revision): void {
    database.run(RECORD_TABLE);
    if (direction === "up") applyWithRows(database, revision);
    else database.run(revision.down);
    if (direction === "up") database.run("INSERT INTO migrations VALUES (?, ?)", [revision.name, now()]);
    else database.run("DELETE FROM migrations WHERE name = ?", [revision.name]);
    const broken = database.query("PRAGMA foreign_key_check").get();
    if (broken !== null) {
      throw new Error(`Revision ${revision.name} (${direction}) leaves a broken reference: ${JSON.stringify(broken)}`);
    }
  }

  return {
    revisions,
    applied: async () => appliedRevisions(database),
    async step(direction, revision) {
      // Rebuilding a table drops the old one; with foreign keys on, that would delete the rows that refer to it.
      database.run("PRAGMA foreign_keys = OFF");
      database.run("BEGIN IMMEDIATE");
      try {
        run(direction, revision);
        database.run("COMMIT");
      } finally {
        if (database.inTransaction) database.run("ROLLBACK");
        database.run("PRAGMA foreign_keys = ON");
      }
    },
  };
}

/** Applies a revision, with the rows of another program's tables where these are there (docs/storage.md, Adoption). */
function applyWithRows(database: Database, { up, adoption }: Revision): void {
  const isThere = (table: string) =>
    database.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== null;
  const isAdopted = adoption?.tables.every(isThere) === true;
  if (isAdopted) for (const table of adoption.tables) database.run(`ALTER TABLE ${table} RENAME TO original_${table}`);
  database.run(up);
  if (isAdopted) database.run(adoption.rows);
}

/** The revisions that a SQLite database records, oldest first. */
export function appliedRevisions(database: Database): AppliedRevision[] {
  if (database.query("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'").get() === null) return [];
  return database
    .query<AppliedRevision, []>("SELECT name, applied_at AS appliedAt FROM migrations ORDER BY name")
    .all();
}

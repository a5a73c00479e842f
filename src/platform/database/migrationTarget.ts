import { existsSync } from "node:fs";
import { postgresRevisions, sqliteRevisions } from "../../../drizzle/revisions";
import { UsageError } from "../errors";
import { openRaw } from "./connection";
import { databasePath } from "./databasePath";
import { openDataFolder } from "./folder";
import type { MigrationTarget } from "./migrationPlan";
import { connectPostgres, placeOfPostgres, reachable } from "./postgresDatabase";
import { postgresMigrations } from "./postgresMigrations";
import { sqliteMigrations } from "./sqliteMigrations";

export interface TargetOptions {
  /** The Postgres database; without it the SQLite file is meant. */
  databaseUrl?: string | undefined;
  dataDir: string;
  databaseFile?: string | undefined;
  now: () => number;
}

/** The database that the settings mean, for the commands that look at its schema or move it. */
export interface OpenTarget extends AsyncDisposable {
  target: MigrationTarget;
  /** Which database it is, without its password. */
  where: string;
}

/**
 * Opens the database to move its schema: alone, if it is a file.
 * @throws UsageError when data folder or file is in use, or Postgres cannot be reached.
 */
export async function openToMigrate(options: TargetOptions): Promise<OpenTarget> {
  if (options.databaseUrl !== undefined) return openPostgresTarget(options.databaseUrl, options.now);
  const folder = openDataFolder(options.dataDir, options.databaseFile);
  const file = folder.database;
  const database = openRaw({ file }, "writer");
  return {
    target: sqliteMigrations(database, sqliteRevisions, options.now),
    where: file,
    async [Symbol.asyncDispose]() {
      database.close();
      folder.release();
    },
  };
}

/** Opens the database to look at its schema, also while a server runs on it. @throws UsageError when there is none. */
export async function openToInspect(options: TargetOptions): Promise<OpenTarget> {
  if (options.databaseUrl !== undefined) return openPostgresTarget(options.databaseUrl, options.now);
  const file = databasePath(options.dataDir, options.databaseFile);
  if (!existsSync(file)) throw new UsageError(`There is no database ${file} yet; it is made at the first start.`);
  const database = openRaw({ file }, "reader");
  return {
    target: sqliteMigrations(database, sqliteRevisions, options.now),
    where: file,
    [Symbol.asyncDispose]: async () => database.close(),
  };
}

async function openPostgresTarget(url: string, now: () => number): Promise<OpenTarget> {
  const sql = connectPostgres(url, 1);
  try {
    const target = postgresMigrations(sql, postgresRevisions, now);
    await reachable(url, () => target.applied());
    return { target, where: placeOfPostgres(url), [Symbol.asyncDispose]: () => sql.close() };
  } catch (error) {
    await sql.close();
    throw error;
  }
}

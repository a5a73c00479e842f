import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { postgresRevisions, sqliteRevisions } from "../../../drizzle/revisions";
import { UsageError } from "../errors";
import { openRaw } from "./connection";
import { openDataFolder } from "./folder";
import type { MigrationTarget } from "./migrationPlan";
import { connectPostgres, placeOfPostgres, reachable } from "./postgresDatabase";
import { postgresMigrations } from "./postgresMigrations";
import { databasePath } from "./sqliteDatabase";
import { sqliteMigrations } from "./sqliteMigrations";

export interface TargetOptions {
  /** The Postgres database; without it the file in the data folder is meant. */
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
 * @throws UsageError when the data folder is in use, or Postgres cannot be reached.
 */
export async function openToMigrate(options: TargetOptions): Promise<OpenTarget> {
  if (options.databaseUrl !== undefined) return openPostgresTarget(options.databaseUrl, options.now);
  const file = databasePath(resolve(options.dataDir), options.databaseFile);
  const folder = openDataFolder(options.dataDir);
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
  const file = databasePath(resolve(options.dataDir), options.databaseFile);
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

import { Database } from "bun:sqlite";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Revision } from "../../../drizzle/revisions";
import { sqliteRevisions } from "../../../drizzle/revisions";
import { messageOf, UsageError } from "../errors";
import type { BackupAbout } from "./backupFormat";
import { DATABASE_FILE, isDirectlyIn } from "./databasePath";
import { type DataFolder, openDataFolder } from "./folder";
import { refuseNewer } from "./migrationPlan";
import { INCOMPLETE, isOwnName, replaceContents, stageDatabase } from "./restoredFolder";
import { appliedRevisions } from "./sqliteMigrations";
import { type BackupContents, unpackBackup } from "./unpack";

export interface RestoreOptions {
  /** The backup. */
  from: string;
  dataDir: string;
  /** The main database: a name in the data folder, or a path. */
  databaseFile?: string | undefined;
  /** What to do with a data folder that holds something already. */
  present: "refuse" | "replace";
  revisions?: readonly Revision[];
}

export interface RestoreReport {
  /** Absolute path of the data folder. */
  dataDir: string;
  files: number;
  about: BackupAbout;
}

/**
 * Puts a backup in the place of what the data folder holds. Everything is unpacked beside it and checked first: until
 * then, and after a failure, the folder is as it was; a crash later is carried on at the next start.
 * @throws UsageError when the folder is in use or, unless replacing, not empty; when the file is no backup, damaged,
 * cut off, or of a newer revision than this program knows.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { from, dataDir, databaseFile, present, revisions = sqliteRevisions } = options;
  if (!existsSync(from)) throw new UsageError(`There is no file ${resolve(from)}; name the backup with --from.`);
  const folder = openDataFolder(dataDir, databaseFile);
  try {
    if (present === "refuse") refuseToReplace(folder);
    const staging = join(folder.path, INCOMPLETE);
    const { paths, about } = await unpackWhole(from, staging);
    const main = databaseOf(about.database, paths, basename(folder.database));
    if (main !== undefined) {
      checkDatabase(join(staging, main), revisions);
      placeDatabase(main, folder, staging);
    }
    replaceContents(folder.path, folder.database);
    return { dataDir: folder.path, files: paths.length, about };
  } finally {
    rmSync(join(folder.path, INCOMPLETE), { recursive: true, force: true });
    folder.release();
  }
}

function refuseToReplace({ path, database }: DataFolder): void {
  if (readdirSync(path).some((name) => !isOwnName(name))) {
    throw new UsageError(`The data folder ${path} is not empty; --force replaces what it holds.`);
  }
  if (existsSync(database)) throw new UsageError(`There is a database ${database} already; --force replaces it.`);
}

/** The main database among the files of the backup: what the backup says, else the file with the name of the settings. */
function databaseOf(said: string | undefined, paths: readonly string[], named: string): string | undefined {
  return [said, named, DATABASE_FILE].find((path) => path !== undefined && paths.includes(path));
}

/** Gives the unpacked database its name in the folder, or puts it beside the file outside whose place it takes. */
function placeDatabase(main: string, { path, database }: DataFolder, staging: string): void {
  if (!isDirectlyIn(path, database)) {
    stageDatabase(path, join(staging, main), database);
    return;
  }
  const name = basename(database);
  if (name === main) return;
  if (existsSync(join(staging, name))) {
    throw new UsageError(
      `The backup's database is ${main}, and ${name} is another file of it; set --db-path to ${main}.`,
    );
  }
  renameSync(join(staging, main), join(staging, name));
}

async function unpackWhole(from: string, staging: string): Promise<BackupContents> {
  try {
    return await unpackBackup(from, staging);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOSPC") {
      throw new UsageError(`There is no room to unpack ${from}; the data folder is as it was. Free some space.`);
    }
    throw new UsageError(`${from} is not a whole backup: ${messageOf(error)}`);
  }
}

function checkDatabase(file: string, revisions: readonly Revision[]): void {
  const database = new Database(file, { readonly: true });
  try {
    const check = database.query<{ quick_check: string }, []>("PRAGMA quick_check(1)").get();
    if (check?.quick_check !== "ok") throw new UsageError(`The backup's database is damaged: ${check?.quick_check}`);
    refuseNewer(revisions, appliedRevisions(database));
  } finally {
    database.close();
  }
}

import { Database } from "bun:sqlite";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Revision } from "../../../drizzle/revisions";
import { sqliteRevisions } from "../../../drizzle/revisions";
import { messageOf, UsageError } from "../errors";
import type { BackupAbout } from "./backupFormat";
import { openDataFolder } from "./folder";
import { refuseNewer } from "./migrationPlan";
import { INCOMPLETE, OWN_NAMES, replaceContents } from "./restoredFolder";
import { databasePath } from "./sqliteDatabase";
import { appliedRevisions } from "./sqliteMigrations";
import { type Unpacked, unpackBackup } from "./unpack";

export interface RestoreOptions {
  /** The backup. */
  from: string;
  dataDir: string;
  /** Name of the main database in the data folder, or its path there. */
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
  const main = basename(databasePath(resolve(dataDir), databaseFile));
  const folder = openDataFolder(dataDir);
  try {
    const found = readdirSync(folder.path).filter((name) => !OWN_NAMES.has(name));
    if (found.length > 0 && present === "refuse") {
      throw new UsageError(`The data folder ${folder.path} is not empty; --force replaces what it holds.`);
    }
    const staging = join(folder.path, INCOMPLETE);
    const { paths, about } = await unpackWhole(from, staging);
    checkDatabase(join(staging, main), revisions);
    replaceContents(folder.path);
    return { dataDir: folder.path, files: paths.length, about };
  } finally {
    rmSync(join(folder.path, INCOMPLETE), { recursive: true, force: true });
    folder.release();
  }
}

async function unpackWhole(from: string, staging: string): Promise<Unpacked> {
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
  if (!existsSync(file)) return;
  const database = new Database(file, { readonly: true });
  try {
    const check = database.query<{ quick_check: string }, []>("PRAGMA quick_check(1)").get();
    if (check?.quick_check !== "ok") throw new UsageError(`The backup's database is damaged: ${check?.quick_check}`);
    refuseNewer(revisions, appliedRevisions(database));
  } finally {
    database.close();
  }
}

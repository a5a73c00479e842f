import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import type { Clock } from "../../platform/clock";
import type { SqliteDatabase } from "../../platform/database";
import { UsageError } from "../../platform/errors";
import type { Log } from "../../platform/log";
import { saveWorkerFigures } from "./store/figures";
import {
  type ConversionReport,
  convertOriginalTables,
  copyInto,
  databaseFile,
  originalFigures,
  originalVersion,
} from "./store/original";

const CONVERTED_VERSION = 11;

/** What is put behind the file's name for the copy of it as it was. */
export const BACKUP_SUFFIX = ".original";

/**
 * When the database's file is one of the original market, copies it beside itself and takes it over, once. A crash on
 * the way leaves the original's tables, and the next start begins again.
 * @throws UsageError for a version of the original other than 11.
 */
export async function convertOriginal(
  database: SqliteDatabase,
  clock: Clock,
  log: Log,
): Promise<ConversionReport | undefined> {
  const version = database.read(originalVersion);
  if (version === undefined) return undefined;
  const file = database.read(databaseFile);
  if (version !== CONVERTED_VERSION) {
    throw new UsageError(
      `${file} is a market of the original at version ${version}; version ${CONVERTED_VERSION} can be taken over. Open it once with the original's release 0.3.0, or choose another file with --db-path.`,
    );
  }
  const backup = file + BACKUP_SUFFIX;
  if (file !== "" && !existsSync(backup)) copyWhole(database, backup);
  const figures = database.read(originalFigures);
  const report = await database.transact((db) => convertOriginalTables(db, clock.now()));
  for (const row of figures)
    database.figures.record((db) => saveWorkerFigures(db, row), `market worker ${row.workerId}`);
  await database.figures.flush();
  log.write("info", "a market of the original was taken over", { ...report, backup });
  return report;
}

/** The copy appears under its name when it is whole and on the disk. */
function copyWhole(database: SqliteDatabase, path: string): void {
  const partial = `${path}.part`;
  rmSync(partial, { force: true });
  database.read((db) => copyInto(db, partial));
  const file = openSync(partial, "r+");
  fsyncSync(file);
  closeSync(file);
  renameSync(partial, path);
}

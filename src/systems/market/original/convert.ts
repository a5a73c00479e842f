import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase } from "../../../platform/database";
import { UsageError } from "../../../platform/errors";
import type { Log } from "../../../platform/log";
import { hashApiKey } from "../identity/apiKeys";
import {
  type ConversionReport,
  convertOriginalTables,
  copyInto,
  databaseFile,
  originalSamples,
  originalVersion,
} from "../store/original";
import { saveWorkerSample } from "../store/samples";

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
  const backup = file === "" ? undefined : copyBeside(database, file);
  const samples = database.read(originalSamples);
  const report = await database.transact((db) => convertOriginalTables(db, clock.now(), hashApiKey));
  for (const row of samples)
    database.samples.record((db) => saveWorkerSample(db, row), `market worker ${row.workerId}`);
  await database.samples.flush();
  log.write("info", "a market of the original was taken over", { ...report, backup });
  return report;
}

/**
 * Copies the database beside its file and gives the copy's path. The copy appears under its name when it is whole and on the
 * disk. A copy of the same content, from a start that was cut off, is not made again; one of another stays.
 */
function copyBeside(database: SqliteDatabase, file: string): string {
  const partial = `${file}${BACKUP_SUFFIX}.part`;
  rmSync(partial, { force: true });
  database.read((db) => copyInto(db, partial));
  sync(partial);
  for (let number = 1; ; number++) {
    const path = `${file}${BACKUP_SUFFIX}${number === 1 ? "" : `.${number}`}`;
    if (!existsSync(path)) {
      renameSync(partial, path);
      sync(dirname(path));
      return path;
    }
    if (haveSameBytes(partial, path)) {
      rmSync(partial);
      return path;
    }
  }
}

function sync(path: string): void {
  const opened = openSync(path, "r");
  fsyncSync(opened);
  closeSync(opened);
}

const CHUNK_BYTES = 1_048_576;

function haveSameBytes(path: string, other: string): boolean {
  if (statSync(path).size !== statSync(other).size) return false;
  const files = [openSync(path, "r"), openSync(other, "r")];
  try {
    for (;;) {
      const [one, two] = files.map((file) => {
        const chunk = Buffer.alloc(CHUNK_BYTES);
        return chunk.subarray(0, readSync(file, chunk));
      });
      if (!one!.equals(two!)) return false;
      if (one!.length === 0) return true;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}

import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../errors";
import { HOLDER_FILE, LOCK_FILE, LOCK_SUFFIX } from "./lockFiles";

/**
 * A restore replaces what is in the data folder, not the folder, which may be a mount point and is locked meanwhile.
 * The files go through these folders, so that a crash at any point leaves the old state or, once `COMPLETE` stands, is
 * carried on to the new one when the folder is next opened.
 */
/** Is being filled; worth nothing yet. */
export const INCOMPLETE = ".restoring";
/** Full and checked: the point of no return. What the folder held is being moved into `REPLACED`. */
const COMPLETE = ".restored";
/** What the folder held is away; the new files are being moved up. */
const ARRIVING = ".arriving";
const REPLACED = ".replaced";
/** Holds the path of a database outside the folder, while the copy that takes its place stands ready beside it. */
const DATABASE_ARRIVING = ".database";

const STAGES: ReadonlySet<string> = new Set([INCOMPLETE, COMPLETE, ARRIVING, REPLACED, DATABASE_ARRIVING]);

/** Whether a name in the data folder is about the folder, and not of what is kept in it. */
export function isOwnName(name: string): boolean {
  return STAGES.has(name) || name === LOCK_FILE || name === HOLDER_FILE || name.endsWith(LOCK_SUFFIX);
}

/** What ends with the database that it belongs to. */
export const DATABASE_PARTS = ["-wal", "-shm", "-journal"];

/** The copy of a database that is to take the place of the one at `path`. */
function copyFor(path: string): string {
  return `${path}.restoring`;
}

/**
 * Takes the database out of the filled `INCOMPLETE` and puts it beside the file at `path`, outside the folder, whose
 * place it takes after the point of no return.
 */
export function stageDatabase(folder: string, staged: string, path: string): void {
  copyFileSync(staged, copyFor(path));
  for (const written of [copyFor(path), dirname(path)]) sync(written);
  rmSync(staged);
  writeFileSync(join(folder, INCOMPLETE, DATABASE_ARRIVING), path, { flush: true });
}

/** Puts the filled and checked `INCOMPLETE` in the place of all that the folder holds. */
export function replaceContents(folder: string, database: string): void {
  renameSync(join(folder, INCOMPLETE), join(folder, COMPLETE));
  settleRestore(folder, database);
}

/**
 * Carries a restore that was cut off to its end, or throws its half away when it had not come to be complete. The
 * folder and its `database` are this process's alone.
 * @throws UsageError where that restore was into another database.
 */
export function settleRestore(folder: string, database: string): void {
  rmSync(join(folder, INCOMPLETE), { recursive: true, force: true });
  if (existsSync(join(folder, COMPLETE))) {
    mkdirSync(join(folder, REPLACED), { recursive: true });
    for (const name of readdirSync(folder)) {
      if (!isOwnName(name)) renameSync(join(folder, name), join(folder, REPLACED, name));
    }
    renameSync(join(folder, COMPLETE), join(folder, ARRIVING));
  }
  if (existsSync(join(folder, ARRIVING))) {
    for (const name of readdirSync(join(folder, ARRIVING)))
      renameSync(join(folder, ARRIVING, name), join(folder, name));
    rmdirSync(join(folder, ARRIVING));
  }
  settleDatabase(folder, database);
  rmSync(join(folder, REPLACED), { recursive: true, force: true });
}

function settleDatabase(folder: string, database: string): void {
  const marker = join(folder, DATABASE_ARRIVING);
  if (!existsSync(marker)) {
    rmSync(copyFor(database), { force: true });
    return;
  }
  const path = readFileSync(marker, "utf8");
  if (path !== database) {
    throw new UsageError(`A restore of ${folder} was cut off. Start once with --db-path ${path}, which it belongs to.`);
  }
  if (existsSync(copyFor(path))) {
    // A log of the old database must not be replayed into the new one.
    for (const part of DATABASE_PARTS) rmSync(path + part, { force: true });
    renameSync(copyFor(path), path);
    sync(dirname(path));
  }
  rmSync(marker);
}

function sync(path: string): void {
  const opened = openSync(path, "r");
  fsyncSync(opened);
  closeSync(opened);
}

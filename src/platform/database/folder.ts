import { Database } from "bun:sqlite";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { messageOf, UsageError } from "../errors";
import { databasePath } from "./databasePath";
import { HOLDER_FILE, LOCK_FILE, LOCK_SUFFIX } from "./lockFiles";
import { settleRestore } from "./restoredFolder";

/** The folder of everything that is kept, with its database, held by this process alone until it is released. */
export interface DataFolder {
  /** Absolute path. */
  readonly path: string;
  /** Absolute path of the main database's file: directly in the folder, or outside it. */
  readonly database: string;
  /** Lets other processes have folder and database. Call it last, after every file in it is closed. */
  release(): void;
}

/** Keeps the locks reachable: a collected connection lets go of its lock. */
const heldLocks = new Set<Database>();

/**
 * Opens the data folder and takes its main database, both made on demand, for this process alone. A lock is the
 * operating system's (an exclusive SQLite lock on an empty file), so that it ends with the process however that ends.
 * The database has a lock of its own beside it, because two folders may name one file. A restore that was cut off after
 * its point of no return is finished first.
 *
 * @param databaseFile a name in the folder, or a path; docs/storage.md, "The data folder"
 * @throws UsageError when folder or file cannot be made or written, or another process holds one of them.
 */
export function openDataFolder(path: string, databaseFile?: string): DataFolder {
  const folder = resolve(path);
  const database = databasePath(folder, databaseFile);
  using opening = new DisposableStack();
  makeWritable(folder, `The data folder ${folder}`, "--data-dir");
  opening.adopt(
    takeLock(join(folder, LOCK_FILE), () => folderInUse(folder)),
    letGo,
  );
  writeFileSync(join(folder, HOLDER_FILE), `${process.pid}\n`);
  opening.defer(() => rmSync(join(folder, HOLDER_FILE), { force: true }));
  opening.adopt(lockDatabase(database), letGo);
  settleRestore(folder, database);
  const held = opening.move();
  return { path: folder, database, release: () => held.dispose() };
}

/** Takes the database file at `path` for this process alone, under whatever links it was named. */
function lockDatabase(path: string): Database {
  makeWritable(dirname(path), `The folder of the database file ${path}`, "--db-path");
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`The database file ${path} is a folder; name a file in it with --db-path.`);
  }
  const real = existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  return takeLock(
    `${real}${LOCK_SUFFIX}`,
    () => `The database file ${path} is in use by another process. Stop it, or choose another file with --db-path.`,
  );
}

function makeWritable(folder: string, what: string, flag: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(`${what} cannot be written (${messageOf(error)}). Choose another with ${flag}.`);
  }
}

/** @throws UsageError with the sentence of `inUse` where another process has it. */
function takeLock(file: string, inUse: () => string): Database {
  let lock: Database | undefined;
  try {
    lock = new Database(file, { create: true, readwrite: true });
    // Nothing is ever written under this lock, so it needs no journal file beside it.
    lock.run("PRAGMA journal_mode = MEMORY");
    lock.run("BEGIN EXCLUSIVE");
    heldLocks.add(lock);
    return lock;
  } catch (error) {
    lock?.close();
    if ((error as { code?: string }).code === "SQLITE_BUSY") throw new UsageError(inUse());
    throw new UsageError(`${file} cannot be locked: ${messageOf(error)}`);
  }
}

function letGo(lock: Database): void {
  heldLocks.delete(lock);
  lock.close();
}

function folderInUse(folder: string): string {
  return `The data folder ${folder} is in use by ${holderOf(folder)}. Stop it, or choose another folder with --data-dir.`;
}

function holderOf(folder: string): string {
  try {
    return `process ${readFileSync(join(folder, HOLDER_FILE), "utf8").trim()}`;
  } catch {
    return "a process that has only just started";
  }
}

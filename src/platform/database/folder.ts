import { Database } from "bun:sqlite";
import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { messageOf, UsageError } from "../errors";
import { HOLDER_FILE, LOCK_FILE } from "./lockFiles";
import { settleRestore } from "./restoredFolder";

/** The folder of everything that is kept, held by this process alone until it is released. */
export interface DataFolder {
  /** Absolute path. */
  readonly path: string;
  /** Lets other processes have the folder. Call it last, after every file in it is closed. */
  release(): void;
}

/** Keeps the locks reachable: a collected connection lets go of its lock. */
const heldLocks = new Set<Database>();

/**
 * Opens the data folder, made on demand, for this process alone. The lock is the operating system's (an exclusive
 * SQLite lock on an empty file), so that it ends with the process however that ends. A restore that was cut off
 * after its point of no return is finished first.
 * @throws UsageError when the folder cannot be made or written, or another process holds it.
 */
export function openDataFolder(path: string): DataFolder {
  const folder = resolve(path);
  makeWritable(folder);
  const lock = takeLock(folder);
  try {
    writeFileSync(join(folder, HOLDER_FILE), `${process.pid}\n`);
    settleRestore(folder);
  } catch (error) {
    lock.close();
    throw error;
  }
  heldLocks.add(lock);
  return {
    path: folder,
    release() {
      rmSync(join(folder, HOLDER_FILE), { force: true });
      heldLocks.delete(lock);
      lock.close();
    },
  };
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(
      `The data folder ${folder} cannot be written (${messageOf(error)}). Choose another with --data-dir.`,
    );
  }
}

function takeLock(folder: string): Database {
  let lock: Database | undefined;
  try {
    lock = new Database(join(folder, LOCK_FILE), { create: true, readwrite: true });
    // Nothing is ever written under this lock, so it needs no journal file beside it.
    lock.run("PRAGMA journal_mode = MEMORY");
    lock.run("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if ((error as { code?: string }).code !== "SQLITE_BUSY") {
      throw new UsageError(`The data folder ${folder} cannot be locked: ${messageOf(error)}`);
    }
    throw new UsageError(
      `The data folder ${folder} is in use by ${holderOf(folder)}. Stop it, or choose another folder with --data-dir.`,
    );
  }
}

function holderOf(folder: string): string {
  try {
    return `process ${readFileSync(join(folder, HOLDER_FILE), "utf8").trim()}`;
  } catch {
    return "a process that has only just started";
  }
}

import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { HOLDER_FILE, LOCK_FILE } from "./lockFiles";

/**
 * A restore replaces what is in the data folder, not the folder, which may be a mount point and is locked meanwhile.
 * It goes through these folders, so that a crash at any point leaves the old state or, once `COMPLETE` stands, is
 * carried on to the new one when the folder is next opened.
 */
/** Is being filled; worth nothing yet. */
export const INCOMPLETE = ".restoring";
/** Full and checked: the point of no return. What the folder held is being moved into `REPLACED`. */
const COMPLETE = ".restored";
/** What the folder held is away; the new files are being moved up. */
const ARRIVING = ".arriving";
const REPLACED = ".replaced";

/** Names in the data folder that are about the folder, not of what is kept in it. */
export const OWN_NAMES: ReadonlySet<string> = new Set([
  LOCK_FILE,
  HOLDER_FILE,
  INCOMPLETE,
  COMPLETE,
  ARRIVING,
  REPLACED,
]);

/** Puts the filled and checked `INCOMPLETE` in the place of all that the folder holds. */
export function replaceContents(folder: string): void {
  renameSync(join(folder, INCOMPLETE), join(folder, COMPLETE));
  settleRestore(folder);
}

/** Carries a restore that was cut off to its end, or throws its half away when it had not come to be complete. */
export function settleRestore(folder: string): void {
  rmSync(join(folder, INCOMPLETE), { recursive: true, force: true });
  if (existsSync(join(folder, COMPLETE))) {
    mkdirSync(join(folder, REPLACED), { recursive: true });
    for (const name of readdirSync(folder)) {
      if (!OWN_NAMES.has(name)) renameSync(join(folder, name), join(folder, REPLACED, name));
    }
    renameSync(join(folder, COMPLETE), join(folder, ARRIVING));
  }
  if (existsSync(join(folder, ARRIVING))) {
    for (const name of readdirSync(join(folder, ARRIVING)))
      renameSync(join(folder, ARRIVING, name), join(folder, name));
    rmdirSync(join(folder, ARRIVING));
  }
  rmSync(join(folder, REPLACED), { recursive: true, force: true });
}

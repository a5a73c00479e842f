import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { storageSettings } from "../../config/settings/storage";
import { UsageError } from "../errors";

/** The name of the main database in its folder, where no other is given. */
export const DATABASE_FILE = storageSettings.DATABASE_FILE.default;

/**
 * The absolute path of the main database's file: a bare name lies in the data folder, any other path is its own.
 * @throws UsageError for a folder within the data folder: what is kept there moves when a backup is restored.
 */
export function databasePath(folder: string, file: string = DATABASE_FILE): string {
  const path = basename(file) === file ? join(resolve(folder), file) : resolve(file);
  if (isDirectlyIn(folder, path) || relative(resolve(folder), path).split(sep)[0] === "..") return path;
  throw new UsageError(
    `The database file ${path} lies deeper in the data folder ${resolve(folder)}; name one directly in it, or outside.`,
  );
}

/** Whether the file at that path is one of the folder's own, and no file elsewhere. */
export function isDirectlyIn(folder: string, path: string): boolean {
  return dirname(path) === resolve(folder);
}

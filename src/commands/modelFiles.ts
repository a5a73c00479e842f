import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { messageOf, UsageError } from "../platform/errors";

const MAX_FILES = 1000;
const MAX_MODEL_BYTES = 256 * 1024 * 1024;

/** The main file of a model and all files of the folder that it lies in, by their paths in that folder. */
export async function modelFiles(path: string): Promise<{ files: Record<string, string>; main: string }> {
  const folder = dirname(path);
  const main = basename(path);
  const files: Record<string, string> = {};
  try {
    files[main] = await readFile(path, "utf8");
    let bytes = 0;
    for (const name of await textFilesOf(folder)) {
      bytes += (await stat(join(folder, name))).size;
      if (bytes > MAX_MODEL_BYTES) throw new UsageError(`The model in ${folder} has more than 256 MiB of files.`);
      files[name] = await readFile(join(folder, name), "utf8");
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The model cannot be read: ${messageOf(error)}.`);
  }
  return { files, main };
}

/** Programs and the tables that they read; anything else in the folder is none of the model's business. */
async function textFilesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && /\.(fred|csv|txt)$/i.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  if (names.length > MAX_FILES) throw new UsageError(`The model in ${folder} has more than ${MAX_FILES} files.`);
  return names;
}

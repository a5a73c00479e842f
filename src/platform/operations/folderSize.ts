import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A folder with more files is not counted to its end. */
export const MAX_COUNTED_FILES = 20_000;

/** Bytes of the files in a folder and below it; undefined where there is no such folder. */
export async function folderSize(folder: string): Promise<{ bytes: number; isPartial: boolean } | undefined> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return undefined;
  const open = [folder];
  let [files, bytes] = [0, 0];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    // What is removed meanwhile counts for nothing.
    for (const entry of await readdir(next, { withFileTypes: true }).catch(() => [])) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) open.push(path);
      if (!entry.isFile()) continue;
      if (files++ === MAX_COUNTED_FILES) return { bytes, isPartial: true };
      bytes += (await stat(path).catch(() => undefined))?.size ?? 0;
    }
  }
  return { bytes, isPartial: false };
}

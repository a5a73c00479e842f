import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";

/** The files of a folder, without those of folders in it; none of a folder that is not there. */
export async function filesIn(folder: string): Promise<{ name: string; bytes: number; modifiedMs: number }[]> {
  const entries = await readdir(resolve(folder), { withFileTypes: true }).catch((error: { code?: string }) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile());
  const found = files.map(async ({ name }) => {
    // A write-ahead log may be gone again by now.
    const state = await stat(join(folder, name)).catch(() => undefined);
    return state === undefined ? [] : [{ name, bytes: state.size, modifiedMs: state.mtimeMs }];
  });
  return (await Promise.all(found)).flat();
}

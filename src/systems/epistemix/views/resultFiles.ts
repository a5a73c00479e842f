import { unzipSync } from "fflate";
import { OUTPUTS } from "../results/pack";

/** No file of a result that is read here is larger; a larger one is left out. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export interface FileSize {
  path: string;
  sizeBytes: number;
}

/** The files of a result whose path is wanted, as text. */
export function textsIn(zip: Uint8Array, isWanted: (path: string) => boolean): Map<string, string> {
  const entries = unzipSync(zip, {
    filter: ({ name, originalSize }) =>
      name.startsWith(OUTPUTS) && originalSize <= MAX_FILE_BYTES && isWanted(name.slice(OUTPUTS.length)),
  });
  const decoder = new TextDecoder();
  return new Map(Object.entries(entries).map(([name, bytes]) => [name.slice(OUTPUTS.length), decoder.decode(bytes)]));
}

/** All files of a result by path and size, without any of them being inflated. */
export function sizesIn(zip: Uint8Array): FileSize[] {
  const found: FileSize[] = [];
  unzipSync(zip, {
    filter({ name, originalSize }) {
      if (name.startsWith(OUTPUTS)) found.push({ path: name.slice(OUTPUTS.length), sizeBytes: originalSize });
      return false;
    },
  });
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const BLOCK_BYTES = 4096;
const DEFAULT_ROUNDS = 20;

/**
 * The median time in milliseconds that the disk of `folder` takes to write 4 KiB durably: the unit in which every
 * figure of durability is to be read. Takes about `rounds` times as long.
 */
export function measureFsyncMs(folder: string, rounds = DEFAULT_ROUNDS): number {
  const scratch = mkdtempSync(join(folder, ".fsync-"));
  const file = openSync(join(scratch, "block"), "w");
  try {
    const block = new Uint8Array(BLOCK_BYTES);
    const timesMs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startMs = performance.now();
      writeSync(file, block, 0, BLOCK_BYTES, round * BLOCK_BYTES);
      fsyncSync(file);
      timesMs.push(performance.now() - startMs);
    }
    return timesMs.sort((a, b) => a - b)[rounds >> 1]!;
  } finally {
    closeSync(file);
    rmSync(scratch, { recursive: true });
  }
}

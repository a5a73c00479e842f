import { mkdtemp, open, rm } from "node:fs/promises";
import { join } from "node:path";

const BLOCK_BYTES = 4096;
const DEFAULT_ROUNDS = 20;

/**
 * The median time in milliseconds that the disk of `folder` takes to write 4 KiB durably: the unit in which every
 * figure of durability is to be read. Takes about `rounds` times as long, and leaves the event loop free meanwhile.
 */
export async function measureFsyncMs(folder: string, rounds = DEFAULT_ROUNDS): Promise<number> {
  const scratch = await mkdtemp(join(folder, ".fsync-"));
  try {
    await using file = await open(join(scratch, "block"), "w");
    const block = new Uint8Array(BLOCK_BYTES);
    const timesMs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startMs = performance.now();
      await file.write(block, 0, BLOCK_BYTES, round * BLOCK_BYTES);
      await file.sync();
      timesMs.push(performance.now() - startMs);
    }
    return timesMs.sort((a, b) => a - b)[rounds >> 1]!;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

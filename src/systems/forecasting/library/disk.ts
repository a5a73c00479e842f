import { statfs } from "node:fs/promises";
import { UsageError } from "../../../platform/errors";

/** Kept free for everybody else who writes to the disk. */
const RESERVE_BYTES = 256 * 1024 * 1024;

/** @throws UsageError when so many bytes do not fit on the disk of that folder. */
export async function refuseFullDisk(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes + RESERVE_BYTES) return;
  const mib = (value: number) => `${Math.ceil(value / 1024 ** 2)} MiB`;
  throw new UsageError(
    `The disk of ${folder} has ${mib(free)} free; ${mib(bytes + RESERVE_BYTES)} are needed (${mib(RESERVE_BYTES)} stay free).`,
  );
}

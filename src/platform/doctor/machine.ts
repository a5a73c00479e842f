import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { bytesText, type Finding } from "./check";

/** Ten thousand clients of MQTT, files and sockets of everything else. */
const ENOUGH_OPEN_FILES = 12_000;
const TOO_FEW_OPEN_FILES = 256;
const LITTLE_MEMORY_BYTES = 500e6;

/** How many files and connections this process may have open. */
export async function checkOpenFiles(): Promise<Finding> {
  const limit = await openFileLimit();
  if (limit === undefined) {
    return { outcome: "works", found: "this system does not tell its limit", advice: null, figures: { limit: null } };
  }
  const outcome = limit < TOO_FEW_OPEN_FILES ? "fails" : limit < ENOUGH_OPEN_FILES ? "limited" : "works";
  return {
    outcome,
    found: Number.isFinite(limit) ? `at most ${limit} open files and connections` : "no limit of open files",
    advice:
      outcome === "works" ? null : `Each connection takes one: raise the limit with ulimit -n ${ENOUGH_OPEN_FILES}.`,
    figures: { limit: Number.isFinite(limit) ? limit : null },
  };
}

async function openFileLimit(): Promise<number | undefined> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
  if (soft === undefined) return undefined;
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
}

/** How much memory is left for this process, limits of a container included. */
export function checkMemory(): Finding {
  const sizeBytes = process.constrainedMemory() || totalmem();
  const freeBytes = Math.min(process.availableMemory(), sizeBytes);
  const little = freeBytes < LITTLE_MEMORY_BYTES;
  return {
    outcome: little ? "limited" : "works",
    found: `${bytesText(freeBytes)} free of ${bytesText(sizeBytes)}`,
    advice: little ? "Serving takes up to 250 MB, inference more." : null,
    figures: { freeBytes, sizeBytes },
  };
}

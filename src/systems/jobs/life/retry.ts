import type { Random } from "../../../platform/random";

const FIRST_MS = 1000;
const FACTOR = 4;
const MAX_WAIT_MS = 5 * 60_000;

/**
 * How long to wait after so many failures: anything up to 1 s, 4 s, 16 s and so on, so that what failed together does
 * not come back together ("full jitter": M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 */
export function retryDelayMs(failures: number, random: Random): number {
  return random.next() * Math.min(MAX_WAIT_MS, FIRST_MS * FACTOR ** (failures - 1));
}

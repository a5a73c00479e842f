import type { Worker } from "./worker";

/** Online time without which a rate says nothing. */
const MIN_ONLINE_MS = 60_000;

/**
 * The hash rate that a worker's blocks on the chain bear out, in hashes per second, at most what it tells: blocks times
 * the keys that one takes on average, by the time that it was online. Null where there is no chain, or nothing to judge
 * by yet (docs/market.md, Offers).
 */
export function verifiedHashrate(worker: Worker, hashesPerBlock: number | undefined): number | null {
  const { verifiedBlocks, totalOnlineMs, hashrate } = worker;
  if (hashesPerBlock === undefined || totalOnlineMs < MIN_ONLINE_MS) return null;
  return Math.min(hashrate, (verifiedBlocks * hashesPerBlock * 1000) / totalOnlineMs);
}

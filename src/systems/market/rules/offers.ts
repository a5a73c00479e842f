import { verifiedHashrate } from "./hashrate";
import { gpuName } from "./pricing";
import { reputationOf } from "./reputation";
import { isWorkerOnline, type Worker } from "./worker";

export interface OfferQuery {
  sortBy: string;
  gpuType?: string | undefined;
  minHashrate?: number | undefined;
  /** XNM per minute, as 1e-9 units. */
  maxPrice?: bigint | undefined;
  minGpus?: number | undefined;
  availableOnly: boolean;
  /** A reputation of at least this, 0 to 100. */
  minReliability?: number | undefined;
  /** Hashes per second that blocks on the chain bear out. */
  minVerifiedHashrate?: number | undefined;
  /** What a block of the chain takes on average; undefined without a chain. */
  hashesPerBlock?: number | undefined;
}

type Order = (a: Worker, b: Worker) => number;

const ORDERS: Record<string, Order> = {
  price: (a, b) => (a.pricePerMin < b.pricePerMin ? -1 : Number(a.pricePerMin > b.pricePerMin)),
  hashrate: (a, b) => b.hashrate - a.hashrate,
  gpus: (a, b) => b.gpuCount - a.gpuCount,
  memory: (a, b) => b.totalMemoryGb - a.totalMemoryGb,
};

/** Sorts that need more than a worker: its age, or what the chain asks. */
function ordersNow(nowMs: number, hashesPerBlock: number | undefined): Record<string, Order> {
  const score = (worker: Worker) => reputationOf({ ...worker, onlineMs: worker.totalOnlineMs }, nowMs).score;
  const rate = (worker: Worker) => verifiedHashrate(worker, hashesPerBlock) ?? 0;
  return { ...ORDERS, reliability: (a, b) => score(b) - score(a), verified: (a, b) => rate(b) - rate(a) };
}

/**
 * The workers that satisfy a query, sorted by it; those that are online go before equal ones that are not. A sort
 * nobody knows leaves the order of registration (docs/market.md, Offers).
 */
export function offers(workers: Iterable<Worker>, query: OfferQuery, nowMs: number): Worker[] {
  const found: Worker[] = [];
  const gpuType = query.gpuType?.toLowerCase() ?? "";
  for (const worker of workers) {
    if (isOffered(worker, query, gpuType) && isProven(worker, query, nowMs)) found.push(worker);
  }
  const orders = ordersNow(nowMs, query.hashesPerBlock);
  const order = Object.hasOwn(orders, query.sortBy) ? orders[query.sortBy]! : undefined;
  if (order === undefined) return found;
  const absent = (worker: Worker) => Number(!isWorkerOnline(worker, nowMs));
  return found.sort((a, b) => order(a, b) || absent(a) - absent(b));
}

function isOffered(worker: Worker, query: OfferQuery, gpuType: string): boolean {
  if (query.availableOnly && (worker.state !== "AVAILABLE" || worker.activeLeaseId !== null)) return false;
  if (query.minHashrate !== undefined && worker.hashrate < query.minHashrate) return false;
  if (query.maxPrice !== undefined && worker.pricePerMin > query.maxPrice) return false;
  if (query.minGpus !== undefined && worker.gpuCount < query.minGpus) return false;
  return gpuType === "" || worker.gpus.map(gpuName).join(" ").toLowerCase().includes(gpuType);
}

function isProven(worker: Worker, query: OfferQuery, nowMs: number): boolean {
  const { minReliability, minVerifiedHashrate, hashesPerBlock } = query;
  if (minVerifiedHashrate !== undefined && (verifiedHashrate(worker, hashesPerBlock) ?? 0) < minVerifiedHashrate) {
    return false;
  }
  if (minReliability === undefined) return true;
  return reputationOf({ ...worker, onlineMs: worker.totalOnlineMs }, nowMs).score >= minReliability;
}

/** The cheapest free worker with at least this hashrate; online ones are preferred. Undefined when there is none. */
export function cheapestFree(workers: Iterable<Worker>, minHashrate: number, nowMs: number): Worker | undefined {
  const free = offers(workers, { sortBy: "price", availableOnly: true, minHashrate }, nowMs);
  return free.find((worker) => isWorkerOnline(worker, nowMs)) ?? free[0];
}

const MAX_LISTED_GPUS = 4;

/** The GPUs of a worker in a few words, such as `2x RTX 4090`, `RTX 4090 + 2x RTX 3080`, `8x (mixed)` or `GPU`. */
export function gpuLabel(gpus: readonly unknown[]): string {
  if (gpus.length === 0) return "GPU";
  const counts = new Map<string, number>();
  for (const gpu of gpus) {
    const name = gpuName(gpu).replaceAll("NVIDIA ", "").replaceAll("GeForce ", "");
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const isFew = counts.size === 1 || (counts.size === 2 && gpus.length <= MAX_LISTED_GPUS);
  if (!isFew) return `${gpus.length}x (mixed)`;
  return [...counts].map(([name, count]) => (count > 1 ? `${count}x ${name}` : name)).join(" + ");
}

import type { Random } from "../../../platform/random";
import { nanoOf } from "../rules/money";
import { DEFAULT_MAX_DURATION_SEC, DEFAULT_MIN_DURATION_SEC } from "../rules/pricing";
import type { Worker } from "../rules/worker";
import type { ReplayRequest } from "./handler";

/** One wish of a consumer. */
export interface Order {
  atMs: number;
  durationSec: number;
  /** XNM per minute. */
  maxPricePerMin: number | undefined;
  workerId: string | null;
}

/** The workers of a replay, in the order of their registration. */
export function workersOf({ workers }: ReplayRequest, random: Random): Map<string, Worker> {
  const list = Array.isArray(workers)
    ? workers
    : Array.from({ length: workers.count }, (_, i) => ({
        worker_id: `worker-${String(i + 1).padStart(4, "0")}`,
        price_per_min: workers.price_low + (workers.price_high - workers.price_low) * random.next(),
        min_duration_sec: DEFAULT_MIN_DURATION_SEC,
        max_duration_sec: DEFAULT_MAX_DURATION_SEC,
      }));
  return new Map(list.map((given) => [given.worker_id, newWorker(given)]));
}

/** The orders by time. Those by chance come as a Poisson process does, with durations that fade exponentially. */
export function ordersOf({ orders }: ReplayRequest, random: Random): Order[] {
  if (Array.isArray(orders)) {
    return orders
      .map((given) => ({
        atMs: Math.round(given.at_sec * 1000),
        durationSec: given.duration_sec,
        maxPricePerMin: given.max_price_per_min,
        workerId: given.worker_id ?? null,
      }))
      .sort((a, b) => a.atMs - b.atMs);
  }
  const faded = (mean: number) => -mean * Math.log(1 - random.next());
  const list = Array.from({ length: orders.count }, () => ({
    atMs: Math.floor(random.next() * orders.hours * 3_600_000),
    durationSec: Math.max(DEFAULT_MIN_DURATION_SEC, Math.round(faded(orders.mean_duration_sec))),
    maxPricePerMin: faded(orders.max_price_mean),
    workerId: null,
  }));
  return list.sort((a, b) => a.atMs - b.atMs);
}

interface NewWorker {
  worker_id: string;
  price_per_min: number;
  min_duration_sec: number;
  max_duration_sec: number;
}

function newWorker({ worker_id, price_per_min, min_duration_sec, max_duration_sec }: NewWorker): Worker {
  return {
    workerId: worker_id,
    ethAddress: "",
    gpuCount: 1,
    totalMemoryGb: 0,
    gpus: [],
    version: "",
    state: "AVAILABLE",
    pricePerMin: nanoOf(price_per_min),
    minDurationSec: min_duration_sec,
    maxDurationSec: max_duration_sec,
    registeredAtMs: 0,
    hashrate: 0,
    activeGpus: 1,
    lastHeartbeatMs: 0,
    totalOnlineMs: 0,
    lastOnlineAtMs: null,
    currentAddress: "",
    currentPrefix: "",
    currentBlockPattern: "",
    selfBlocksFound: 0,
    selfBlocksVerified: 0,
    present: true,
    verifiedBlocks: 0,
    totalLeases: 0,
    completedLeases: 0,
    activeLeaseId: null,
  };
}

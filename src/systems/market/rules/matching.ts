import { type Nano, xnmOf } from "./money";
import { isRentable, isWorkerOnline, type Worker } from "./worker";

export interface Wish {
  /** The worker that is wanted; null takes any. */
  workerId: string | null;
  durationSec: number;
  /** Hashes per second that the worker must tell at least. */
  minHashrate?: number | undefined;
  /** The most per minute. */
  maxPrice?: Nano | undefined;
}

/** `refused` says in words that a worker was free, but not for this. */
export type Match = { worker: Worker } | { refused: string } | undefined;

/**
 * The worker for a wish: the cheapest that is free and online, else the cheapest that is free; of equals the first by
 * registration, which is the order of `workers`. `isTaken` tells of workers whose lease is not yet on the disk
 * (docs/market.md, Renting).
 */
export function matchWorker(
  workers: ReadonlyMap<string, Worker>,
  wish: Wish,
  isTaken: (workerId: string) => boolean,
  nowMs: number,
): Match {
  let best: Worker | undefined;
  let refused: string | undefined;
  const isBetter = (worker: Worker, other: Worker) => {
    const [here, there] = [isWorkerOnline(worker, nowMs), isWorkerOnline(other, nowMs)];
    return here === there ? worker.pricePerMin < other.pricePerMin : here;
  };
  for (const worker of candidates(workers, wish.workerId)) {
    if (!isRentable(worker) || isTaken(worker.workerId)) continue;
    const fault = wishFault(worker, wish);
    if (fault !== undefined) refused ??= fault;
    else if (best === undefined || isBetter(worker, best)) best = worker;
  }
  if (best !== undefined) return { worker: best };
  return refused === undefined ? undefined : { refused };
}

/** Why a free worker is not what is wished for. */
function wishFault(worker: Worker, { durationSec, minHashrate, maxPrice }: Wish): string | undefined {
  if (durationSec > worker.maxDurationSec) return `Duration above maximum (${worker.maxDurationSec}s)`;
  if (minHashrate !== undefined && worker.hashrate < minHashrate) return `Hash rate below ${minHashrate} H/s`;
  if (maxPrice === undefined || worker.pricePerMin <= maxPrice) return undefined;
  return `Price ${xnmOf(worker.pricePerMin)} XNM per minute, above the max_price of ${xnmOf(maxPrice)}`;
}

function candidates(workers: ReadonlyMap<string, Worker>, workerId: string | null): Iterable<Worker> {
  if (workerId === null) return workers.values();
  const wanted = workers.get(workerId);
  return wanted === undefined ? [] : [wanted];
}

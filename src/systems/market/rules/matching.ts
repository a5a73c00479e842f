import { isRentable, isWorkerOnline, type Worker } from "./worker";

export interface Wish {
  /** The worker that is wanted; null takes any. */
  workerId: string | null;
  durationSec: number;
}

/** `tooLong` says in words that a worker was free, but not for this long. */
export type Match = { worker: Worker } | { tooLong: string } | undefined;

/**
 * The worker for a wish, among `workers` in the order of their registration: the first that is free and online, else
 * the first that is free. `isTaken` tells of workers whose lease is not yet on the disk (docs/market.md, Matching).
 */
export function matchWorker(
  workers: ReadonlyMap<string, Worker>,
  wish: Wish,
  isTaken: (workerId: string) => boolean,
  nowMs: number,
): Match {
  let firstOffline: Worker | undefined;
  let tooLong: string | undefined;
  for (const worker of candidates(workers, wish.workerId)) {
    if (!isRentable(worker) || isTaken(worker.workerId)) continue;
    if (wish.durationSec > worker.maxDurationSec) {
      tooLong ??= `Duration above maximum (${worker.maxDurationSec}s)`;
    } else if (isWorkerOnline(worker, nowMs)) {
      return { worker };
    } else {
      firstOffline ??= worker;
    }
  }
  if (firstOffline !== undefined) return { worker: firstOffline };
  return tooLong === undefined ? undefined : { tooLong };
}

function candidates(workers: ReadonlyMap<string, Worker>, workerId: string | null): Iterable<Worker> {
  if (workerId === null) return workers.values();
  const wanted = workers.get(workerId);
  return wanted === undefined ? [] : [wanted];
}

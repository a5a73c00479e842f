import { RequestError } from "../../../platform/errors";

/** What a batch takes while it runs. */
export interface Size {
  /** Milliseconds of one core. */
  costMs: number;
  bytes: number;
}

/** Keeps batches within the memory and the time that they may take together. */
export interface Budget {
  /** @throws RequestError 503 when there is no room beside those that run. */
  check(size: Size): void;
  /** Runs the work and counts its size until it ends; `spend` tells how much of its cost is done so far. */
  hold<T>(size: Size, work: (spend: (soFarMs: number) => void) => Promise<T>): Promise<T>;
}

/** Most memory of all batches together. One alone may always run: the limits of its request are lower. */
const MAX_BATCH_BYTES = 512 * 2 ** 20;

export function createBudget(workers: () => number, maxWaitS: number): Budget {
  let costMs = 0;
  let bytes = 0;

  function check(size: Size): void {
    const waitS = costMs / workers() / 1000;
    const isFull = bytes > 0 && bytes + size.bytes > MAX_BATCH_BYTES;
    if (waitS <= maxWaitS && !isFull) return;
    const retryAfterS = Math.max(1, Math.ceil(waitS));
    const limits = `the limits are ${maxWaitS} s and ${MAX_BATCH_BYTES / 2 ** 20} MiB`;
    const held = `about ${retryAfterS} s of work and ${Math.round(bytes / 2 ** 20)} MiB`;
    throw new RequestError(503, `Other batches are running: ${held} (${limits}). Try again later.`, { retryAfterS });
  }

  async function hold<T>(size: Size, work: (spend: (soFarMs: number) => void) => Promise<T>): Promise<T> {
    check(size);
    costMs += size.costMs;
    bytes += size.bytes;
    let spentMs = 0;
    const spend = (soFarMs: number) => {
      costMs -= Math.min(size.costMs, soFarMs) - spentMs;
      spentMs = Math.min(size.costMs, soFarMs);
    };
    try {
      return await work(spend);
    } finally {
      spend(size.costMs);
      bytes -= size.bytes;
    }
  }

  return { check, hold };
}

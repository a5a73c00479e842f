import { RequestError } from "../errors";

/** Lets so many pieces of work run at a time, and refuses what has waited too long for its turn. */
export interface Permits {
  /** @throws RequestError 503 after the time-out; else whatever `work` gives. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

const RETRY_AFTER_S = 1;

/** `limit` permits, each waited for at most `timeoutMs`; first come, first served. */
export function permits(limit: number, timeoutMs: number): Permits {
  let free = limit;
  const waiting = new Set<() => void>();

  function acquire(): Promise<void> | undefined {
    if (free > 0) {
      free -= 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(take);
        const detail = `All ${limit} connections to the database have been busy for ${timeoutMs} ms; try again later.`;
        reject(new RequestError(503, detail, { retryAfterS: RETRY_AFTER_S }));
      }, timeoutMs);
      function take(): void {
        clearTimeout(timer);
        resolve();
      }
      waiting.add(take);
    });
  }

  /** Hands the permit to whoever has waited longest. */
  function release(): void {
    const [next] = waiting;
    if (next === undefined) {
      free += 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  return {
    async run(work) {
      await acquire();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}

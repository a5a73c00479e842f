import type { Clock } from "../../../platform/clock";
import { pause } from "../../../platform/pause";
import type { Random } from "../../../platform/random";
import { SpacescopeFault } from "./fault";
import { requestRows } from "./request";

export interface Progress {
  done: number;
  total: number;
}

/** One GET: a path below the base address, with its query in the order in which it is sent. */
export interface RowsRequest {
  path: string;
  query: Record<string, string>;
}

export interface FetchOptions {
  signal: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** A reader of Spacescope that waits, asks again and gives up with a sentence. What it was answered it remembers. */
export interface Spacescope {
  /**
   * The rows of each request, in the order of the requests. The first one that fails calls off the others.
   * @throws SpacescopeFault, or the signal's reason when that is aborted.
   */
  fetchRows(requests: readonly RowsRequest[], options: FetchOptions): Promise<unknown[][]>;
}

export interface SpacescopeOptions {
  /** Without a slash at its end. */
  baseUrl: string;
  /** The `authorization` header, sent as it stands. */
  authorization: string;
  clock: Clock;
  random: Random;
  limits?: Partial<SpacescopeLimits>;
}

export interface SpacescopeLimits {
  /** Requests under way at the same time. */
  concurrency: number;
  /** How often a request is made before its fault counts. */
  attempts: number;
  timeoutMs: number;
  maxBytes: number;
  /** The wait before the second attempt; each further one is twice as long, before jitter. */
  backOffMs: number;
  /** The longest wait, also where the service asks for more. */
  maxWaitMs: number;
}

/** docs/filecoin.md, "Fetching", states these. */
export const SPACESCOPE_LIMITS: SpacescopeLimits = {
  concurrency: 4,
  attempts: 5,
  timeoutMs: 60_000,
  maxBytes: 16 * 1024 * 1024,
  backOffMs: 1000,
  maxWaitMs: 120_000,
};

export function createSpacescope({ baseUrl, authorization, clock, random, limits }: SpacescopeOptions): Spacescope {
  const { concurrency, attempts, timeoutMs, maxBytes, backOffMs, maxWaitMs } = { ...SPACESCOPE_LIMITS, ...limits };
  /** The service's wish to be left alone holds for all requests, not only for the one that it answered. */
  let quietUntilMs = 0;
  const answered = new Map<string, unknown[]>();

  async function fetchRows(requests: readonly RowsRequest[], options: FetchOptions): Promise<unknown[][]> {
    const failed = new AbortController();
    const signal = AbortSignal.any([options.signal, failed.signal]);
    const answers: unknown[][] = new Array(requests.length);
    const progress = { done: 0, total: requests.length };
    let next = 0;
    async function takeTurns(): Promise<void> {
      while (next < requests.length) {
        const index = next++;
        const url = urlOf(requests[index]!);
        answers[index] = answered.get(url) ?? (await persistently(url, signal));
        progress.done++;
        options.onProgress?.({ ...progress });
      }
    }
    options.onProgress?.({ ...progress });
    // All of them end before this does, so that nothing goes on behind a load that has failed.
    const turns = Array.from({ length: concurrency }, () => takeTurns().catch((error) => failed.abort(error)));
    await Promise.all(turns);
    signal.throwIfAborted();
    return answers;
  }

  async function persistently(url: string, signal: AbortSignal): Promise<unknown[]> {
    for (let attempt = 1; ; attempt++) {
      while (quietUntilMs > clock.now()) await pause(clock, quietUntilMs - clock.now(), signal);
      try {
        const rows = await requestRows(url, { authorization, clock, timeoutMs, maxBytes, signal });
        answered.set(url, rows);
        return rows;
      } catch (error) {
        if (!(error instanceof SpacescopeFault) || error.kind !== "transient") throw error;
        if (attempt >= attempts) throw givenUp(error, attempts);
        await beforeNext(error, attempt, signal);
      }
    }
  }

  async function beforeNext(fault: SpacescopeFault, attempt: number, signal: AbortSignal): Promise<void> {
    const wishedMs = fault.retryAfterMs ?? 0;
    if (wishedMs > maxWaitMs) {
      const asked = `asks to be left alone for ${Math.ceil(wishedMs / 1000)} s`;
      throw new SpacescopeFault("final", `${fault.message} The service ${asked}; try again after that.`);
    }
    quietUntilMs = Math.max(quietUntilMs, clock.now() + wishedMs);
    // Half of the wait is left to chance, lest requests that failed together come back together.
    const longestMs = Math.min(maxWaitMs, backOffMs * 2 ** (attempt - 1));
    await pause(clock, longestMs * (0.5 + 0.5 * random.next()), signal);
  }

  function urlOf({ path, query }: RowsRequest): string {
    const search = new URLSearchParams(query).toString();
    return `${baseUrl}${path}${search === "" ? "" : `?${search}`}`;
  }

  return { fetchRows };
}

function givenUp(fault: SpacescopeFault, attempts: number): SpacescopeFault {
  return new SpacescopeFault("transient", `${fault.message} That was attempt ${attempts} of ${attempts}.`);
}

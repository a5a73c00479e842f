/** How often callers may do something, each within a window of time that begins with the first. */
export interface RateLimit {
  /** Counts one more for this caller. */
  take(caller: string): RateAnswer;
}

export interface RateAnswer {
  isAllowed: boolean;
  limit: number;
  /** How often more in this window. */
  remaining: number;
  /** Seconds until the window ends, at least 1. */
  resetS: number;
}

/** Callers that are remembered; beyond this the oldest are forgotten, so that strangers cannot fill the memory. */
const MAX_CALLERS = 50_000;

/** A limit of `limit` times in `windowMs` for each caller; 0 sets none. */
export function createRateLimit(limit: number, windowMs: number, now: () => number): RateLimit {
  /** Oldest first. */
  const windows = new Map<string, { count: number; endsAtMs: number }>();

  function windowOf(caller: string, nowMs: number) {
    const known = windows.get(caller);
    // A window that ends later than any can is of a clock that was set back.
    if (known !== undefined && known.endsAtMs > nowMs && known.endsAtMs <= nowMs + windowMs) return known;
    const fresh = { count: 0, endsAtMs: nowMs + windowMs };
    windows.delete(caller);
    windows.set(caller, fresh);
    if (windows.size > MAX_CALLERS) windows.delete(windows.keys().next().value!);
    return fresh;
  }

  return {
    take(caller) {
      const nowMs = now();
      const window = windowOf(caller, nowMs);
      window.count++;
      return {
        isAllowed: limit === 0 || window.count <= limit,
        limit,
        remaining: Math.max(0, limit - window.count),
        resetS: Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1000)),
      };
    },
  };
}

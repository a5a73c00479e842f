import type { Clock } from "../../../platform/clock";
import { ServiceError } from "./faults";

/** The original's classes of routes. */
export type RateFamily = "initialization" | "inference" | "default";

/** What is allowed in one minute; undefined for no limits. */
export type RateLimits = Readonly<Record<RateFamily, number>> | undefined;

export interface Rates {
  /** Counts a request. Gives what the answer's headers say. @throws ServiceError 429 beyond the limit */
  count(caller: string, family: RateFamily): Record<string, string>;
}

const MINUTE_MS = 60_000;
/** Callers that are remembered at a time; those of the oldest minute go first. */
const MAX_CALLERS = 10_000;

interface Minute {
  endsAt: number;
  used: number;
}

/** Requests of each caller in a minute that begins with the first of them; docs/forecasting.md, "Rates". */
export function createRates(clock: Clock, limits: RateLimits): Rates {
  const minutes = new Map<string, Minute>();

  function minuteOf(key: string, now: number): Minute {
    const known = minutes.get(key);
    if (known !== undefined && now < known.endsAt) return known;
    minutes.delete(key);
    if (minutes.size >= MAX_CALLERS) minutes.delete(minutes.keys().next().value!);
    const minute = { endsAt: now + MINUTE_MS, used: 0 };
    minutes.set(key, minute);
    return minute;
  }

  function count(caller: string, family: RateFamily): Record<string, string> {
    if (limits === undefined) return {};
    const [now, limit] = [clock.monotonic(), limits[family]];
    const minute = minuteOf(`${family} ${caller}`, now);
    minute.used++;
    const waitS = Math.max(1, Math.ceil((minute.endsAt - now) / 1000));
    if (minute.used > limit) throw tooMany(limit, waitS);
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(limit - minute.used),
      "x-ratelimit-reset": String(Math.ceil((clock.now() + minute.endsAt - now) / 1000)),
      "retry-after": String(waitS),
    };
  }

  return { count };
}

function tooMany(limit: number, retryAfterS: number): ServiceError {
  const body = {
    error: "rate_limit_exceeded",
    message: "Too many requests. Please try again later.",
    detail: `${limit} per 1 minute`,
  };
  return new ServiceError(429, body, { retryAfterS });
}

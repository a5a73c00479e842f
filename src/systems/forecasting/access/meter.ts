import type { Clock } from "../../../platform/clock";
import { RequestError } from "../../../platform/errors";

/** Who calls, and how often that may be; a limit that is absent is the setting's. */
export interface Caller {
  /** The name of a key; `shared` for the one that all share, `page` for this server's own page. */
  name: string;
  perMinute?: number;
  perMonth?: number;
}

export interface Limits {
  /** Requests of one key; undefined where there is no limit. */
  perMinute: number | undefined;
  perMonth: number | undefined;
}

export interface Meter {
  /** Counts a request. @throws RequestError 429 with Retry-After where it is one too many */
  count(caller: Caller): void;
  /** What was counted in this minute and month; a limit is null where there is none. */
  usage(caller: Caller): Record<"minute" | "month", { consumed: number; limit: number | null }>;
}

interface Counts {
  minute: number;
  inMinute: number;
  month: string;
  inMonth: number;
}

const MINUTE_MS = 60_000;
/** Keys whose counts are remembered; the one that was counted longest ago is forgotten. */
const MAX_KEYS = 10_000;

/** Counts the requests of each key, from the start of the program on (docs/forecasting.md, "Keys"). */
export function createMeter(clock: Clock, limits: Limits): Meter {
  const counts = new Map<string, Counts>();

  function countsOf({ name }: Caller): Counts {
    const now = clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    const month = new Date(now).toISOString().slice(0, 7);
    const known = counts.get(name);
    return {
      minute,
      month,
      inMinute: known?.minute === minute ? known.inMinute : 0,
      inMonth: known?.month === month ? known.inMonth : 0,
    };
  }
  const perMinuteOf = (caller: Caller) => caller.perMinute ?? limits.perMinute;
  const perMonthOf = (caller: Caller) => caller.perMonth ?? limits.perMonth;

  return {
    count(caller) {
      const now = countsOf(caller);
      const [perMinute, perMonth] = [perMinuteOf(caller), perMonthOf(caller)];
      if (perMonth !== undefined && now.inMonth >= perMonth)
        throw tooMany(`${perMonth} per 1 month`, secondsToMonth(clock.now()));
      if (perMinute !== undefined && now.inMinute >= perMinute) {
        throw tooMany(`${perMinute} per 1 minute`, Math.ceil(((now.minute + 1) * MINUTE_MS - clock.now()) / 1000));
      }
      counts.delete(caller.name);
      if (counts.size >= MAX_KEYS) counts.delete(counts.keys().next().value!);
      counts.set(caller.name, { ...now, inMinute: now.inMinute + 1, inMonth: now.inMonth + 1 });
    },
    usage(caller) {
      const now = countsOf(caller);
      return {
        minute: { consumed: now.inMinute, limit: perMinuteOf(caller) ?? null },
        month: { consumed: now.inMonth, limit: perMonthOf(caller) ?? null },
      };
    },
  };
}

function tooMany(limit: string, retryAfterS: number): RequestError {
  return new RequestError(429, `Too many requests of this key: the limit is ${limit}.`, { retryAfterS });
}

function secondsToMonth(nowMs: number): number {
  const now = new Date(nowMs);
  return Math.ceil((Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) - nowMs) / 1000);
}

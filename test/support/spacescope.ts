import { readFileSync } from "node:fs";
import { join } from "node:path";
import { epochDay, isoDateOf } from "../../src/numeric/calendar";

type Row = Record<string, unknown>;

/** What Spacescope knows, by path. */
export type SpacescopeRows = Record<string, Row[]>;

export interface SeenRequest {
  path: string;
  query: Record<string, string>;
  authorization: string | null;
}

/** An answer that takes the place of the right one; `undefined` lets that through. `count` is of this address, from 1. */
export type Fault = (request: SeenRequest, count: number) => Response | undefined | Promise<Response | undefined>;

export interface LocalSpacescope {
  /** The base address, without a slash at its end. */
  url: string;
  seen: SeenRequest[];
  /** Most requests that were under way at once. */
  peak: () => number;
  /** Changes what goes wrong from now on. */
  breakBy(fault: Fault | undefined): void;
  stop(): Promise<void>;
}

export const TEST_TOKEN = "Bearer test-token";

/** A server on a free port that answers as Spacescope does, ranges included, to whoever has the token. */
export function serveSpacescope(rows: SpacescopeRows, fault?: Fault): LocalSpacescope {
  const seen: SeenRequest[] = [];
  const counts = new Map<string, number>();
  let current = fault;
  let underWay = 0;
  let peak = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    async fetch(request) {
      peak = Math.max(peak, ++underWay);
      try {
        const { pathname, searchParams, search } = new URL(request.url);
        const path = pathname.replace(/^\/v2/, "");
        const authorization = request.headers.get("authorization");
        const asked = { path, query: Object.fromEntries(searchParams), authorization };
        seen.push(asked);
        const count = (counts.get(path + search) ?? 0) + 1;
        counts.set(path + search, count);
        const wrong = await current?.(asked, count);
        if (wrong !== undefined) return wrong;
        if (authorization !== TEST_TOKEN)
          return Response.json({ message: `no access for ${authorization}` }, { status: 401 });
        const known = rows[path];
        if (known === undefined) return Response.json({ message: "no such path" }, { status: 404 });
        return Response.json({ code: 0, data: between(known, asked.query) });
      } finally {
        underWay--;
      }
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/v2`,
    seen,
    peak: () => peak,
    breakBy: (next) => {
      current = next;
    },
    stop: () => server.stop(true),
  };
}

function between(rows: Row[], { start_date, end_date }: Record<string, string>): Row[] {
  if (start_date === undefined || end_date === undefined) return rows;
  return rows.filter(({ stat_date }) => {
    const date = String(stat_date).slice(0, 10);
    return date >= start_date && date <= end_date;
  });
}

const goldens = join(import.meta.dir, "../golden/filecoin/ingest");

/** Recorded rows and what has to come of them. */
export function ingestGoldens() {
  const read = (name: string) => JSON.parse(readFileSync(join(goldens, name), "utf8"));
  const { today, responses } = read("spacescope_responses.json");
  const rows = Object.fromEntries(Object.entries(responses).map(([path, of]) => [path.replace(/^\/v2/, ""), of]));
  return {
    today: today as string,
    rows: rows as SpacescopeRows,
    expected: read("expected.json"),
    requests: read("requests.json"),
  };
}

const PIB = 2 ** 50;
const EIB = 2 ** 60;

/** The dates of {@link syntheticRows}: a history of 100 days. */
export const SYNTHETIC = { startDate: "2025-01-01", currentDate: "2025-04-11", today: "2025-04-12" };

/**
 * Rows that are invented and simple enough to foresee the figures: day k from the start has a raw power of 4 + k/1024
 * EiB, 2 + k/128 PiB onboarded, 2 + k/128 PiB due and half of that renewed, and so on. Some figures are texts, as in the real service.
 */
export function syntheticRows(): SpacescopeRows {
  const start = epochDay(SYNTHETIC.startDate)!;
  const current = epochDay(SYNTHETIC.currentDate)!;
  const days = (from: number, to: number, row: (k: number, date: string) => Row) =>
    Array.from({ length: to - from + 1 }, (_, i) => row(from + i - start, `${isoDateOf(from + i)}T00:00:00Z`));
  return {
    "/power/network_storage_capacity": days(start - 2, current, (k, stat_date) => ({
      stat_date,
      total_raw_bytes_power: String((4 + k / 1024) * EIB),
      total_qa_bytes_power: String((20 + k / 1024) * EIB),
      baseline_power: String(8 * EIB),
    })),
    "/power/daily_power_onboarding_by_sector_size": days(start - 200, current, (k, stat_date) => ({
      stat_date,
      commit_rbp_32gib: (1 + k / 128) * PIB,
      commit_rbp_64gib: PIB,
      commit_qap_32gib: (10 + k / 128) * PIB,
      commit_qap_64gib: 8 * PIB,
    })),
    "/circulating_supply/circulating_supply": days(start - 5, current, (k, stat_date) => ({
      stat_date,
      circulating_fil: String(6e8 + k),
      mined_fil: "1",
      vested_fil: String(4e8 + k + 0.75),
      locked_fil: String(1e8 - k),
      burnt_fil: String(4e7 + 5000 * k),
      reserve_disbursed_fil: "17066618.961773411",
    })),
    "/power/sectors_schedule_expiration": days(start - 200, current + 60, (k, interest_date) => ({
      interest_date,
      ...expiring("bytes", "", PIB * (2 + k / 128), PIB),
      ...expiring("bytes", "_qap", 8 * PIB * (2 + k / 128), 8 * PIB),
      ...expiring("pledge", "", 1000 * (2 + k / 128), 1000),
    })),
    "/deals/deal_size": days(start - 200, current, (k, stat_date) => ({
      stat_date,
      daily_activated_regular_deal_size: String(PIB / 4),
      daily_activated_verified_deal_size: String((0.75 + k / 256) * PIB),
    })),
  };
}

function expiring(unit: string, suffix: string, due: number, terminated: number): Row {
  return {
    [`extended_${unit}${suffix}`]: String(due / 2),
    [`expired_${unit}${suffix}`]: "0",
    [`terminated_${unit}${suffix}`]: String(terminated),
    [`schedule_expire_${unit}${suffix}`]: due + terminated,
  };
}

import { epochDay, isoDateOf } from "../../../numeric/calendar";
import { LAUNCH_DATE } from "../model/constants";
import type { RowsRequest } from "./client";

/**
 * The tables of Spacescope that a history is made of, with the members that are read of each row. Meanings and units:
 * docs/filecoin.md, "The source".
 */
export const SOURCES = {
  power: {
    path: "/power/network_storage_capacity",
    dateField: "stat_date",
    fields: ["total_raw_bytes_power", "total_qa_bytes_power", "baseline_power"],
  },
  onboarding: {
    path: "/power/daily_power_onboarding_by_sector_size",
    dateField: "stat_date",
    fields: ["commit_rbp_32gib", "commit_rbp_64gib", "commit_qap_32gib", "commit_qap_64gib"],
  },
  supply: {
    path: "/circulating_supply/circulating_supply",
    dateField: "stat_date",
    fields: ["circulating_fil", "vested_fil", "locked_fil", "burnt_fil"],
  },
  expirations: {
    path: "/power/sectors_schedule_expiration",
    dateField: "interest_date",
    fields: [
      "extended_bytes",
      "terminated_bytes",
      "schedule_expire_bytes",
      "extended_bytes_qap",
      "terminated_bytes_qap",
      "schedule_expire_bytes_qap",
      "terminated_pledge",
      "schedule_expire_pledge",
    ],
  },
  deals: {
    path: "/deals/deal_size",
    dateField: "stat_date",
    fields: ["daily_activated_regular_deal_size", "daily_activated_verified_deal_size"],
  },
} as const satisfies Record<string, { path: string; dateField: string; fields: readonly string[] }>;

export type SourceName = keyof typeof SOURCES;
export type FieldOf<Name extends SourceName> = (typeof SOURCES)[Name]["fields"][number];

/** Days counted from 1970-01-01, both ends included. */
export interface DayRange {
  from: number;
  to: number;
}

/** Days of the lists that the smoothed rates are taken from, before the current date. */
export const RECENT_DAYS = 180;
/** The service refuses ranges whose ends are 90 days apart or more. */
const DAYS_PER_REQUEST = 90;

/** What one load needs, in days counted from 1970-01-01. */
export interface LoadRange {
  startDay: number;
  currentDay: number;
  /** The history may turn out to end as early as this, and needs the half year before it then. */
  oldestDay: number;
}

/**
 * Everything that is asked for a history. The range of each table is fetched once; power back to the launch, since
 * capped power is summed from there.
 */
export function requestsFor({ startDay, currentDay, oldestDay }: LoadRange): [SourceName, RowsRequest][] {
  const launch = epochDay(LAUNCH_DATE)!;
  const recent = Math.max(launch, oldestDay - RECENT_DAYS);
  const from: Record<SourceName, number | undefined> = {
    expirations: undefined,
    power: launch,
    onboarding: Math.min(startDay, recent),
    supply: startDay,
    deals: recent,
  };
  return (Object.keys(from) as SourceName[]).flatMap((name) => {
    const { path } = SOURCES[name];
    const first = from[name];
    if (first === undefined) return [[name, { path, query: {} }]];
    return chunksOf({ from: first, to: currentDay }).map((query) => [name, { path, query }]);
  });
}

/** A range cut into pieces of at most 90 days, whose ends are 89 days apart, as queries. */
export function chunksOf({ from, to }: DayRange): RowsRequest["query"][] {
  const queries: RowsRequest["query"][] = [];
  for (let day = from; day <= to; day += DAYS_PER_REQUEST) {
    const last = Math.min(day + DAYS_PER_REQUEST - 1, to);
    queries.push({ end_date: isoDateOf(last), start_date: isoDateOf(day) });
  }
  return queries;
}

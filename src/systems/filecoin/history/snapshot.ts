import type { MeasuredStocks } from "./measured";

/** Where the figures came from; every answer says it. */
export type HistorySource = "sample" | "file" | "spacescope";

/** How many entries a field has, H being the days from start date to current date. */
export type FieldExtent = "scalar" | "days" | "daysAndToday" | "free";

/**
 * The figures of a history in the order and under the names of the HTTP contract and of history files, with the name
 * they have in the program. Meanings and units: docs/filecoin.md, "The history snapshot".
 */
export const SNAPSHOT_FIELDS = [
  ["rb_power_zero", "rawPowerTodayPib", "scalar"],
  ["qa_power_zero", "qaPowerTodayPib", "scalar"],
  ["historical_raw_power_eib", "rawPowerEib", "daysAndToday"],
  ["historical_qa_power_eib", "qaPowerEib", "daysAndToday"],
  ["historical_onboarded_rb_power_pib", "onboardedRawPib", "daysAndToday"],
  ["historical_onboarded_qa_power_pib", "onboardedQaPib", "daysAndToday"],
  ["historical_renewed_qa_power_pib", "renewedQaPib", "daysAndToday"],
  ["historical_renewed_rb_power_pib", "renewedRawPib", "daysAndToday"],
  ["rb_known_scheduled_expire_vec", "scheduledExpireRawPib", "free"],
  ["qa_known_scheduled_expire_vec", "scheduledExpireQaPib", "free"],
  ["known_scheduled_pledge_release_full_vec", "scheduledPledgeReleaseFil", "free"],
  ["start_vested_amt", "vestedAtStartFil", "scalar"],
  ["zero_cum_capped_power_eib", "cumCappedAtStartEib", "scalar"],
  ["init_baseline_eib", "baselineAtStartEib", "scalar"],
  ["circ_supply_zero", "circulatingAtStartFil", "scalar"],
  ["locked_fil_zero", "lockedAtStartFil", "scalar"],
  ["daily_burnt_fil", "burntPerDayFil", "scalar"],
  ["burnt_fil_vec", "burntFil", "daysAndToday"],
  ["historical_renewal_rate", "renewalRate", "days"],
] as const satisfies readonly (readonly [contractName: string, key: string, extent: FieldExtent])[];

type Field = (typeof SNAPSHOT_FIELDS)[number];
type ScalarKey = Extract<Field, readonly [string, string, "scalar"]>[1];
type SeriesKey = Exclude<Field[1], ScalarKey>;

/** Raw onboarding in PiB a day, and renewal and FIL+ rates as ratios. */
export interface Rates<Value> {
  rawBytePower: Value;
  renewalRate: Value;
  filPlusRate: Value;
}

/** The contract's names of the three rates, in its order. */
export const RATE_FIELDS = [
  ["raw_byte_power", "rawBytePower"],
  ["renewal_rate", "renewalRate"],
  ["filplus_rate", "filPlusRate"],
] as const satisfies readonly (readonly [contractName: string, key: keyof Rates<unknown>])[];

/**
 * All that is known of the network on one day, the current date, and of the days before it back to the start date.
 * Values only, so that it can be handed to a Worker.
 */
export interface HistorySnapshot extends Record<ScalarKey, number>, Record<SeriesKey, Float64Array> {
  source: HistorySource;
  /** By how many days all dates were moved to make the figures look current; absent where they are the true ones. */
  reanchoredByDays?: number;
  /** `YYYY-MM-DD`, UTC; entry 0 of most series. */
  startDate: string;
  /** `YYYY-MM-DD`, UTC; the last day that is known. */
  currentDate: string;
  /** What a scenario takes where it does not say: medians of the last 30 days. */
  smoothed: Rates<number>;
  /** The last half year, day by day, up to the current date. */
  recent: Rates<Float64Array>;
  /** Stocks that were measured day by day, where the source has them. */
  measured?: MeasuredStocks;
}

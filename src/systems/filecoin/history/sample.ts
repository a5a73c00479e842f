import { epochDay } from "../../../numeric/calendar";
import { type HistoryFile, snapshotOf } from "./file";
import type { MeasuredStocks } from "./measured";
import weekly from "./sample.json" with { type: "json" };
import type { HistorySnapshot } from "./snapshot";

const DAYS_PER_BLOCK = 7;
const PIB_PER_EIB = 1024;
const FIL_PER_MFIL = 1e6;
/** Days of the lists that stand beside the smoothed rates; the renewal rate of the current date is not yet known. */
const RECENT_DAYS = 181;

/**
 * The history that the program carries inside: public figures of the network, 2022-10-10 to 2025-09-09, one a week,
 * spread over the days. A stock is linear between its neighbours, a flow takes the mean of its week on each day.
 * What that costs in accuracy: docs/filecoin.md, "The sample".
 */
export function sampleHistory(): HistorySnapshot {
  return { source: "sample", ...snapshotOf(expandedSample()), measured: measuredSample() };
}

function expandedSample(): HistoryFile {
  const days = epochDay(weekly.current_date)! - epochDay(weekly.start_date)!;
  const { stocks_every_7_days: stocks, weekly_means: means, opening, lengths } = weekly;
  const medians = weekly.medians_of_last_30_days;
  const filPlusWeekly = weekly.last_181_days.filplus_rate_weekly_means;
  const renewalRate = stepped(means.renewal_rate, days);
  const onboardedRaw = stepped(means.onboarded_rb_pib, days + 1);
  const burnt = interpolated(stocks.burnt_fil, days);
  return {
    start_date: weekly.start_date,
    current_date: weekly.current_date,
    smoothed_metrics: {
      raw_byte_power: medians.onboarded_rb_pib,
      renewal_rate: medians.renewal_rate,
      filplus_rate: medians.filplus_rate,
    },
    historical_arrays: {
      raw_byte_power: onboardedRaw.slice(-RECENT_DAYS),
      renewal_rate: renewalRate.slice(1 - RECENT_DAYS),
      filplus_rate: stepped(filPlusWeekly, RECENT_DAYS),
    },
    offline_data: {
      rb_power_zero: stocks.raw_power_eib.at(-1)! * PIB_PER_EIB,
      qa_power_zero: stocks.qa_power_eib.at(-1)! * PIB_PER_EIB,
      historical_raw_power_eib: interpolated(stocks.raw_power_eib, days),
      historical_qa_power_eib: interpolated(stocks.qa_power_eib, days),
      historical_onboarded_rb_power_pib: onboardedRaw,
      historical_onboarded_qa_power_pib: stepped(means.onboarded_qa_pib, days + 1),
      historical_renewed_qa_power_pib: stepped(means.renewed_qa_pib, days + 1),
      historical_renewed_rb_power_pib: stepped(means.renewed_rb_pib, days + 1),
      rb_known_scheduled_expire_vec: stepped(means.scheduled_expire_rb_pib, lengths.scheduled_expire),
      qa_known_scheduled_expire_vec: stepped(means.scheduled_expire_qa_pib, lengths.scheduled_expire),
      known_scheduled_pledge_release_full_vec: stepped(
        means.scheduled_pledge_release_fil,
        lengths.scheduled_pledge_release,
      ),
      start_vested_amt: opening.start_vested_fil,
      zero_cum_capped_power_eib: opening.cum_capped_power_eib_days,
      init_baseline_eib: opening.baseline_eib,
      circ_supply_zero: opening.circulating_fil,
      locked_fil_zero: opening.locked_fil,
      daily_burnt_fil: (stocks.burnt_fil.at(-1)! - stocks.burnt_fil[0]!) / days,
      burnt_fil_vec: burnt,
      historical_renewal_rate: renewalRate,
    },
  };
}

/** Measured until some months before the current date, rounded to 10,000 FIL by their source. */
function measuredSample(): MeasuredStocks {
  const start = epochDay(weekly.start_date)!;
  const { last_day, circulating, locked } = weekly.measured_mfil_every_7_days;
  const days = epochDay(weekly.current_date)! - start;
  const daily = (mfil: readonly number[]) => {
    const values = new Float64Array(days + 1).fill(Number.NaN);
    values.set(interpolated(mfil, epochDay(last_day)! - start).map((one) => one * FIL_PER_MFIL));
    return values;
  };
  return { circulatingFil: daily(circulating), lockedFil: daily(locked) };
}

/** Each block's mean on each of its days. */
function stepped(means: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, day) => means[Math.floor(day / DAYS_PER_BLOCK)]!);
}

/** `days + 1` daily values through stocks that are known every seventh day and on the last one. */
function interpolated(stocks: readonly number[], days: number): number[] {
  return Array.from({ length: days + 1 }, (_, day) => {
    const block = Math.floor(day / DAYS_PER_BLOCK);
    const start = block * DAYS_PER_BLOCK;
    const from = stocks[block]!;
    if (day === start) return from;
    const width = Math.min(DAYS_PER_BLOCK, days - start);
    return from + ((stocks[block + 1]! - from) * (day - start)) / width;
  });
}

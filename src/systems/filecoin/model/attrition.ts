import { lastMeasuredDay } from "../history/measured";
import type { HistorySnapshot } from "../history/snapshot";
import { PIB_PER_EIB } from "./constants";
import type { PowerControls, PowerSeries, Span } from "./power";
import type { SupplySeries } from "./supply";

/**
 * What the network loses and renews each day, as shares of what there is, found in the last half year of a history;
 * docs/filecoin.md, "Attrition".
 */
export interface Attrition {
  /** The renewal rate at which the shares were found. */
  renewalRate: number;
  /** Share of raw power that falls due a day; what is not renewed of it is the attrition. */
  rawDueShare: number;
  rawShare: number;
  /** The same of quality-adjusted power, which has a renewal rate of its own. */
  qaDueShare: number;
  qaShare: number;
  /** By how much more of the pledge than of quality-adjusted power is given back. */
  pledgeExtraShare: number;
}

/** Days in which the shares are found: the half year that a history tells its rates of. */
const FIT_DAYS = 180;
/** Fewer days of measured stocks say nothing of what is given back of pledge. */
const MIN_PLEDGE_DAYS = 30;
/** A renewal rate nearer to 1 would make all of the network due every day. */
const MIN_LOST = 0.02;

/** Finds the shares at the end of a history, `last` days after its start; of `supply` its days are read. */
export function fitAttrition(history: HistorySnapshot, last: number, supply: SupplySeries): Attrition {
  const { rawPowerEib, qaPowerEib, onboardedRawPib, onboardedQaPib, renewedQaPib } = history;
  const renewalRate = Math.min(1 - MIN_LOST, Math.max(0, history.smoothed.renewalRate));
  const lost = (onboarded: Float64Array, power: Float64Array, day: number) =>
    Math.max(0, lostShare(onboarded, power, PIB_PER_EIB, day, Math.min(day, FIT_DAYS)));
  const rawShare = lost(onboardedRawPib, rawPowerEib, last);
  const qaShare = lost(onboardedQaPib, qaPowerEib, last);
  const from = Math.max(0, last - FIT_DAYS);
  let renewed = 0;
  let power = 0;
  for (let day = from; day < last; day++) {
    renewed += renewedQaPib[day]!;
    power += qaPowerEib[day]! * PIB_PER_EIB;
  }
  const measured = Math.min(lastMeasuredDay(history.measured), last - 1);
  const days = Math.min(measured, FIT_DAYS);
  let pledgeExtraShare = 0;
  if (days >= MIN_PLEDGE_DAYS) {
    const { lockedPledge, lockedPledgePerDay, renewedPledgePerDay } = supply;
    const pledged = lockedPledgePerDay.map((all, day) => all - renewedPledgePerDay[day]!);
    pledgeExtraShare = lostShare(pledged, lockedPledge, 1, measured, days) - lost(onboardedQaPib, qaPowerEib, measured);
  }
  const qaDueShare = (power > 0 ? renewed / power : 0) + qaShare;
  return { renewalRate, rawShare, rawDueShare: rawShare / (1 - renewalRate), qaShare, qaDueShare, pledgeExtraShare };
}

/** What left a stock in the `days` days up to `last`, as a share of it a day: what came in, less what it grew by. */
export function lostShare(
  added: Float64Array,
  stock: Float64Array,
  perStockUnit: number,
  last: number,
  days: number,
): number {
  let came = 0;
  let sum = 0;
  for (let day = last - days; day < last; day++) {
    came += added[day + 1]!;
    sum += stock[day]! * perStockUnit;
  }
  const grown = (stock[last]! - stock[last - days]!) * perStockUnit;
  return sum > 0 ? (came - grown) / sum : 0;
}

/** What the days of one run lose, by day from the start date; entries of the history are not used. */
export interface AttritionRoom {
  /** Of the pledge that falls due, the share that is kept. */
  keptPledgeShare: Float64Array;
}

/**
 * Fills the days after the history, as `forecastPower` does, from shares of the stock: nothing depends on when power
 * began, and no stock falls below zero. A renewal rate beyond 0 to 1 counts as the nearer of them.
 */
export function attritePower(
  history: HistorySnapshot,
  fit: Attrition,
  controls: PowerControls,
  renewalRate: Float64Array,
  { historyDays, forecastDays }: Span,
  out: PowerSeries,
  { keptPledgeShare }: AttritionRoom,
): void {
  const { rbpPibPerDay, filPlusRate, filPlusMultiplier, qaRenewalMultiplier, qaAttrition } = controls;
  const qaShareByLoss = fit.qaShare / (1 - fit.renewalRate);
  const perQaDue = fit.qaDueShare > 0 ? 1 / fit.qaDueShare : 0;
  let raw = history.rawPowerTodayPib;
  let qa = history.qaPowerTodayPib;
  for (let j = 0; j < forecastDays; j++) {
    const at = historyDays + 1 + j;
    const rate = renewalRate[historyDays + j]!;
    const kept = Math.min(1, Math.max(0, rate));
    const keptQa = Math.min(1, Math.max(0, rate * qaRenewalMultiplier[j]!));
    const lostQaShare = Math.min(fit.qaDueShare, qaShareByLoss * (1 - keptQa) * qaAttrition[j]!);
    const onboardedRaw = rbpPibPerDay[j]!;
    const onboardedQa = onboardedRaw * (1 + (filPlusMultiplier[j]! - 1) * filPlusRate[j]!);
    const expiringRaw = fit.rawDueShare * raw;
    const expiringQa = fit.qaDueShare * qa;
    const renewedRaw = expiringRaw * kept;
    const renewedQa = expiringQa - lostQaShare * qa;
    out.expiringRawPib[j] = expiringRaw;
    out.expiringQaPib[j] = expiringQa;
    out.onboardedRawPib[at] = onboardedRaw;
    out.onboardedQaPib[at] = onboardedQa;
    out.renewedRawPib[at] = renewedRaw;
    out.renewedQaPib[at] = renewedQa;
    const lostPledgeShare = Math.max(0, lostQaShare + fit.pledgeExtraShare);
    keptPledgeShare[historyDays + j] = Math.max(0, 1 - lostPledgeShare * perQaDue);
    raw = Math.max(0, raw + onboardedRaw - expiringRaw + renewedRaw);
    qa = Math.min(Math.max(0, qa + onboardedQa - expiringQa + renewedQa), filPlusMultiplier[j]! * raw);
    out.rawEib[at] = raw / PIB_PER_EIB;
    out.qaEib[at] = qa / PIB_PER_EIB;
  }
}

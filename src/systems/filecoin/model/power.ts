import type { HistorySnapshot } from "../history/snapshot";
import { PIB_PER_EIB } from "./constants";

/** Totals and flows by day from the start date; the two expiring series by day from the current date. */
export interface PowerSeries {
  rawEib: Float64Array;
  qaEib: Float64Array;
  onboardedRawPib: Float64Array;
  onboardedQaPib: Float64Array;
  renewedRawPib: Float64Array;
  renewedQaPib: Float64Array;
  expiringRawPib: Float64Array;
  expiringQaPib: Float64Array;
}

/** What drives power on each forecast day; entry 0 is the current date. */
export interface PowerControls {
  rbpPibPerDay: Float64Array;
  filPlusRate: Float64Array;
  filPlusMultiplier: Float64Array;
  qaRenewalMultiplier: Float64Array;
  qaAttrition: Float64Array;
}

/** The span of one run: a known history of `historyDays`, then `forecastDays` in which sectors live `sectorDays`. */
export interface Span {
  historyDays: number;
  forecastDays: number;
  sectorDays: number;
  /** Entries of the tables of scheduled expirations that are passed over. */
  knownOffset: number;
  /** The least that a total of power can be: 0 under the rules in force, nothing in the original. */
  leastPib?: number;
}

/** Room for `totalDays` from the start date, of which `forecastDays` from the current date. */
export function powerSeries(totalDays: number, forecastDays: number): PowerSeries {
  // One day more: the flows of the last forecast day are worked out, since its expirations are an output.
  const whole = () => new Float64Array(totalDays + 1);
  return {
    rawEib: whole(),
    qaEib: whole(),
    onboardedRawPib: whole(),
    onboardedQaPib: whole(),
    renewedRawPib: whole(),
    renewedQaPib: whole(),
    expiringRawPib: new Float64Array(forecastDays),
    expiringQaPib: new Float64Array(forecastDays),
  };
}

/** Fills the days of the history, both ends included. */
export function recallPower(history: HistorySnapshot, out: PowerSeries): void {
  out.rawEib.set(history.rawPowerEib);
  out.qaEib.set(history.qaPowerEib);
  out.onboardedRawPib.set(history.onboardedRawPib);
  out.onboardedQaPib.set(history.onboardedQaPib);
  out.renewedRawPib.set(history.renewedRawPib);
  out.renewedQaPib.set(history.renewedQaPib);
}

/**
 * Fills the days after the history: forecast day j stands at index H + 1 + j, since the flows of the current date
 * change the total of the day after it. `renewalRate` is the joined series, whose entry H is forecast day 0.
 * docs/filecoin.md, "Power".
 */
export function forecastPower(
  history: HistorySnapshot,
  controls: PowerControls,
  renewalRate: Float64Array,
  span: Span,
  out: PowerSeries,
): void {
  const { historyDays, forecastDays, sectorDays, knownOffset, leastPib = -Infinity } = span;
  const { rbpPibPerDay, filPlusRate, filPlusMultiplier, qaRenewalMultiplier } = controls;
  const knownRaw = history.scheduledExpireRawPib;
  const knownQa = history.scheduledExpireQaPib;
  const { onboardedRawPib, onboardedQaPib, renewedRawPib, renewedQaPib, expiringRawPib, expiringQaPib } = out;
  const { rawPowerTodayPib, qaPowerTodayPib } = history;
  // Each flow is summed on its own, then combined: that loses fewer digits than one running total.
  let sumOnboardedRaw = 0;
  let sumOnboardedQa = 0;
  let sumExpiredRaw = 0;
  let sumExpiredQa = 0;
  let sumRenewedRaw = 0;
  let sumRenewedQa = 0;
  for (let j = 0; j < forecastDays; j++) {
    const at = historyDays + 1 + j;
    const known = j + knownOffset;
    let expiringRaw = known < knownRaw.length ? knownRaw[known]! : 0;
    let expiringQa = known < knownQa.length ? knownQa[known]! : 0;
    if (j >= sectorDays) {
      expiringRaw += onboardedRawPib[at - sectorDays]! + renewedRawPib[at - sectorDays]!;
      expiringQa += onboardedQaPib[at - sectorDays]! + renewedQaPib[at - sectorDays]!;
    }
    const onboardedRaw = rbpPibPerDay[j]!;
    const onboardedQa = onboardedRaw * (1 + (filPlusMultiplier[j]! - 1) * filPlusRate[j]!);
    const renewedRaw = expiringRaw * renewalRate[historyDays + j]!;
    const renewedQa = expiringQa * renewalRate[historyDays + j]! * qaRenewalMultiplier[j]!;
    expiringRawPib[j] = expiringRaw;
    expiringQaPib[j] = expiringQa;
    onboardedRawPib[at] = onboardedRaw;
    onboardedQaPib[at] = onboardedQa;
    renewedRawPib[at] = renewedRaw;
    renewedQaPib[at] = renewedQa;
    sumOnboardedRaw += onboardedRaw;
    sumOnboardedQa += onboardedQa;
    sumExpiredRaw += expiringRaw;
    sumExpiredQa += expiringQa;
    sumRenewedRaw += renewedRaw;
    sumRenewedQa += renewedQa;
    const rawPib = rawPowerTodayPib + sumOnboardedRaw - sumExpiredRaw + sumRenewedRaw;
    const qaPib = qaPowerTodayPib + sumOnboardedQa - sumExpiredQa + sumRenewedQa;
    out.rawEib[at] = Math.max(leastPib, rawPib) / PIB_PER_EIB;
    out.qaEib[at] = Math.max(leastPib, Math.min(qaPib, filPlusMultiplier[j]! * rawPib)) / PIB_PER_EIB;
  }
}

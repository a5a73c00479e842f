import { epochDay, isoDateOf } from "../../../numeric/calendar";
import type { HistorySnapshot } from "./snapshot";

/** A first stock may be off from the next day's by this share. */
const MAX_FIRST_STEP = 0.2;
/** Rates of a day beyond these are faults of the source, not days out of the ordinary. */
const MAX_RATE = 10;
/** Rounding lets raw power stand a little above quality-adjusted power. */
const ROUNDING = 1e-3;

/**
 * What of a history cannot be, or hardly: a sentence for each kind, with the first day and its value. Forecasts can be
 * made from it all the same.
 * @param today `YYYY-MM-DD`, UTC
 */
export function historyDoubts(history: HistorySnapshot, today: string): string[] {
  const { rawPowerEib, qaPowerEib, burntFil, renewalRate, scheduledExpireRawPib, scheduledPledgeReleaseFil } = history;
  const startDay = epochDay(history.startDate)!;
  const currentDay = epochDay(history.currentDate)!;
  const first = (
    values: Float64Array,
    isOff: (i: number) => boolean,
    from: number,
    says: (value: number) => string,
  ) => {
    const at = values.findIndex((_, i) => isOff(i));
    return at < 0 ? [] : [`On ${isoDateOf(from + at)} ${says(values[at]!)}.`];
  };
  const stocks = (["circulatingFil", "lockedFil"] as const).flatMap((key) => {
    const values = history.measured?.[key];
    if (values === undefined || Number.isNaN(values[0]! + values[1]!)) return [];
    const opening = key === "lockedFil" ? history.lockedAtStartFil : history.circulatingAtStartFil;
    if (Math.abs(values[1]! / opening - 1) <= MAX_FIRST_STEP) return [];
    return [`On ${history.startDate} the first stock, ${opening} FIL, is far from the next day's, ${values[1]}.`];
  });
  const isFalling = (i: number) => burntFil[i]! < 0 || (i > 0 && burntFil[i]! < burntFil[i - 1]!);
  const isBelowRaw = (i: number) => qaPowerEib[i]! < rawPowerEib[i]! * (1 - ROUNDING);
  const isNoRate = (i: number) => renewalRate[i]! < 0 || renewalRate[i]! > MAX_RATE;
  return [
    ...first(
      burntFil,
      isFalling,
      startDay,
      (value) => `burnt supply, a running total, is negative or falls, to ${value} FIL`,
    ),
    ...first(
      rawPowerEib,
      (i) => rawPowerEib[i]! <= 0,
      startDay,
      (value) => `raw power is ${value} EiB`,
    ),
    ...first(qaPowerEib, isBelowRaw, startDay, (value) => `quality-adjusted power, ${value} EiB, is below raw power`),
    ...first(renewalRate, isNoRate, startDay, (value) => `the renewal rate is ${value}, beyond 0 to ${MAX_RATE}`),
    ...first(
      scheduledExpireRawPib,
      (i) => scheduledExpireRawPib[i]! < 0,
      currentDay,
      (value) => {
        return `more power was terminated than was scheduled: ${value} PiB are due`;
      },
    ),
    ...first(
      scheduledPledgeReleaseFil,
      (i) => scheduledPledgeReleaseFil[i]! < 0,
      startDay,
      (value) => {
        return `more pledge was terminated than was scheduled: ${value} FIL are due`;
      },
    ),
    ...stocks,
    ...(history.currentDate > today ? [`The current date, ${history.currentDate}, is in the future.`] : []),
  ];
}

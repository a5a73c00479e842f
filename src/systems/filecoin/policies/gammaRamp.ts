import type { GammaRamp } from "../schema/policies";

/**
 * Writes gamma for each of `days` days from `today` on into `gamma` from index `from` on. What is left of the fall is
 * spread evenly over the days that are left of it, today and the last of them included.
 */
export function spreadRamp(
  { startDay, rampDays, floor }: GammaRamp,
  today: number,
  days: number,
  gamma: Float64Array,
  from: number,
): void {
  const begins = Math.max(0, startDay - today);
  const elapsed = Math.max(0, today - startDay);
  const left = rampDays - elapsed;
  const first = 1 - ((1 - floor) * elapsed) / rampDays;
  for (let j = 0; j < days; j++) {
    const k = j - begins;
    if (k < 0) gamma[from + j] = 1;
    else gamma[from + j] = left > 1 && k < left ? first + ((floor - first) * k) / (left - 1) : floor;
  }
}

/**
 * The same by date alone, as the protocol has it: an even fall from 1 on the first day to the floor `rampDays` later,
 * whatever day it is now.
 */
export function datedRamp(
  { startDay, rampDays, floor }: GammaRamp,
  today: number,
  days: number,
  gamma: Float64Array,
  from: number,
): void {
  for (let j = 0; j < days; j++) {
    const share = Math.min(1, Math.max(0, (today + j - startDay) / rampDays));
    gamma[from + j] = 1 - (1 - floor) * share;
  }
}

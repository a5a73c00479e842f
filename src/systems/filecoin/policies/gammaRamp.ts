/** The fall of gamma by which consensus pledge looks less at the baseline; docs/filecoin.md, "FIP-81". */
export interface GammaRamp {
  /** The day on which it begins to fall from 1, in days since 1970-01-01. */
  startDay: number;
  /** Days until it stands at the floor. */
  rampDays: number;
  floor: number;
}

/** FIP-81 as it was activated on mainnet, with network version 24. */
export const FIP81 = { startDate: "2024-11-21", rampDays: 365, floor: 0.7 };

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

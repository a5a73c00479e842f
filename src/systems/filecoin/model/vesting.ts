import { VESTING_TRANCHES } from "./constants";

export type TrancheName = (typeof VESTING_TRANCHES)[number][0];

/** What vests, FIL: each tranche and their sum a day, and the running total; docs/filecoin.md, "Vesting". */
export interface VestingSeries {
  tranches: Record<TrancheName, Float64Array>;
  perDayFil: Float64Array;
  totalFil: Float64Array;
}

/**
 * Vesting for every day of `dayNumbers` (days since launch, one after another). The total begins with what had vested
 * by the first day, `vestedAtStartFil`, and adds that day's own share to it, as the original does.
 */
export function vestingSeries(dayNumbers: Float64Array, vestedAtStartFil: number): VestingSeries {
  const days = dayNumbers.length;
  const perDayFil = new Float64Array(days);
  const totalFil = new Float64Array(days);
  const tranches: Partial<Record<TrancheName, Float64Array>> = {};
  for (const [name, amountFil, spanDays] of VESTING_TRANCHES) {
    const paid = dayNumbers.map((day) => (day < spanDays ? amountFil / spanDays : 0));
    for (let i = 0; i < days; i++) perDayFil[i]! += paid[i]!;
    tranches[name] = paid;
  }
  let total = 0;
  for (let i = 0; i < days; i++) {
    total += perDayFil[i]!;
    totalFil[i] = vestedAtStartFil + total;
  }
  return { tranches: tranches as Record<TrancheName, Float64Array>, perDayFil, totalFil };
}

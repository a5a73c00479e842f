import { quantileOfSorted } from "../../../numeric/quantiles";
import type { BandsAnswer, RangeAnswer } from "../schema/page";

/** Nine in ten runs lie between. */
const LOW = 0.05;
const HIGH = 0.95;
const DECIMALS = 100;

/** Median and range of one figure over runs. */
export function rangeOf(values: readonly number[]): RangeAnswer {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => Math.round(quantileOfSorted(sorted, sorted.length, share) * DECIMALS) / DECIMALS;
  return { median: at(0.5), low: at(LOW), high: at(HIGH) };
}

/** The same by day. @param curves one of each run, all of one length */
export function bandsOf(curves: readonly ArrayLike<number>[], days: number): BandsAnswer {
  const bands: BandsAnswer = { median: [], low: [], high: [] };
  for (let day = 0; day < days; day++) {
    const { median, low, high } = rangeOf(curves.map((curve) => curve[day]!));
    bands.median.push(median);
    bands.low.push(low);
    bands.high.push(high);
  }
  return bands;
}

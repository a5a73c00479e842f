import { costOfClassical } from "../serving/cost";
import type { TaskSeries } from "./task";

/** What is worked on and answered together: some series that stand one after the other. */
export interface Pack {
  /** The place of the first one in the request. */
  from: number;
  series: TaskSeries[];
}

/** Of one core, by the most expensive built-in model: long enough to be worth a message, short enough to be cut off. */
const PACK_MS = 400;
/** Numbers of an answer that are written in a few milliseconds. */
const MAX_PACK_NUMBERS = 50_000;

/**
 * Series in packs of about the same work.
 * @param numbersOfOne numbers that are answered for one series
 * @param times how often each is forecast
 */
export function packsOf(series: readonly TaskSeries[], numbersOfOne: number, times = 1): Pack[] {
  const most = Math.max(1, Math.floor(MAX_PACK_NUMBERS / numbersOfOne));
  const packs: Pack[] = [];
  let cost = Number.POSITIVE_INFINITY;
  for (const [index, one] of series.entries()) {
    const own = times * costOfClassical([one]);
    const last = packs.at(-1);
    if (last === undefined || cost + own > PACK_MS || last.series.length >= most) {
      packs.push({ from: index, series: [one] });
      cost = own;
    } else {
      last.series.push(one);
      cost += own;
    }
  }
  return packs;
}

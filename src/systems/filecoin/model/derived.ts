import { windowSums } from "../../../numeric/windowSums";
import { SECTOR_EIB, SECTOR_PIB, YEAR_DAYS } from "./constants";

/** What a provider looks at, FIL per sector of 32 GiB; docs/filecoin.md, "Returns". */
export interface ReturnSeries {
  /** Pledge of newly onboarded quality-adjusted power. */
  pledgePerSector: Float64Array;
  rewardPerSector: Float64Array;
  /** Reward of the year that begins on the day. 364 entries fewer than there are days. */
  yearReturn: Float64Array;
  /** That return over the pledge. */
  yearRoi: Float64Array;
}

/** Room for `totalDays` from the start date. */
export function returnSeries(totalDays: number): ReturnSeries {
  return {
    pledgePerSector: new Float64Array(totalDays),
    rewardPerSector: new Float64Array(totalDays),
    yearReturn: new Float64Array(yearEntries(totalDays)),
    yearRoi: new Float64Array(yearEntries(totalDays)),
  };
}

/** How many days begin a whole year inside `totalDays`. */
export function yearEntries(totalDays: number): number {
  return Math.max(0, totalDays - YEAR_DAYS + 1);
}

/** Fills `pledgePerSector` for days 0 to `days - 1`, two or more; a day without onboarding gives NaN. */
export function divideOutPledge(
  lockedPerDay: Float64Array,
  renewedPerDay: Float64Array,
  onboardedQaPib: Float64Array,
  days: number,
  out: ReturnSeries,
): void {
  const { pledgePerSector } = out;
  for (let i = 1; i < days; i++) {
    pledgePerSector[i] = (SECTOR_PIB * (lockedPerDay[i]! - renewedPerDay[i]!)) / onboardedQaPib[i]!;
  }
  // The start date has no pledge of its own: it is shown as the day after.
  pledgePerSector[0] = pledgePerSector[1]!;
}

/** Fills `rewardPerSector` for days `from` to `to - 1`. */
export function divideOutReward(
  mintedPerDayFil: Float64Array,
  qaEib: Float64Array,
  from: number,
  to: number,
  out: ReturnSeries,
): void {
  for (let i = from; i < to; i++) out.rewardPerSector[i] = (SECTOR_EIB * mintedPerDayFil[i]!) / qaEib[i]!;
}

/** Fills `yearReturn` from `rewardPerSector` of `days` days. */
export function sumYears(days: number, out: ReturnSeries): void {
  windowSums(out.rewardPerSector, days, YEAR_DAYS, out.yearReturn);
}

/** Fills `yearRoi` from `yearReturn` and `pledgePerSector`. */
export function divideReturns(days: number, out: ReturnSeries): void {
  const entries = yearEntries(days);
  for (let i = 0; i < entries; i++) out.yearRoi[i] = out.yearReturn[i]! / out.pledgePerSector[i]!;
}

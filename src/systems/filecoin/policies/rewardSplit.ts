import type { RewardSplit, ShareRamp } from "../schema/policies";

/** A share on a day that is so many days after its start. */
export function shareOn({ from, to, days }: ShareRamp, elapsedDays: number): number {
  return from + (to - from) * Math.min(1, elapsedDays / days);
}

/** Shares of each day's reward: what block winners get, and what is burnt. */
export interface SplitShares {
  consensus: Float64Array;
  burnt: Float64Array;
}

/** By day from `firstDay` on (days since 1970-01-01); before the split all goes to consensus. */
export function splitShares(split: RewardSplit, firstDay: number, days: number): SplitShares {
  const shares = { consensus: new Float64Array(days).fill(1), burnt: new Float64Array(days) };
  for (let i = Math.max(0, split.startDay - firstDay); i < days; i++) {
    const elapsed = firstDay + i - split.startDay;
    const consensus = shareOn(split.consensus, elapsed);
    shares.consensus[i] = consensus;
    shares.burnt[i] = Math.max(0, 1 - consensus - shareOn(split.service, elapsed));
  }
  return shares;
}

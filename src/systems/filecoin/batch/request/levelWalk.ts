import { cholesky } from "../../../../numeric/cholesky";
import type { HistorySnapshot } from "../../history/snapshot";
import { lostShare } from "../../model/attrition";
import { PIB_PER_EIB } from "../../model/constants";
import { filPlusShare, WEEK_DAYS } from "./rateProcess";

/** Levels that walk: onboarding, what raw power loses, FIL+ rate, what quality-adjusted power loses. */
export const WALK_LEVELS = 4;

/**
 * How levels have changed over half a year, for walks that never return: in logarithms, of odds where it is a ratio;
 * docs/filecoin.md, "Levels that walk".
 */
export interface LevelWalk {
  /** What turns independent draws of unit variance into a week's steps, correlations included: lower triangle. */
  steps: Float64Array;
  /** Standard deviation of where each level is now, in those of a week's step. */
  startSteps: Float64Array;
}

/** Levels are means of four weeks; their changes over half a year say how far they walk. */
const MEAN_DAYS = 28;
const LAG_WEEKS = 26;
/** Fewer pairs of levels than this say nothing of their change; the lag is then halved. */
const MIN_PAIRS = 8;
/** Means of neighbouring weeks share days, so that a difference over a lag is of a little less than the lag. */
const SHARED_WEEKS = MEAN_DAYS / WEEK_DAYS / 3;
/** A mean over so many days is of a level that has walked on since for a third of them. */
const DEFAULT_RATE_DAYS = 30;
const ATTRITION_DAYS = 180;
const MIN_LEVEL = 1e-3;
const RATIO_MARGIN = 0.005;

/** Fits on all weeks of a history of `MEAN_DAYS` and some weeks at least. */
export function fitLevelWalk(history: HistorySnapshot): LevelWalk {
  const levels = fourWeekLevels(history);
  const count = levels.length / WALK_LEVELS;
  let lag = LAG_WEEKS;
  while (lag > 1 && count < lag + MIN_PAIRS) lag >>= 1;
  const covariance = new Float64Array(WALK_LEVELS * WALK_LEVELS);
  const pairs = Math.max(1, count - lag);
  for (let week = lag; week < count; week++) {
    for (let a = 0; a < WALK_LEVELS; a++) {
      for (let b = 0; b < WALK_LEVELS; b++) {
        const change = (of: number) => levels[week * WALK_LEVELS + of]! - levels[(week - lag) * WALK_LEVELS + of]!;
        covariance[a * WALK_LEVELS + b]! += (change(a) * change(b)) / pairs / Math.max(1, lag - SHARED_WEEKS);
      }
    }
  }
  const attritionDays = Math.min(ATTRITION_DAYS, history.renewalRate.length);
  const startOf = (days: number) => Math.sqrt(days / WEEK_DAYS / 3);
  const [rate, attrition] = [startOf(DEFAULT_RATE_DAYS), startOf(attritionDays)];
  return {
    steps: cholesky(covariance, WALK_LEVELS),
    startSteps: Float64Array.of(rate, attrition, rate, attrition),
  };
}

/** Means of four weeks that end a week apart, the last on the last day, row by row. */
function fourWeekLevels(history: HistorySnapshot): Float64Array {
  const { onboardedRawPib, onboardedQaPib, rawPowerEib, qaPowerEib } = history;
  const last = history.renewalRate.length;
  const count = Math.max(0, Math.floor((last - MEAN_DAYS) / WEEK_DAYS) + 1);
  const levels = new Float64Array(count * WALK_LEVELS);
  const mean = (of: Float64Array, day: number) =>
    of.subarray(day - MEAN_DAYS + 1, day + 1).reduce((sum, value) => sum + value, 0) / MEAN_DAYS;
  const lost = [new Float64Array(count), new Float64Array(count)] as const;
  for (let week = 0; week < count; week++) {
    const day = last - (count - 1 - week) * WEEK_DAYS;
    const raw = mean(onboardedRawPib, day);
    const share = filPlusShare(raw, mean(onboardedQaPib, day));
    const ratio = Math.min(1 - RATIO_MARGIN, Math.max(RATIO_MARGIN, share));
    levels[week * WALK_LEVELS] = Math.log(Math.max(MIN_LEVEL, raw));
    levels[week * WALK_LEVELS + 2] = Math.log(ratio / (1 - ratio));
    lost[0][week] = lostShare(onboardedRawPib, rawPowerEib, PIB_PER_EIB, day, MEAN_DAYS);
    lost[1][week] = lostShare(onboardedQaPib, qaPowerEib, PIB_PER_EIB, day, MEAN_DAYS);
  }
  // Four weeks can lose nothing at all, which has no logarithm: changes are told as shares of the mean.
  for (const [of, column] of [1, 3].entries()) {
    const usual = lost[of]!.reduce((sum, value) => sum + value, 0) / count;
    for (let week = 0; week < count; week++) {
      levels[week * WALK_LEVELS + column] = usual > 0 ? lost[of]![week]! / usual : 0;
    }
  }
  return levels;
}

import { cholesky } from "../../../../numeric/cholesky";
import { correlation } from "../../../../numeric/correlation";
import type { HistorySnapshot } from "../../history/snapshot";
import { FIL_PLUS_MULTIPLIER } from "../../schema/bounds";

/** The inputs that have a history, in the order of all matrices here. */
export const RATE_INPUTS = ["rbp", "rr", "fpr"] as const;
const RATES = RATE_INPUTS.length;

export const WEEK_DAYS = 7;
/** Fewer weeks tell nothing of how a rate returns to its level. */
export const MIN_FIT_WEEKS = 8;

/** Ratios of a week are kept this far from 0 and 1, where their odds have no logarithm. */
const RATIO_MARGIN = 0.005;
const MIN_RBP_PIB = 1e-3;
/** A level that returned more slowly could not be told from one that never does. */
const MAX_PERSISTENCE = 0.99;

/**
 * How the three rates have moved about their level, week by week, in logarithms: of onboarding itself, and of the odds
 * of renewal and FIL+ rate, so that no path leaves what the rate can be. docs/filecoin.md, "Rates by chance".
 */
export interface RateFit {
  weeks: number;
  /** Deviation from the mean of the weeks, row by row: a week, and in it each rate. */
  deviations: Float64Array;
  /** How much of a deviation is left a week later, of each rate. */
  persistence: Float64Array;
  /** Spread of each rate's deviations. */
  sd: Float64Array;
  /** What turns independent standard draws into a week's shocks, correlations included: lower triangle, row by row. */
  shocks: Float64Array;
  /** Correlations of the deviations, row by row. */
  correlations: Float64Array;
  /** How far the last week is from the level that the scenario's defaults take. */
  start: Float64Array;
}

/** Weekly means of the three rates over the last `weeks` weeks that end before the current date, row by row. */
export function weeklyRates(history: HistorySnapshot, weeks: number): Float64Array {
  const end = history.renewalRate.length;
  const rates = new Float64Array(weeks * RATES);
  for (let week = 0; week < weeks; week++) {
    const from = end - (weeks - week) * WEEK_DAYS;
    let raw = 0;
    let qa = 0;
    let renewed = 0;
    for (let day = from; day < from + WEEK_DAYS; day++) {
      raw += history.onboardedRawPib[day]! / WEEK_DAYS;
      qa += history.onboardedQaPib[day]! / WEEK_DAYS;
      renewed += history.renewalRate[day]! / WEEK_DAYS;
    }
    rates.set([raw, renewed, filPlusShare(raw, qa)], week * RATES);
  }
  return rates;
}

/** The share of onboarded power that holds verified deals, as the two powers tell it. */
export function filPlusShare(rawPib: number, qaPib: number): number {
  return rawPib > 0 ? (qaPib / rawPib - 1) / (FIL_PLUS_MULTIPLIER - 1) : 0;
}

/** The most whole weeks that a fit can take of a history. */
export function weeksOf(history: HistorySnapshot): number {
  return Math.floor(history.renewalRate.length / WEEK_DAYS);
}

/** Fits on the last `weeks` weeks, `MIN_FIT_WEEKS` to `weeksOf(history)`. */
export function fitRates(history: HistorySnapshot, weeks: number): RateFit {
  const { smoothed } = history;
  const levels = inLogarithms(weeklyRates(history, weeks));
  const usual = inLogarithms(Float64Array.of(smoothed.rawBytePower, smoothed.renewalRate, smoothed.filPlusRate));
  const start = usual.map((level, rate) => levels[(weeks - 1) * RATES + rate]! - level);
  const column = (of: Float64Array, rate: number) => of.filter((_, i) => i % RATES === rate);
  const means = usual.map((_, rate) => meanOf(column(levels, rate)));
  const deviations = levels.map((level, i) => level - means[i % RATES]!);
  const columns = RATE_INPUTS.map((_, rate) => column(deviations, rate));
  const persistence = Float64Array.from(columns, persistenceOf);
  const residuals = columns.map((values, rate) =>
    values.slice(1).map((value, i) => value - persistence[rate]! * values[i]!),
  );
  const covariance = new Float64Array(RATES * RATES);
  const correlations = new Float64Array(RATES * RATES);
  for (let a = 0; a < RATES; a++) {
    for (let b = 0; b < RATES; b++) {
      covariance[a * RATES + b] = meanProduct(residuals[a]!, residuals[b]!);
      correlations[a * RATES + b] = a === b ? 1 : correlation(columns[a]!, columns[b]!);
    }
  }
  const sd = Float64Array.from(columns, (values) => Math.sqrt(meanProduct(values, values)));
  return { weeks, deviations, persistence, sd, shocks: cholesky(covariance, RATES), correlations, start };
}

function inLogarithms(rates: Float64Array): Float64Array {
  return rates.map((rate, i) => {
    if (i % RATES === 0) return Math.log(Math.max(MIN_RBP_PIB, rate));
    const share = Math.min(1 - RATIO_MARGIN, Math.max(RATIO_MARGIN, rate));
    return Math.log(share / (1 - share));
  });
}

/** The correlation of a deviation with the one of the week before. */
function persistenceOf(deviations: Float64Array): number {
  let product = 0;
  let square = 0;
  for (let i = 0; i < deviations.length; i++) {
    square += deviations[i]! ** 2;
    if (i > 0) product += deviations[i]! * deviations[i - 1]!;
  }
  return square === 0 ? 0 : Math.min(MAX_PERSISTENCE, Math.max(0, product / square));
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function meanProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum / a.length;
}

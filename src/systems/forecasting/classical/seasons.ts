import { type Composition, centredAverage, lineThrough, seasonalShape, withoutSeason } from "./decomposition";
import { MAX_ETS_PERIOD } from "./ets/autoEts";

/** A season longer than this many points is not looked for. */
const MAX_PERIOD = 1500;
/** Seasons in one series. */
const MAX_SEASONS = 3;
/** Autocorrelation that speaks of a season; noise of n points has 2 / sqrt(n). */
const LEAST = 0.3;
/** Of the highest autocorrelation, the share at which the shorter season is taken. */
const NEAR_HIGHEST = 0.8;

/**
 * The seasons that a series shows, shortest first: lags at which the autocorrelation has a peak, each found after those
 * before it were taken out (docs/forecasting.md, "Seasons"). Empty where there is none.
 * @param values without gaps
 */
export function findSeasons(values: Float64Array): number[] {
  const seasons: number[] = [];
  let rest = values;
  while (seasons.length < MAX_SEASONS) {
    const period = strongestPeriod(rest);
    if (period === undefined) break;
    seasons.push(period);
    rest = withoutSeason(rest, seasonalShape(rest, period, "A"), "A");
  }
  return seasons.sort((a, b) => a - b).filter((period, index, all) => all.indexOf(period) === index);
}

function strongestPeriod(values: Float64Array): number | undefined {
  const longest = Math.min(MAX_PERIOD, Math.floor(values.length / 3));
  if (longest < 3) return undefined;
  const correlations = autocorrelations(values, longest);
  const least = Math.max(LEAST, 2 / Math.sqrt(values.length));
  const peaks: number[] = [];
  for (let lag = 2; lag < longest; lag++) {
    const here = correlations[lag]!;
    if (here >= least && here >= correlations[lag - 1]! && here > correlations[lag + 1]!) peaks.push(lag);
  }
  // A series that wanders is near to itself at every short lag; a season falls and comes back.
  const real = peaks.filter((lag) => correlations.subarray(1, lag).some((value) => value < correlations[lag]! - 0.1));
  const highest = real.reduce((most, lag) => Math.max(most, correlations[lag]!), 0);
  return real.find((lag) => correlations[lag]! >= NEAR_HIGHEST * highest);
}

function autocorrelations(values: Float64Array, longest: number): Float64Array {
  const { start, slope } = lineThrough(values);
  const rest = values.map((value, t) => value - start - slope * t);
  const correlations = new Float64Array(longest + 1);
  for (let lag = 0; lag <= longest; lag++) {
    let sum = 0;
    for (let t = lag; t < rest.length; t++) sum += rest[t]! * rest[t - lag]!;
    correlations[lag] = sum;
  }
  const variance = correlations[0]!;
  const size = values.reduce((sum, value) => sum + value * value, 0);
  return variance > 1e-20 * size ? correlations.map((sum) => sum / variance) : correlations.fill(0);
}

/** A series without the seasons that models of one short season cannot hold. */
export interface Remainder {
  values: Float64Array;
  /** The season that is left for the model; 1 for none. */
  period: number;
  composition: Composition;
  shapes: Float64Array[];
}

/**
 * Takes out every season but one that exponential smoothing can hold: those beyond 24 points, and all of several. A season
 * that the series does not show twice is left alone.
 */
export function withoutLongSeasons(values: Float64Array, seasons: readonly number[]): Remainder {
  const usable = seasons.filter((period) => period > 1 && values.length >= 2 * period);
  if (usable.length === 0) return { values, period: 1, composition: "A", shapes: [] };
  if (usable.length === 1 && usable[0]! <= MAX_ETS_PERIOD) {
    return { values, period: usable[0]!, composition: "A", shapes: [] };
  }
  const composition = growsWithLevel(values, Math.max(...usable)) ? "M" : "A";
  const shapes: Float64Array[] = [];
  let rest = values;
  for (const period of usable.toSorted((a, b) => a - b)) {
    const shape = seasonalShape(rest, period, composition);
    if (composition === "M" && shape.some((share) => !(share > 0.01))) continue;
    shapes.push(shape);
    rest = withoutSeason(rest, shape, composition);
  }
  return { values: rest, period: 1, composition, shapes };
}

/** Whether a season multiplies: the swing around the moving average grows with it. */
function growsWithLevel(values: Float64Array, period: number): boolean {
  if (!values.every((value) => value > 0)) return false;
  const trend = centredAverage(values, period);
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of trend) {
    if (Number.isNaN(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > 1.5 * low;
}

/** What the seasons that were taken out make of a value at place `t` of the series. */
export function withSeasons(value: number, t: number, { shapes, composition }: Remainder): number {
  return shapes.reduce((whole, shape) => {
    const share = shape[t % shape.length]!;
    return composition === "M" ? whole * share : whole + share;
  }, value);
}

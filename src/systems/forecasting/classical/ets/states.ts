/**
 * The states of exponential smoothing and the slope of its likelihood (docs/forecasting.md, "Exponential smoothing").
 * One recursion serves every form: no trend is beta = 0 and phi = 1 with b = 0, no season is gamma = 0 with S = 0, and the
 * states do not depend on the kind of error.
 */
export interface Form {
  error: "A" | "M";
  trend: "N" | "A" | "Ad";
  season: "N" | "A" | "M";
}

export interface Smoothing {
  alpha: number;
  beta: number;
  gamma: number;
  phi: number;
}

/** States before each point, from the first on, and after the last. */
export interface States {
  level: Float64Array;
  trend: Float64Array;
  /** What the season adds or multiplies at each point, and `period` entries more; the first `period` are where it begins. */
  season: Float64Array;
  /** What was said of each point before it was seen. */
  said: Float64Array;
}

export function createStates(length: number, period: number): States {
  return {
    level: new Float64Array(length + 1),
    trend: new Float64Array(length + 1),
    season: new Float64Array(length + period),
    said: new Float64Array(length),
  };
}

/**
 * Runs the states over the series from what stands in their beginnings and gives minus twice the log-likelihood, constants
 * apart: n log(sum of squared errors), and for relative errors twice the sum of the logarithms of what was said. Infinity
 * where a form that multiplies meets something not above 0.
 */
export function runStates(
  form: Form,
  values: Float64Array,
  smoothing: Smoothing,
  period: number,
  states: States,
): number {
  const { alpha, beta, gamma, phi } = smoothing;
  const { level, trend, season, said } = states;
  const multiplies = form.season === "M";
  const relative = form.error === "M";
  let squares = 0;
  for (let t = 0; t < values.length; t++) {
    const y = values[t]!;
    const s = season[t]!;
    const carried = phi * trend[t]!;
    const q = level[t]! + carried;
    const f = multiplies ? q * s : q + s;
    const pull = multiplies ? y / s - q : y - s - q;
    said[t] = f;
    level[t + 1] = q + alpha * pull;
    trend[t + 1] = carried + beta * pull;
    season[t + period] = s + gamma * (multiplies ? y / q - s : y - q - s);
    if ((relative && !(f > 1e-8)) || (multiplies && !(q > 1e-8 && s > 1e-8))) return Number.POSITIVE_INFINITY;
    const error = relative ? y / f - 1 : y - f;
    squares += error * error;
  }
  const count = values.length;
  return count * Math.log(squares + count * TINY) + (relative ? 2 * sumOfLogs(said) : 0);
}

/** A logarithm for many factors at once: it is what costs here. */
function sumOfLogs(factors: Float64Array): number {
  let product = 1;
  let logs = 0;
  for (let t = 0; t < factors.length; t++) {
    product *= factors[t]!;
    if (product > 1e100 || product < 1e-100) {
      logs += Math.log(product);
      product = 1;
    }
  }
  return logs + Math.log(product);
}

/** Keeps a perfect fit finite; the series is of size 1. */
const TINY = 1e-14;

/** Slopes with respect to the four parameters and to where the states begin. */
export interface Slopes {
  smoothing: Smoothing;
  level: number;
  trend: number;
  /** As many as points and period; the first `period` count. */
  season: Float64Array;
}

/** The slope of what {@link runStates} gave, by going back over the states it left (reverse accumulation). */
export function slopesOf(
  form: Form,
  values: Float64Array,
  smoothing: Smoothing,
  period: number,
  states: States,
  slopes: Slopes,
): void {
  const { alpha, beta, gamma, phi } = smoothing;
  const { level, trend, season, said } = states;
  const multiplies = form.season === "M";
  const relative = form.error === "M";
  const count = values.length;
  const bySeason = slopes.season.fill(0);
  const found = { alpha: 0, beta: 0, gamma: 0, phi: 0 };
  const weight = (2 * count) / squaresOf(values, said, relative);
  let byLevel = 0;
  let byTrend = 0;
  for (let t = count - 1; t >= 0; t--) {
    const y = values[t]!;
    const s = season[t]!;
    const b = trend[t]!;
    const q = level[t]! + phi * b;
    const f = said[t]!;
    const pull = multiplies ? y / s - q : y - s - q;
    const byNext = bySeason[t + period]!;
    const byPull = alpha * byLevel + beta * byTrend;
    const bySaid = relative ? (2 - (weight * (y / f - 1) * y) / f) / f : -weight * (y - f);
    found.alpha += byLevel * pull;
    found.beta += byTrend * pull;
    found.gamma += byNext * (multiplies ? y / q - s : y - q - s);
    const ofSeason = multiplies ? (byPull * -y) / (s * s) + bySaid * q : bySaid - byPull;
    const fromSeason = multiplies ? (byNext * gamma * -y) / (q * q) : -byNext * gamma;
    bySeason[t] = byNext * (1 - gamma) + ofSeason;
    const byQ = byLevel - byPull + fromSeason + bySaid * (multiplies ? s : 1);
    found.phi += (byTrend + byQ) * b;
    byLevel = byQ;
    byTrend = phi * (byTrend + byQ);
  }
  slopes.smoothing = found;
  slopes.level = byLevel;
  slopes.trend = byTrend;
}

function squaresOf(values: Float64Array, said: Float64Array, relative: boolean): number {
  let squares = values.length * TINY;
  for (let t = 0; t < values.length; t++) {
    const error = relative ? values[t]! / said[t]! - 1 : values[t]! - said[t]!;
    squares += error * error;
  }
  return squares;
}

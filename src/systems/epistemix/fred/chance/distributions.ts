import { normalQuantile } from "../../../../numeric/normal";

/** Uniform numbers in [0, 1), one after another. */
export interface Uniform {
  next(): number;
}

const HALF_STEP = 2 ** -54;
const MAX_COUNTED = 30;

/** Never 0 and never 1. */
function inside(chance: Uniform): number {
  return chance.next() + HALF_STEP;
}

export function drawNormal(chance: Uniform, mean: number, deviation: number): number {
  return mean + deviation * normalQuantile(inside(chance));
}

/** By median and dispersion: two thirds of all lie between median / dispersion and median * dispersion. */
export function drawLognormal(chance: Uniform, median: number, dispersion: number): number {
  return median * Math.exp(Math.log(dispersion) * normalQuantile(inside(chance)));
}

export function drawExponential(chance: Uniform, mean: number): number {
  return -mean * Math.log(inside(chance));
}

/** Trials up to and with the first that succeeds. */
export function drawGeometric(chance: Uniform, probability: number): number {
  if (probability >= 1) return 1;
  return Math.ceil(Math.log(inside(chance)) / Math.log1p(-probability));
}

/** Source: G. Marsaglia, W. Tsang, "A simple method for generating gamma variables", 2000. */
export function drawGamma(chance: Uniform, shape: number, scale: number): number {
  if (shape < 1) return drawGamma(chance, shape + 1, scale) * inside(chance) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalQuantile(inside(chance));
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(inside(chance)) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v * scale;
  }
}

/**
 * Counts events one by one while few are expected; many are halved first by the time of one in their middle. Source:
 * J. Ahrens, U. Dieter, "Computer methods for sampling from gamma, beta, Poisson and binomial distributions", 1974.
 */
export function drawPoisson(chance: Uniform, mean: number): number {
  let before = 0;
  let left = mean;
  while (left > MAX_COUNTED) {
    const middle = Math.floor((7 * left) / 8);
    const time = drawGamma(chance, middle, 1);
    if (time > left) return before + drawBinomial(chance, middle - 1, left / time);
    before += middle;
    left -= time;
  }
  let count = 0;
  let share = Math.exp(-left);
  for (let rest = chance.next() - share; rest >= 0 && share > 0; rest -= share) share *= left / ++count;
  return before + count;
}

/** By the same source: many trials are split at the one in their middle. */
export function drawBinomial(chance: Uniform, trials: number, probability: number): number {
  let successes = 0;
  let left = trials;
  let p = probability;
  while (left > MAX_COUNTED) {
    const middle = 1 + Math.floor(left / 2);
    const below = drawGamma(chance, middle, 1);
    const cut = below / (below + drawGamma(chance, left + 1 - middle, 1));
    if (cut > p) {
      left = middle - 1;
      p /= cut;
    } else {
      successes += middle;
      left -= middle;
      p = (p - cut) / (1 - cut);
    }
  }
  for (let k = 0; k < left; k++) if (chance.next() < p) successes++;
  return successes;
}

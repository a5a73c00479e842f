/** Where an axis of numbers is marked: at multiples of 1, 2 or 5 times a power of ten. */

export interface Ticks {
  values: number[];
  /** Their distance; on a logarithmic axis 0, since each stands for itself. */
  step: number;
}

const MULTIPLES = [1, 2, 5, 10];
/** A step that is a hair below the round one is the round one. */
const ROUNDING = 1 - 1e-9;
const MAX_STEP = 1e308;

/**
 * The smallest of 1, 2, 5, 10, 20, 50 ... and 0.5, 0.2, 0.1 ... that is not below `rough`, a positive number; the
 * largest of them where a number cannot be that large.
 */
export function niceStep(rough: number): number {
  const exponent = Math.floor(Math.log10(rough));
  const multiple = MULTIPLES.find((each) => each * Number(`1e${exponent}`) >= rough * ROUNDING) ?? 10;
  return Math.min(Number(`${multiple}e${exponent}`), MAX_STEP);
}

/** At most `most` + 1 round values from `low` to `high`. Any finite numbers will do, in order. */
export function linearTicks(low: number, high: number, most: number): Ticks {
  // Divided before the subtraction, which may overflow.
  const step = niceStep(high / most - low / most);
  const first = Math.ceil(low / step);
  const count = Math.min(most, Math.floor(high / step) - first);
  const values = Array.from({ length: count + 1 }, (_, i) => roundMultiple(first + i, step));
  return { values: [...new Set(values)], step };
}

/** Decades, with 2 and 5 between them where there is room; within less than two decades round values. */
export function logTicks(low: number, high: number, most: number): Ticks {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const decades = Math.floor(Math.log10(high) + 1e-9) - first + 1;
  if (decades < 2) return linearTicks(low, high, most);
  // Rather some too many than one alone.
  const stride = niceStep(Math.max(1, (0.8 * decades) / most));
  const multiples = decades * 3 <= most ? [1, 2, 5] : [1];
  const values: number[] = [];
  for (let exponent = first - 1; exponent < first + decades; exponent++) {
    if (exponent % stride !== 0) continue;
    for (const multiple of multiples) values.push(Number(`${multiple}e${exponent}`));
  }
  return { values: values.filter((value) => value >= low * ROUNDING && value * ROUNDING <= high), step: 0 };
}

/** `count * step` without the error of the product: 3 times 0.1 is 0.3. */
function roundMultiple(count: number, step: number): number {
  return step < 1 ? count / Math.round(1 / step) || 0 : count * step;
}

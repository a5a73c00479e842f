/** What of the variance of a result comes from one input. */
export interface SobolIndices {
  /** By the input alone: 0 to 1, and their sum at most 1. */
  firstOrder: number;
  /** By the input in all its interplay: what would vanish from the variance if it alone became known last. */
  total: number;
}

/**
 * The row numbers of Saltelli's design: two independent sets A and B of `count` rows, then for each input the rows of
 * A with that input taken from B. The points are written row by row.
 * Source: A. Saltelli et al., "Variance based sensitivity analysis of model output", 2010.
 *
 * @param cube `count` points of 2 * `inputs` axes: those of A, then those of B
 */
export function saltelliDesign(cube: Float64Array, count: number, inputs: number, points: Float64Array): void {
  for (let j = 0; j < count; j++) {
    const a = 2 * inputs * j;
    const b = a + inputs;
    points.set(cube.subarray(a, b), j * inputs);
    points.set(cube.subarray(b, b + inputs), (count + j) * inputs);
    for (let i = 0; i < inputs; i++) {
      const row = ((2 + i) * count + j) * inputs;
      points.set(cube.subarray(a, b), row);
      points[row + i] = cube[b + i]!;
    }
  }
}

/** How many rows Saltelli's design has. */
export function saltelliRows(count: number, inputs: number): number {
  return count * (inputs + 2);
}

/**
 * The indices of every input from the results of Saltelli's design, in its order: first-order by Saltelli's (2010),
 * total by Jansen's (1999) estimator. A row in which a result is no number is left out with its relatives. NaN where
 * the results do not vary.
 *
 * @param picked which of the `count` rows to use, once each or as often as they are named; all where absent
 */
export function sobolIndices(
  results: Float64Array,
  count: number,
  inputs: number,
  picked?: Uint32Array,
): SobolIndices[] {
  const rows = (picked ?? Uint32Array.from({ length: count }, (_, j) => j)).filter((j) => {
    for (let set = 0; set < inputs + 2; set++) if (!Number.isFinite(results[set * count + j]!)) return false;
    return true;
  });
  const { mean, variance } = momentsOf(results, rows, count);
  return Array.from({ length: inputs }, (_, i) => {
    let first = 0;
    let total = 0;
    for (const j of rows) {
      const a = results[j]!;
      const mixed = results[(2 + i) * count + j]!;
      // Without the mean, whose square would drown the differences.
      first += (results[count + j]! - mean) * (mixed - a);
      total += (a - mixed) * (a - mixed);
    }
    return { firstOrder: first / rows.length / variance, total: total / (2 * rows.length) / variance };
  });
}

/** Mean and variance of the sets A and B together. */
function momentsOf(results: Float64Array, rows: Uint32Array, count: number): { mean: number; variance: number } {
  let sum = 0;
  for (const j of rows) sum += results[j]! + results[count + j]!;
  const mean = sum / (2 * rows.length);
  let squares = 0;
  for (const j of rows) squares += (results[j]! - mean) ** 2 + (results[count + j]! - mean) ** 2;
  const variance = squares / (2 * rows.length);
  return { mean, variance: variance > 0 ? variance : Number.NaN };
}

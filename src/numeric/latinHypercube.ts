/** Chance as a leaf needs it: an integer in [0, limit), and a number in [0, 1). */
export interface Chance {
  next(): number;
  below(limit: number): number;
}

/**
 * `count` points in the unit cube, row by row, such that each of `count` equal slices of every axis holds one point.
 * Source: M. McKay, R. Beckman, W. Conover, "A comparison of three methods for selecting values of input variables",
 * 1979.
 */
export function latinHypercube(count: number, axes: number, chance: Chance, points: Float64Array): void {
  const slices = new Uint32Array(count);
  for (let axis = 0; axis < axes; axis++) {
    for (let i = 0; i < count; i++) slices[i] = i;
    for (let i = count - 1; i > 0; i--) {
      const other = chance.below(i + 1);
      const slice = slices[i]!;
      slices[i] = slices[other]!;
      slices[other] = slice;
    }
    for (let i = 0; i < count; i++) points[i * axes + axis] = (slices[i]! + chance.next()) / count;
  }
}

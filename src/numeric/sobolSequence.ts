/** Degree, coefficients and first direction numbers of the axes after the first. */
const DIRECTIONS: readonly (readonly [degree: number, coefficients: number, first: readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
];

const BITS = 32;
export const MAX_SOBOL_AXES = DIRECTIONS.length + 1;

/**
 * The first `count` points of Sobol's sequence in the unit cube, row by row. Every axis is shifted by a number of
 * `shifts` (32 bits each, added without carry), so that a seed gives another set of the same evenness and no point
 * stands at the origin.
 * Source: S. Joe, F. Kuo, "Constructing Sobol sequences with better two-dimensional projections", 2008; order of the
 * points by Gray code: I. Antonov, V. Saleev, 1979.
 *
 * @throws RangeError beyond `MAX_SOBOL_AXES` axes.
 */
export function sobolSequence(count: number, axes: number, shifts: Uint32Array, points: Float64Array): void {
  if (axes > MAX_SOBOL_AXES) throw new RangeError(`expected at most ${MAX_SOBOL_AXES} axes, got ${axes}`);
  for (let axis = 0; axis < axes; axis++) {
    const directions = directionNumbers(axis);
    let state = shifts[axis]!;
    for (let i = 0; i < count; i++) {
      // The middle of the smallest cell: neither 0 nor 1 can come out.
      points[i * axes + axis] = ((state >>> 0) + 0.5) / 2 ** BITS;
      state ^= directions[trailingOnes(i)]!;
    }
  }
}

function directionNumbers(axis: number): Uint32Array {
  const numbers = new Uint32Array(BITS);
  if (axis === 0) return numbers.map((_, bit) => 2 ** (BITS - 1 - bit));
  const [degree, coefficients, first] = DIRECTIONS[axis - 1]!;
  for (let bit = 0; bit < BITS; bit++) {
    if (bit < degree) {
      numbers[bit] = first[bit]! * 2 ** (BITS - 1 - bit);
      continue;
    }
    let number = numbers[bit - degree]! ^ (numbers[bit - degree]! >>> degree);
    for (let k = 1; k < degree; k++) {
      if ((coefficients >>> (degree - 1 - k)) & 1) number ^= numbers[bit - k]!;
    }
    numbers[bit] = number;
  }
  return numbers;
}

function trailingOnes(value: number): number {
  return 31 - Math.clz32(~value & (value + 1));
}

import { symmetricEigen } from "./symmetricEigen";

/** Times the rows or columns and the precision of f64: below this share of the largest, an eigenvalue is rounding. */
const CUT_OFF = 10;

/**
 * The coefficients that minimise |X b - y|^2 + ridge |b|^2, and of several such the shortest: pinv(X'X + ridge I) X'y.
 * Columns that say the same share what they explain; a column of zeros gets 0.
 * Source: A. Hoerl, R. Kennard, "Ridge regression", 1970; the pseudo-inverse by the eigenvectors of X'X.
 * @param design `target.length` rows of `columns` values, row by row
 */
export function ridgeRegression(
  design: Float64Array,
  columns: number,
  target: Float64Array,
  ridge: number,
): Float64Array {
  const { gram, moments } = normalEquations(design, columns, target);
  for (let column = 0; column < columns; column++) gram[column * columns + column]! += ridge;
  const { values, vectors } = symmetricEigen(gram, columns);
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const smallest = CUT_OFF * Math.max(columns, target.length) * Number.EPSILON * largest;
  const coefficients = new Float64Array(columns);
  for (let direction = 0; direction < columns; direction++) {
    if (!(values[direction]! > smallest)) continue;
    let share = 0;
    for (let column = 0; column < columns; column++) share += vectors[column * columns + direction]! * moments[column]!;
    share /= values[direction]!;
    for (let column = 0; column < columns; column++) {
      coefficients[column]! += share * vectors[column * columns + direction]!;
    }
  }
  return coefficients;
}

/** X'X, row by row, and X'y. */
function normalEquations(
  design: Float64Array,
  columns: number,
  target: Float64Array,
): { gram: Float64Array; moments: Float64Array } {
  const gram = new Float64Array(columns * columns);
  const moments = new Float64Array(columns);
  for (let row = 0; row < target.length; row++) {
    const from = row * columns;
    for (let left = 0; left < columns; left++) {
      const value = design[from + left]!;
      if (value === 0) continue;
      moments[left]! += value * target[row]!;
      for (let right = left; right < columns; right++) gram[left * columns + right]! += value * design[from + right]!;
    }
  }
  for (let left = 0; left < columns; left++) {
    for (let right = 0; right < left; right++) gram[left * columns + right] = gram[right * columns + left]!;
  }
  return { gram, moments };
}

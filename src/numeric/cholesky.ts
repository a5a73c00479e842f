/**
 * The lower triangle L with L times its transpose equal to a symmetric, positive semidefinite matrix, both row by row.
 * What rounding made slightly negative counts as zero: that direction then has no share of its own.
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column]!;
      for (let k = 0; k < column; k++) rest -= lower[row * size + k]! * lower[column * size + k]!;
      const pivot = lower[column * size + column]!;
      if (row === column) lower[row * size + row] = Math.sqrt(Math.max(0, rest));
      else lower[row * size + column] = pivot > 0 ? rest / pivot : 0;
    }
  }
  return lower;
}

/** The eigenvalues of a symmetric matrix, and its eigenvectors as the columns of a matrix, row by row. */
export interface SymmetricEigen {
  values: Float64Array;
  vectors: Float64Array;
}

/** Each sweep squares what is left beside the diagonal; ten do for any matrix, and this bounds the loop. */
const MAX_SWEEPS = 50;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations, which are accurate for small eigenvalues too.
 * Source: G. Golub, C. Van Loan, "Matrix Computations", 8.5 (cyclic by row).
 * @param matrix size * size values, row by row; left as it is
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const rest = matrix.slice();
  const vectors = new Float64Array(size * size);
  for (let index = 0; index < size; index++) vectors[index * size + index] = 1;
  for (let sweep = 0; sweep < MAX_SWEEPS && !isDiagonal(rest, size); sweep++) {
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) rotate(rest, vectors, size, p, q);
    }
  }
  return { values: Float64Array.from({ length: size }, (_, index) => rest[index * size + index]!), vectors };
}

/** Whether what stands beside the diagonal is lost in the rounding of what stands on it. */
function isDiagonal(matrix: Float64Array, size: number): boolean {
  for (let p = 0; p < size - 1; p++) {
    for (let q = p + 1; q < size; q++) {
      const scale = Math.sqrt(Math.abs(matrix[p * size + p]! * matrix[q * size + q]!));
      if (Math.abs(matrix[p * size + q]!) > Number.EPSILON * scale) return false;
    }
  }
  return true;
}

/** Turns rows and columns p and q so that the entry where they meet becomes 0. */
function rotate(matrix: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const meeting = matrix[p * size + q]!;
  if (meeting === 0) return;
  const ratio = (matrix[q * size + q]! - matrix[p * size + p]!) / (2 * meeting);
  const tangent = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.hypot(1, ratio));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) turn(matrix, k * size + p, k * size + q, cosine, sine);
  for (let k = 0; k < size; k++) turn(matrix, p * size + k, q * size + k, cosine, sine);
  for (let k = 0; k < size; k++) turn(vectors, k * size + p, k * size + q, cosine, sine);
  matrix[p * size + q] = 0;
  matrix[q * size + p] = 0;
}

function turn(values: Float64Array, first: number, second: number, cosine: number, sine: number): void {
  const [a, b] = [values[first]!, values[second]!];
  values[first] = cosine * a - sine * b;
  values[second] = sine * a + cosine * b;
}

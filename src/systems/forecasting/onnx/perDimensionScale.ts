/** log2(e): TimesFM was trained with softplus in base two. */
const LOG2_E = 1.442695041;

/** What TimesFM multiplies a query with: log2(e) / sqrt(d) * softplus(c), in every head alike. */
export function perDimensionScale(learned: Float32Array, headSize: number): Float32Array {
  const factor = LOG2_E / Math.sqrt(headSize);
  return learned.map((value) => factor * softplus(value));
}

/** ln(1 + e^x), without overflow. */
function softplus(value: number): number {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
}

/** log2(e), since TimesFM was trained with a softmax in base two; with the digits that it was trained with. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: the network's own rounding of it
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

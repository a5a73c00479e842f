/** Added to a logit that must not count. Finite: of a row that is masked as a whole, the softmax must not become NaN. */
export const MASKED = Math.fround(-0.7 * 3.4028234663852886e38);

/**
 * What is added to the logits of `tokens` tokens: {@link MASKED} where the key comes later than the query, or where it
 * is empty. Row by row, [tokens, tokens].
 */
export function causalMask(empty: Uint8Array): Float32Array {
  const tokens = empty.length;
  const mask = new Float32Array(tokens * tokens);
  for (let query = 0; query < tokens; query++) {
    for (let key = 0; key < tokens; key++) {
      if (key > query || empty[key] === 1) mask[query * tokens + key] = MASKED;
    }
  }
  return mask;
}

/** Pearson's correlation of two lists of one length; 0 where one of them does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const count = a.length;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let sumAb = 0;
  let sumAa = 0;
  let sumBb = 0;
  for (let i = 0; i < count; i++) {
    const da = a[i]! - meanA;
    const db = b[i]! - meanB;
    sumAb += da * db;
    sumAa += da * da;
    sumBb += db * db;
  }
  return sumAa === 0 || sumBb === 0 ? 0 : sumAb / Math.sqrt(sumAa * sumBb);
}

/** Spearman's rank correlation: Pearson's of the ranks, so that any rising relation counts as 1. */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return correlation(ranksOf(a), ranksOf(b));
}

/** The rank of each value, from 1; equal values share the mean of their ranks. */
export function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let k = from; k < to; k++) ranks[order[k]!] = (from + 1 + to) / 2;
  }
  return ranks;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

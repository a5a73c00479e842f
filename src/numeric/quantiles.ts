/**
 * The quantile of ascending values at `share` (0 to 1), linear between neighbours; NaN of an empty list.
 * Source: definition 7 of R. Hyndman, Y. Fan, "Sample quantiles in statistical packages", 1996.
 *
 * @param count how many entries of `sorted` count, from the first on
 */
export function quantileOfSorted(sorted: ArrayLike<number>, count: number, share: number): number {
  if (count === 0) return Number.NaN;
  const place = share * (count - 1);
  const below = Math.floor(place);
  const value = sorted[below]!;
  return below + 1 < count ? value + (place - below) * (sorted[below + 1]! - value) : value;
}

/** The median of values in any order; NaN of an empty list. */
export function medianOf(values: ArrayLike<number>): number {
  return quantileOfSorted(Float64Array.from(values).sort(), values.length, 0.5);
}

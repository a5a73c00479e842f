/** Milliseconds of one core for a point of a series, by `auto`, the most expensive built-in model. */
const COST_OF_POINT_MS = 0.05;
const COST_OF_SERIES_MS = 4;

/** What built-in models take for these series, in milliseconds of one core: an estimate from above. */
export function costOfClassical(series: readonly { values: ArrayLike<unknown> }[]): number {
  return series.reduce((sum, { values }) => sum + COST_OF_SERIES_MS + values.length * COST_OF_POINT_MS, 0);
}

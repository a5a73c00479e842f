/** Below this a spread counts as none. */
const FLAT = 1e-6;

/** Where a series lies and how far it spreads. */
export interface Location {
  mean: number;
  /** The population standard deviation, or 1 for a series that does not vary. */
  spread: number;
}

/** Mean and population standard deviation over all values; a spread of up to 1e-6 counts as 1. */
export function locationOf(values: ArrayLike<number>): Location {
  const count = Math.max(1, values.length);
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  const mean = sum / count;
  let squares = 0;
  for (let index = 0; index < values.length; index++) squares += (values[index]! - mean) ** 2;
  const spread = Math.sqrt(squares / count);
  return { mean, spread: spread <= FLAT ? 1 : spread };
}

export function standardised(values: Float64Array, { mean, spread }: Location): Float64Array {
  return values.map((value) => (value - mean) / spread);
}

/** Undoes {@link standardised}, in place. */
export function restore(values: Float64Array, { mean, spread }: Location): void {
  for (let index = 0; index < values.length; index++) values[index] = values[index]! * spread + mean;
}

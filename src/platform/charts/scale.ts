import { linearTicks, logTicks, type Ticks } from "./ticks";

/** An axis of numbers: from which to which value it goes, and where a value lies on it. */
export interface Scale {
  low: number;
  high: number;
  /** 0 at `low`, 1 at `high`; NaN for what has no place, such as zero on a logarithmic axis. */
  fraction(value: number): number;
  ticks(most: number): Ticks;
}

export interface Extent {
  low: number;
  high: number;
}

/** A range narrower than this share of its values is one value: differences of rounding would fill the chart. */
const CONSTANT_SHARE = 1e-12;
/** Below this, quotients of numbers are no longer numbers: what is smaller counts as zero. */
export const SMALLEST = 1e-290;
const LOWEST_POWER = -300;
/** Values that begin this near to zero are shown from zero on. */
const NEAR_ZERO_SHARE = 0.3;
const AIR = 0.06;

/** The lowest and highest finite value of these columns above `floor`; undefined where there is none. */
export function extentOf(columns: readonly ArrayLike<number>[], floor = -Infinity): Extent | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const values of columns) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value < low && value > floor) low = value;
      if (value > high && value < Infinity) high = value;
    }
  }
  return high >= low && high > floor ? { low, high } : undefined;
}

/** An axis from exactly `low` to exactly `high`; one value alone stands in the middle. Any finite numbers will do. */
export function linearScale(extent: Extent): Scale {
  const { low, high } = isConstant(extent) ? around(extent) : extent;
  // The difference of two large numbers may be beyond the largest one.
  const size = Math.max(Math.abs(low), Math.abs(high), SMALLEST);
  const span = high / size - low / size;
  const fraction = (value: number) => (value / size - low / size) / span;
  return { low, high, fraction, ticks: (most) => linearTicks(low, high, most) };
}

/** An axis with air around the values, or from zero on where they begin near it. */
export function airyScale(extent: Extent): Scale {
  if (isConstant(extent)) return linearScale(extent);
  const { low, high } = extent;
  const air = (high - low) * AIR;
  const fromZero = low >= 0 && low <= high * NEAR_ZERO_SHARE;
  const padded = { low: fromZero ? 0 : low - air, high: high <= 0 && high >= low * NEAR_ZERO_SHARE ? 0 : high + air };
  const overflows = padded.low === -Infinity || padded.high === Infinity || air === Infinity;
  return linearScale(overflows ? extent : padded);
}

/** A logarithmic axis over values above {@link SMALLEST}. */
export function logScale(extent: Extent): Scale {
  const [low, high] = [Math.log10(extent.low), Math.log10(extent.high)];
  const air = high - low > CONSTANT_SHARE ? (high - low) * AIR : Math.log10(2);
  const ends = { low: Math.max(low - air, LOWEST_POWER), high: high + air };
  const values = { low: 10 ** ends.low, high: Math.min(10 ** ends.high, Number.MAX_VALUE) };
  // The mark at the very end may be a hair below it.
  const lowest = values.low * 0.999;
  const fraction = (value: number) =>
    value >= lowest ? (Math.log10(value) - ends.low) / (ends.high - ends.low) : Number.NaN;
  return { ...values, fraction, ticks: (most) => logTicks(values.low, values.high, most) };
}

function isConstant({ low, high }: Extent): boolean {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return high - low <= Math.max(size * CONSTANT_SHARE, SMALLEST);
}

function around({ low, high }: Extent): Extent {
  const middle = low / 2 + high / 2;
  const reach = Math.abs(middle) > SMALLEST ? Math.abs(middle) / 20 : 1;
  return { low: Math.max(middle - reach, -Number.MAX_VALUE), high: Math.min(middle + reach, Number.MAX_VALUE) };
}

/**
 * Rounding to decimal places with ties to even, decided on the exact binary value of the number: what Python's
 * `round` does, and what neither `Math.round(x * 1e4) / 1e4` nor `toFixed` gives (2.675 is 2.67, 0.125 is 0.12).
 */

const MAX_FAST = 2 ** 40;
/** Below MAX_FAST the product with a power of ten is off by less than this, so that no nearer fraction is trusted. */
const TIE_MARGIN = 1e-3;
const MANTISSA_BITS = 52;
const EXPONENT_BIAS = 1075;
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, places) => Number(`1e${places}`));

const float = new Float64Array(1);
const bits = new BigUint64Array(float.buffer);

/** `value` rounded to `places` (0 to 22) decimals, as the nearest double. Infinities and NaN are given back. */
export function roundHalfEven(value: number, places: number): number {
  if (!Number.isFinite(value)) return value;
  const power = POWERS_OF_TEN[places]!;
  const scaled = value * power;
  if (isClear(scaled)) return Math.round(scaled) / power;
  const exact = exactlyScaled(value, places);
  return Number(`${exact}e-${places}`);
}

/** `value` times ten to the `places`, rounded to a whole number. @throws RangeError when `value` is not finite. */
export function scaledHalfEven(value: number, places: number): bigint {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, got ${value}`);
  const scaled = value * POWERS_OF_TEN[places]!;
  return isClear(scaled) ? BigInt(Math.round(scaled)) : exactlyScaled(value, places);
}

/** `numerator / denominator` (positive) rounded to a whole number, ties to even. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n;
  const dividend = negative ? -numerator : numerator;
  let quotient = dividend / denominator;
  const twice = (dividend - quotient * denominator) * 2n;
  if (twice > denominator || (twice === denominator && (quotient & 1n) === 1n)) quotient += 1n;
  return negative ? -quotient : quotient;
}

function isClear(scaled: number): boolean {
  if (Math.abs(scaled) > MAX_FAST) return false;
  return Math.abs(scaled - Math.floor(scaled) - 0.5) > TIE_MARGIN;
}

function exactlyScaled(value: number, places: number): bigint {
  float[0] = value;
  const raw = bits[0]!;
  const biased = Number((raw >> BigInt(MANTISSA_BITS)) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | (1n << BigInt(MANTISSA_BITS));
  const exponent = Math.max(biased, 1) - EXPONENT_BIAS;
  const signed = (value < 0 ? -mantissa : mantissa) * 10n ** BigInt(places);
  return exponent >= 0 ? signed << BigInt(exponent) : divideHalfEven(signed, 1n << BigInt(-exponent));
}

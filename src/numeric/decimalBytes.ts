const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/** No number written by this file takes more bytes than this. */
export const MAX_NUMBER_BYTES = 28;

/** Splits a double into two halves of at most 26 bits each (Dekker 1971). */
const SPLITTER = 2 ** 27 + 1;
const EIGHT_DIGITS = 1e8;
const SIXTEEN_DIGITS = 1e16;

/**
 * Writes a finite `value` as a decimal number of one or two places (`25.0`, `-0.12`), rounded to nearest on its exact
 * binary value with ties to even,
 * and gives the offset behind its last byte. From 1e16 on, where doubles have no fraction, it is the shortest text
 * that reads back as the same number.
 */
export function writeHundredths(bytes: Uint8Array, at: number, value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude >= SIXTEEN_DIGITS) return writeShortest(bytes, at, value);
  let whole = Math.floor(magnitude);
  let hundredths = scaledFraction(magnitude - whole, 100);
  if (hundredths === 100) {
    whole += 1;
    hundredths = 0;
  }
  let end = at;
  if (value < 0 || Object.is(value, -0)) bytes[end++] = MINUS;
  end = writeWhole(bytes, end, whole);
  bytes[end++] = POINT;
  const tenths = (hundredths / 10) | 0;
  const rest = hundredths - 10 * tenths;
  bytes[end++] = ZERO + tenths;
  if (rest !== 0) bytes[end++] = ZERO + rest;
  return end;
}

/** Writes the shortest decimal text that reads back as the same finite number. */
export function writeShortest(bytes: Uint8Array, at: number, value: number): number {
  return writeAscii(bytes, at, String(value));
}

/** Writes a text of ASCII characters and gives the offset behind its last byte. */
export function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/**
 * `fraction * scale` as a whole number: the exact product of the two binary values, rounded to nearest, ties to even.
 * `fraction` lies in [0, 1), `scale` is a whole number up to 2^26. The result lies in 0 .. scale.
 *
 * The rounded product can hide a tie, but never cross one: a whole number and a half is itself a double here. So only
 * a product that lands on the half needs the part that rounding lost.
 */
function scaledFraction(fraction: number, scale: number): number {
  const product = fraction * scale;
  const floor = Math.floor(product);
  const rest = product - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  const lost = lostByProduct(fraction, scale, product);
  if (lost === 0) return floor + (floor % 2);
  return lost > 0 ? floor + 1 : floor;
}

/** The exact value of `a * b - product`, where `product` is `a * b` as rounded and `b` has at most 26 bits. */
function lostByProduct(a: number, b: number, product: number): number {
  const swollen = SPLITTER * a;
  const high = swollen - (swollen - a);
  const low = a - high;
  return high * b - product + low * b;
}

/** A whole number from 0 to 1e16, cut into two parts so that all digits come from 32-bit division. */
function writeWhole(bytes: Uint8Array, at: number, whole: number): number {
  if (whole < EIGHT_DIGITS) return writeDigits(bytes, at, whole | 0, digitCount(whole));
  const high = Math.floor(whole / EIGHT_DIGITS);
  const end = writeDigits(bytes, at, high | 0, digitCount(high));
  return writeDigits(bytes, end, (whole - high * EIGHT_DIGITS) | 0, 8);
}

function writeDigits(bytes: Uint8Array, at: number, value: number, count: number): number {
  let rest = value;
  for (let i = at + count - 1; i >= at; i--) {
    const shorter = (rest / 10) | 0;
    bytes[i] = ZERO + rest - 10 * shorter;
    rest = shorter;
  }
  return at + count;
}

function digitCount(value: number): number {
  let count = 1;
  for (let limit = 10; limit <= value; limit *= 10) count++;
  return count;
}

import { axisFormat } from "../../../../platform/charts";

/** Numbers as reports show them. A reader compares figures of a column, so all of a column have the same decimals. */

const SIGNIFICANT = 4;
/** No figure has more digits than the eye takes in at once. */
const MAX_DIGITS = 9;
const MAX_DECIMALS = 6;
const MAX_PERCENT_DECIMALS = 2;
/** From here on a column is told in thousands, millions, ... of its unit. */
const PREFIX_FROM = 1e6;
/** Numbers below are told as a power of ten. */
const POWER_BELOW = 1e-5;
/** What is smaller than this share of the largest number of a column asks for no decimals. */
const NEGLIGIBLE_SHARE = 1e-4;
/** Whole numbers below are told with all their digits, one alone and those of a column. */
const WHOLE_ALONE_BELOW = 1e6;
const WHOLE_BELOW = 1e7;
const MAX_PREFIXED = 1e21;
/** Numbers of four digits are read without a space in them. */
const GROUPED_FROM = 1e4;
const GROUP_SPACE = "\u2006";
const MINUS = "−";
export const NO_VALUE = "–";

const PREFIXES: readonly [prefix: string, factor: number][] = [
  ["E", 1e18],
  ["P", 1e15],
  ["T", 1e12],
  ["G", 1e9],
  ["M", 1e6],
];

/** How the numbers of one column are written. */
export interface Notation {
  /** The unit with its prefix: `M FIL`. */
  unit: string;
  write(value: number): string;
}

/** One value alone, with the digits that matter: `783.6 M`, `0.6934`, `12`. */
export function writeAlone(value: number): string {
  if (!Number.isFinite(value)) return NO_VALUE;
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < WHOLE_ALONE_BELOW) return fixed(value, 0, size >= GROUPED_FROM);
  if (size < POWER_BELOW || size >= MAX_PREFIXED) return writeOwn(value);
  const written = axisFormat(size, 10 ** (exponentOf(size) - SIGNIFICANT + 1))(value);
  // 0.3000 says no more than 0.3.
  return written.replace(/(\.\d*?)0+(?!\d)/, "$1").replace(/\.(?!\d)/, "");
}

/** How a column of these values is written; what is not finite is left out of account. */
export function notationOf(values: readonly number[], unit: string): Notation {
  const finite = values.filter(Number.isFinite);
  const largest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest >= MAX_PREFIXED) return { unit, write: writeOwn };
  const isWhole = finite.every(Number.isInteger);
  const [prefix, factor] = largest >= (isWhole ? WHOLE_BELOW : PREFIX_FROM) ? prefixOf(largest) : (["", 1] as const);
  const scaled = finite.map((value) => value / factor);
  const decimals = Math.min(decimalsOf(scaled, largest / factor), unit === "%" ? MAX_PERCENT_DECIMALS : MAX_DECIMALS);
  const isGrouped = largest / factor >= GROUPED_FROM;
  // What so many decimals would show as nothing keeps digits of its own.
  const least = 0.5 * 10 ** -decimals;
  return {
    unit: [prefix, unit].filter((part) => part !== "").join(" "),
    write: (value) => {
      if (!Number.isFinite(value)) return NO_VALUE;
      const share = value / factor;
      return share !== 0 && Math.abs(share) < least ? writeOwn(share) : fixed(share, decimals, isGrouped);
    },
  };
}

/** So that the largest number has at least two digits before its point, and those beside it seldom none. */
function prefixOf(largest: number): readonly [prefix: string, factor: number] {
  return PREFIXES.find(([, factor]) => largest >= 10 * factor) ?? PREFIXES.at(-1)!;
}

/**
 * So many decimals that the largest value has four digits and the smallest of any weight two, where they have so many
 * at all, and no more than a row has room for.
 */
function decimalsOf(values: readonly number[], largest: number): number {
  const sizes = values.map(Math.abs).filter((size) => size > 0 && size >= largest * NEGLIGIBLE_SHARE);
  if (sizes.length === 0) return 0;
  const smallest = sizes.reduce((least, size) => Math.min(least, size));
  const room = Math.min(MAX_DECIMALS, MAX_DIGITS - 1 - Math.max(0, exponentOf(largest)));
  const wanted = Math.max(SIGNIFICANT - 1 - exponentOf(largest), 1 - exponentOf(smallest), 0);
  const owned = sizes.reduce((most, size) => Math.max(most, ownDecimals(size)), 0);
  return Math.max(0, Math.min(room, wanted, owned));
}

/** 0.25 has two, 3.14159 of four digits three. */
function ownDecimals(value: number): number {
  if (Number.isInteger(value)) return 0;
  const [mantissa, exponent] = value.toExponential(SIGNIFICANT - 1).split("e");
  const digits = mantissa!.replace(/^\d\.?/, "").replace(/0+$/, "").length;
  return Math.max(0, digits - Number(exponent));
}

/** With the first digits of its own: `0.1`, `1e308`. */
function writeOwn(value: number): string {
  if (!Number.isFinite(value)) return NO_VALUE;
  const rounded = Number(value.toPrecision(SIGNIFICANT));
  const size = Math.abs(rounded);
  const isShort = size === 0 || (size >= POWER_BELOW && size < WHOLE_BELOW);
  const text = isShort ? String(rounded) : rounded.toExponential().replace("e+", "e");
  return text.replaceAll("-", MINUS);
}

function fixed(value: number, decimals: number, isGrouped: boolean): string {
  const rounded = Math.abs(value).toFixed(decimals);
  const [whole, fraction] = rounded.split(".");
  const grouped = isGrouped ? whole!.replace(/\B(?=(\d{3})+$)/g, GROUP_SPACE) : whole!;
  const digits = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && Number(rounded) !== 0 ? MINUS + digits : digits;
}

function exponentOf(size: number): number {
  return size === 0 ? 0 : Math.floor(Math.log10(size));
}

/** A difference as it is written, with its sign in any case. */
export function signed(written: string, value: number): string {
  return value > 0 && /[1-9]/.test(written) ? `+${written}` : written;
}

/** Numbers as charts show them: thousands set apart, large ones with a prefix: `603 M`. */

export type Format = (value: number) => string;

/** A sixth of an em: the narrow no-break space is hardly seen in the embedded font. */
const GROUP_SPACE = "\u2006";
const PREFIX_SPACE = "\u00a0";
const MINUS = "−";

const PREFIXES: readonly [symbol: string, factor: number][] = [
  ["E", 1e18],
  ["P", 1e15],
  ["T", 1e12],
  ["G", 1e9],
  ["M", 1e6],
  ["k", 1e3],
];

/** From here on a prefix reads better than the digits. */
const PREFIX_FROM = 1e5;
/** Where steps are so fine that a prefixed number would need more, all its digits are shown instead. */
const MAX_DECIMALS_WITH_PREFIX = 3;
const POWER_FROM = 1e21;
const MAX_DECIMALS = 6;
/** What has more digits than this is no round step, and its first digit is enough. */
const MAX_EXTRA_DECIMALS = 3;

/**
 * One way to write all numbers of an axis.
 * @param largest the largest absolute value on it.
 * @param step the difference that must stay visible.
 */
export function axisFormat(largest: number, step: number): Format {
  const decimals = decimalsOf(step);
  if (largest >= POWER_FROM || decimals > MAX_DECIMALS) return powerFormat(largest, step);
  if (largest >= PREFIX_FROM) {
    for (const [symbol, factor] of PREFIXES) {
      const scaledDecimals = decimalsOf(step / factor);
      if (largest >= factor && scaledDecimals <= MAX_DECIMALS_WITH_PREFIX) {
        return (value) => (value === 0 ? "0" : `${fixed(value / factor, scaledDecimals)}${PREFIX_SPACE}${symbol}`);
      }
    }
  }
  return (value) => fixed(value, decimals);
}

/** The value with that many decimals and its thousands set apart. */
function fixed(value: number, decimals: number): string {
  const rounded = Math.abs(value).toFixed(decimals);
  const [whole, fraction] = rounded.split(".");
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, GROUP_SPACE);
  const digits = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && Number(rounded) !== 0 ? MINUS + digits : digits;
}

/** Decimals that tell every multiple of `step`: 0.05 and 0.25 need two. A step of zero needs none. */
function decimalsOf(step: number): number {
  if (!(step > 0)) return 0;
  const first = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const isWhole = (decimals: number) => Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) < 1e-6;
  for (let decimals = first; decimals < first + MAX_EXTRA_DECIMALS; decimals++) if (isWhole(decimals)) return decimals;
  return first;
}

function powerFormat(largest: number, step: number): Format {
  const digits = Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step) + 1e-9);
  const decimals = Math.min(MAX_DECIMALS, Math.max(0, digits));
  return (value) => {
    if (value === 0) return "0";
    return value.toExponential(decimals).replace("e+", "e").replaceAll("-", MINUS);
  };
}

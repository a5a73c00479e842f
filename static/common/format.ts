/** Numbers, dates and durations as the pages show them. Thousands are set apart by a narrow no-break space. */

const NARROW_SPACE = "\u202f";
const MINUS = "−";
const NO_VALUE = "–";

const PREFIXES = [
  { symbol: "G", factor: 1e9 },
  { symbol: "M", factor: 1e6 },
  { symbol: "k", factor: 1e3 },
  { symbol: "", factor: 1 },
  { symbol: "m", factor: 1e-3 },
  { symbol: "µ", factor: 1e-6 },
  { symbol: "n", factor: 1e-9 },
];

const MAX_DECIMALS = 10;

/** From here on a prefix reads better than the digits. */
const PREFIX_FROM = 1e5;
const PREFIX_BELOW = 1e-2;

/** A unit with its prefix, and what a value is divided by to be given in it. */
export interface ScaledUnit {
  factor: number;
  unit: string;
}

/** The value with exactly that many decimals and its thousands set apart; a dash where there is no value. */
export function formatNumber(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NO_VALUE;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  // Beyond this toFixed gives up, and writes all the digits there are.
  if (Math.abs(value) >= 1e21) return value.toExponential(3).replace("-", MINUS);
  const rounded = Math.abs(value).toFixed(decimals);
  const [whole, fraction] = rounded.split(".");
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
  const digits = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && Number(rounded) !== 0 ? MINUS + digits : digits;
}

/** As many decimals as leave `significant` digits, at most ten, and none for what has them before the point. */
export function decimalsFor(value: number, significant: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return Math.min(MAX_DECIMALS, Math.max(0, significant - 1 - magnitude));
}

/** As many decimals as tell every multiple of `step` exactly, at most ten: 0.25 needs two, 2.5 one. */
export function decimalsOfStep(step: number): number {
  const isWhole = (decimals: number) => {
    const scaled = Math.abs(step) * 10 ** decimals;
    return Math.round(scaled) > 0 && Math.abs(scaled - Math.round(scaled)) < scaled * 1e-9;
  };
  for (let decimals = 0; decimals < MAX_DECIMALS; decimals++) if (isWhole(decimals)) return decimals;
  return step === 0 ? 0 : MAX_DECIMALS;
}

/**
 * The unit in which a series whose largest value is `largest` is shown: `M FIL` for 6e8 FIL. Units that have their
 * prefix already (EiB, MB), shares and bare numbers are left as they are.
 */
export function scaleUnit(largest: number, unit: string): ScaledUnit {
  const size = Math.abs(largest);
  const plain = size === 0 || !Number.isFinite(size) || (size < PREFIX_FROM && size >= PREFIX_BELOW);
  if (plain || !takesPrefix(unit)) return { factor: 1, unit };
  const prefix = PREFIXES.find(({ factor }) => size >= factor) ?? PREFIXES.at(-1)!;
  return { factor: prefix.factor, unit: prefix.symbol === "" ? unit : `${prefix.symbol}${NARROW_SPACE}${unit}` };
}

/** A figure with its unit and four significant digits, such as `603.1 M FIL`. */
export function formatFigure(value: number | null | undefined, unit: string, significant = 4): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NO_VALUE;
  const scaled = scaleUnit(value, unit);
  const shown = value / scaled.factor;
  const number = formatNumber(shown, decimalsFor(shown, significant));
  return scaled.unit === "" ? number : `${number} ${scaled.unit}`;
}

/** The value with its sign always shown, for differences. */
export function formatSigned(value: number, unit: string): string {
  const figure = formatFigure(Math.abs(value), unit);
  if (value === 0 || Number.isNaN(value)) return figure;
  return value < 0 ? `${MINUS}${figure}` : `+${figure}`;
}

/** YYYY-MM-DD of a time in seconds since the epoch, in UTC. */
export function formatDate(epochS: number): string {
  return new Date(epochS * 1000).toISOString().slice(0, 10);
}

/** Seconds since the epoch of YYYY-MM-DD, in UTC; NaN for what is no date. */
export function parseDate(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 1000;
}

/** YYYY-MM-DD HH:MM:SS in UTC, of an ISO 8601 time. */
export function formatTime(iso: string): string {
  return iso.replace("T", " ").replace(/(\.\d+)?Z$/, "");
}

const DURATIONS = [
  { unit: "d", seconds: 86_400 },
  { unit: "h", seconds: 3600 },
  { unit: "min", seconds: 60 },
  { unit: "s", seconds: 1 },
];

/** A duration in its two largest units: `2 h 5 min`, `45 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const at = DURATIONS.findIndex((step) => whole >= step.seconds);
  if (at === -1) return "0 s";
  const first = DURATIONS[at]!;
  const second = DURATIONS[at + 1];
  const rest = whole % first.seconds;
  const head = `${Math.floor(whole / first.seconds)} ${first.unit}`;
  if (second === undefined || Math.floor(rest / second.seconds) === 0) return head;
  return `${head} ${Math.floor(rest / second.seconds)} ${second.unit}`;
}

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes in steps of a thousand, with three significant digits. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const shown = bytes / 1000 ** step;
  return `${formatNumber(shown, step === 0 ? 0 : decimalsFor(shown, 3))} ${BYTE_UNITS[step]}`;
}

function takesPrefix(unit: string): boolean {
  return /^[A-Za-z]/.test(unit) && !/^([kMGTPE]i?B|[kMGTPE] )/.test(unit);
}

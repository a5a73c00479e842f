/** What parts of a result look like, whatever they are called: results are JSON of anybody's. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** One for each point; what has no value there is NaN. */
export type Values = Float64Array;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** The own member of that path; undefined where there is none. */
export function memberAt(value: unknown, ...path: readonly string[]): unknown {
  let member = value;
  for (const name of path) {
    if (!isObject(member) || !Object.hasOwn(member, name)) return undefined;
    member = member[name];
  }
  return member;
}

/** The values of a list of numbers and nulls with at least one number in it. */
export function valuesOf(value: unknown): Values | undefined {
  if (!Array.isArray(value)) return undefined;
  let hasNumber = false;
  for (const entry of value) {
    if (isNumber(entry)) hasNumber = true;
    else if (entry !== null) return undefined;
  }
  return hasNumber ? Float64Array.from(value, (entry: number | null) => entry ?? Number.NaN) : undefined;
}

/** Quantiles of one figure: its middle and the ends of ranges about it. */
export interface Quantiles<Of> {
  middle: Of;
  ranges: { name: string; low: Of; high: Of; level: "outer" | "inner" }[];
}

const QUANTILE = /^(?:p|q)?(\d{1,2}(?:\.\d+)?|0\.\d+)%?$/;

/** Of numbers under names such as `p5, p50, p95`, `0.05` or `median`; a `mean` may stand beside them. */
export function quantileFigures(value: unknown): Quantiles<number> | undefined {
  return quantilesOf(value, (entry) => (isNumber(entry) ? entry : undefined));
}

/** Of lists of one length under such names. */
export function quantileBands(value: unknown): Quantiles<Values> | undefined {
  const found = quantilesOf(value, valuesOf);
  const isEven = found?.ranges.every(
    ({ low, high }) => low.length === high.length && low.length === found.middle.length,
  );
  return isEven ? found : undefined;
}

function quantilesOf<Of>(value: unknown, read: (entry: unknown) => Of | undefined): Quantiles<Of> | undefined {
  if (!isObject(value)) return undefined;
  const quantiles = Object.entries(value).filter(([name]) => name !== "mean");
  const entries = quantiles.map(([name, entry]) => ({ percent: percentOf(name), of: read(entry) }));
  if (entries.length < 3 || entries.some(({ percent, of }) => percent === undefined || of === undefined))
    return undefined;
  const sorted = entries
    .map(({ percent, of }) => ({ percent: percent!, of: of! }))
    .sort((a, b) => a.percent - b.percent);
  const middle = sorted.find(({ percent }) => percent === 50);
  if (middle === undefined) return undefined;
  const below = sorted.filter(({ percent }) => percent < 50);
  const ranges = below.flatMap(({ percent, of }, place) => {
    const other = sorted.find((entry) => Math.abs(entry.percent - (100 - percent)) < 1e-9);
    if (other === undefined) return [];
    const level = place === 0 && below.length > 1 ? ("outer" as const) : ("inner" as const);
    return [{ name: `${percent} to ${other.percent} %`, low: of, high: other.of, level }];
  });
  return ranges.length === 0 ? undefined : { middle: middle.of, ranges };
}

function percentOf(name: string): number | undefined {
  if (name === "median") return 50;
  const digits = QUANTILE.exec(name)?.[1];
  if (digits === undefined) return undefined;
  return digits.startsWith("0.") ? Number((100 * Number(digits)).toPrecision(12)) : Number(digits);
}

import { seededRandom } from "../../src/platform/random";

/** Made-up series for the pages under test: always the same, shaped like ten years of the economy's. */

const DAY_S = 86_400;
export const DAYS = 3650;
export const HISTORY_DAYS = 1000;
/** 2022-12-15, so that the history ends on 2025-09-09 when it takes a thousand days. */
export const FIRST_DAY_S = 1_671_062_400;

export function days(count = DAYS): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: count }, (_, day) => FIRST_DAY_S + day * DAY_S);
}

/** A smooth path with noise in the history, ending near `end`. */
export function path(seed: number, start: number, end: number, noise: number, count = DAYS): Float64Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, (_, day) => {
    const along = day / count;
    const trend = start + (end - start) * (1 - Math.exp(-3 * along)) * 1.05;
    const shake = day < HISTORY_DAYS ? (random.next() - 0.5) * noise : 0;
    return trend * (1 + shake);
  });
}

/** The same values with a share added that grows after the history: an edge of a band. */
export function spread(values: Float64Array<ArrayBuffer>, share: number): Float64Array<ArrayBuffer> {
  return values.map((value, day) => {
    if (day < HISTORY_DAYS) return Number.NaN;
    return value * (1 + share * Math.sqrt((day - HISTORY_DAYS) / (DAYS - HISTORY_DAYS)));
  });
}

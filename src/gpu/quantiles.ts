import histogramCount from "../../kernels/histogramCount.wgsl" with { type: "text" };

/** The text that counts a value of a column in its bins; docs/gpu.md, "Quantiles". */
export const HISTOGRAM_TEXT = histogramCount;

/** Ranks that the kernels find at once: one below and one above each of five shares. */
const RANKS = 10;
const THOUSAND = 1000;
/**
 * What `kernels/columnQuantiles.wgsl` writes for a column: the ranks, how many numbers it has, the least of them, how
 * many levels a unit has, and the sum of all levels above the least in two halves of 16 bits.
 */
export const EXACT_RESULT_FLOATS = RANKS + 5;
/** What `kernels/histogramQuantiles.wgsl` writes: places, widths of bins, how many numbers, their mean. */
export const BINNED_RESULT_FLOATS = 2 * RANKS + 2;
export const SEGMENTS = 11;
export const COLUMN_BINS = 1984;
const [WIDE_BINS, FINE_BINS] = [64, 320];
/** Runs that find where each column's quantiles are about. */
export const PILOT_RUNS = 4096;
/** Standard errors of a pilot's quantile on each side of it that are divided finely. */
const WINDOW_ERRORS = 4;
/** Smallest width of a segment beside the value itself: what 32 bits tell apart. */
const LEAST_RELATIVE_WIDTH = 2 ** -22;
const LEAST_WIDTH = 1e-30;

/** The ranks of a kernel as its uniform takes them, after its four leading words. */
function withPicks(
  head: readonly [number, number, number, number],
  picks: readonly [number, number][],
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(4 + 4 * RANKS);
  words.set(head);
  for (const [i, pick] of picks.entries()) words.set(pick, 4 + 4 * i);
  return words;
}

/** The two ranks between which each of five shares lies. Shares are whole thousandths. */
export function shareRanks(
  head: readonly [number, number, number, number],
  shares: readonly number[],
): Uint32Array<ArrayBuffer> {
  const thousandths = shares.map((share) => Math.round(share * THOUSAND));
  return withPicks(
    head,
    thousandths.flatMap((t): [number, number][] => [
      [t, 0],
      [t, THOUSAND - 1],
    ]),
  );
}

/** Ranks so far to each side of five shares that the quantile of all runs lies between them. */
export function windowRanks(
  head: readonly [number, number, number, number],
  shares: readonly number[],
  pilotRuns: number,
): Uint32Array<ArrayBuffer> {
  const picks = shares.flatMap((share): [number, number][] => {
    const error = WINDOW_ERRORS * Math.sqrt((share * (1 - share)) / pilotRuns);
    const [low, high] = [Math.max(0, share - error), Math.min(1, share + error)];
    return [
      [Math.floor(low * THOUSAND), 0],
      [Math.ceil(high * THOUSAND), THOUSAND - 1],
    ];
  });
  return withPicks(head, picks);
}

/** The quantile of `share` over `count` numbers, of which the two about it are known. NaN where there is none. */
export function quantileBetween(share: number, count: number, below: number, above: number): number {
  if (count === 0) return Number.NaN;
  const fraction = ((Math.round(share * THOUSAND) * (count - 1)) % THOUSAND) / THOUSAND;
  return below + fraction * (above - below);
}

const HALF = 2 ** 16;

/** The mean of a column from what `kernels/columnQuantiles.wgsl` wrote for it. NaN where it has no number. */
export function meanOfLevels(result: Float32Array): number {
  const [count, least, levelsPerUnit] = [result[RANKS]!, result[RANKS + 1]!, result[RANKS + 2]!];
  const levels = result[RANKS + 3]! * HALF + result[RANKS + 4]!;
  if (count === 0) return Number.NaN;
  return levelsPerUnit === 0 ? least : least + levels / count / levelsPerUnit;
}

/** The segments of each column from a pilot's windows (`windowRanks`), as the kernels take them. */
export function segmentsOf(windows: Float32Array, columns: number): Float32Array<ArrayBuffer> {
  const segments = new Float32Array(columns * SEGMENTS * 2);
  const edges = new Float64Array(SEGMENTS + 1);
  for (let column = 0; column < columns; column++) {
    const at = column * EXACT_RESULT_FLOATS;
    if (windows[at + RANKS] === 0) continue;
    // The windows of a small pilot overlap: each then begins where the one before ends.
    let highest = -Infinity;
    for (let i = 0; i < RANKS; i++) {
      highest = Math.max(highest, windows[at + i]!);
      edges[i + 1] = highest;
    }
    const size = Math.max(Math.abs(edges[1]!), Math.abs(edges[RANKS]!));
    const least = Math.max(size * LEAST_RELATIVE_WIDTH, LEAST_WIDTH);
    const spread = Math.max(edges[RANKS]! - edges[1]!, least);
    edges[0] = edges[1]! - spread;
    edges[SEGMENTS] = edges[RANKS]! + spread;
    for (let segment = 0; segment < SEGMENTS; segment++) {
      const bins = segment % 2 === 1 ? FINE_BINS : WIDE_BINS;
      const to = (column * SEGMENTS + segment) * 2;
      segments[to] = edges[segment]!;
      segments[to + 1] = bins / Math.max(edges[segment + 1]! - edges[segment]!, least);
    }
  }
  return segments;
}

import { quantileOfSorted } from "../../../../numeric/quantiles";
import { BAND_SHARES } from "./figures";

/**
 * What is kept of all runs until their quantiles are taken, in memory that the Workers share. A column is one output on
 * one sampled day.
 */
export type BandStore = ExactStore | HistogramStore;

/** Every value, rounded to 32 bits: a column of runs after the other. */
export interface ExactStore {
  kind: "exact";
  /** Entries of a column. */
  runs: number;
  values: Float32Array;
}

/** How many values of a column fell into each of its bins. */
export interface HistogramStore {
  kind: "histogram";
  /** Where the first bin of a column begins. */
  low: Float64Array;
  /** How wide each bin of a column is. */
  width: Float64Array;
  counts: Int32Array;
}

/** Memory in which exact bands are taken; beyond it histograms are. */
export const MAX_EXACT_STORE_BYTES = 128 * 2 ** 20;
/** Runs that find the range of each histogram. */
export const PILOT_RUNS = 1024;
export const HISTOGRAM_BINS = 2048;

/** Values beyond those of the pilot fall into bins as long as they are this much of its range away. */
const MARGIN = 0.5;
/** Smallest width of a bin beside the value itself: what 32 bits tell apart. */
const LEAST_RELATIVE_WIDTH = 2 ** -22;
const LEAST_WIDTH = 2 ** -500;

const shared = (bytes: number) => new SharedArrayBuffer(bytes);

/** @param memory where the values are to stand; what it holds does not matter */
export function exactStore(runs: number, columns: number, memory: SharedArrayBuffer): ExactStore {
  return { kind: "exact", runs, values: new Float32Array(memory, 0, runs * columns) };
}

export function exactStoreBytes(runs: number, columns: number): number {
  return 4 * runs * columns;
}

export function histogramStore(columns: number): HistogramStore {
  return {
    kind: "histogram",
    low: new Float64Array(shared(8 * columns)),
    width: new Float64Array(shared(8 * columns)),
    counts: new Int32Array(shared(4 * columns * HISTOGRAM_BINS)),
  };
}

/** Bytes that a store of so many runs takes, whichever kind it must be. */
export function storeBytes(runs: number, columns: number): number {
  const exact = exactStoreBytes(runs, columns);
  return exact <= MAX_EXACT_STORE_BYTES ? exact : exactStoreBytes(PILOT_RUNS + HISTOGRAM_BINS, columns);
}

/**
 * Adds `count` runs, whose values stand in `block`, column after column. They take the places from `first` on; no
 * other thread may add the same.
 */
export function addBlock(store: BandStore, block: Float32Array, count: number, first: number): void {
  const columns = block.length / count;
  if (store.kind === "histogram") {
    for (let column = 0; column < columns; column++) {
      countValues(store, column, block, column * count, (column + 1) * count);
    }
    return;
  }
  const { values, runs } = store;
  for (let column = 0, at = 0; column < columns; column++) {
    const start = column * runs + first;
    for (let i = 0; i < count; i++) values[start + i] = block[at++]!;
  }
}

/** Sets the bins of some columns by the runs of a pilot, and counts these. */
export function openBins(store: HistogramStore, pilot: ExactStore, fromColumn: number, toColumn: number): void {
  for (let column = fromColumn; column < toColumn; column++) {
    const [from, to] = [column * pilot.runs, (column + 1) * pilot.runs];
    let least = Infinity;
    let most = -Infinity;
    for (let i = from; i < to; i++) {
      const value = pilot.values[i]!;
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (least > most) [least, most] = [0, 0];
    const range = (most - least) * (1 + 2 * MARGIN);
    const size = Math.max(Math.abs(least), Math.abs(most));
    const width = Math.max(range / (HISTOGRAM_BINS - 2), size * LEAST_RELATIVE_WIDTH, LEAST_WIDTH);
    store.width[column] = width;
    store.low[column] = (least + most) / 2 - (width * HISTOGRAM_BINS) / 2;
    countValues(store, column, pilot.values, from, to);
  }
}

/** The first and the last bin of a column also take all that lies beyond them. */
function countValues(
  { low, width, counts }: HistogramStore,
  column: number,
  values: Float32Array,
  from: number,
  to: number,
): void {
  const begin = low[column]!;
  const scale = 1 / width[column]!;
  const row = column * HISTOGRAM_BINS;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    const bin = Math.floor((value - begin) * scale);
    Atomics.add(counts, row + Math.min(HISTOGRAM_BINS - 1, Math.max(0, bin)), 1);
  }
}

/** What is taken of all columns, in memory that the Workers share. */
export interface ColumnFigures {
  /** For each column its quantiles, in the order of `BAND_SHARES`. */
  quantiles: Float64Array;
  means: Float64Array;
  /** For each column how far one of its quantiles may be from the exact one. */
  errors: Float64Array;
}

/** Takes the figures of some columns over the first `done` runs. A column without a number has none. */
export function takeFigures(
  store: BandStore,
  done: number,
  fromColumn: number,
  toColumn: number,
  { quantiles, means, errors }: ColumnFigures,
): void {
  const scratch = new Float32Array(store.kind === "exact" ? done : 0);
  for (let column = fromColumn; column < toColumn; column++) {
    const at = column * BAND_SHARES.length;
    if (store.kind === "exact") means[column] = exactFigures(store, done, column, scratch, quantiles, at);
    else {
      means[column] = binnedMean(store, column);
      errors[column] = binnedQuantiles(store, column, quantiles, at);
    }
  }
}

/** Writes the quantiles of a column and gives its mean. */
function exactFigures(
  { values, runs }: ExactStore,
  done: number,
  column: number,
  scratch: Float32Array,
  quantiles: Float64Array,
  at: number,
): number {
  let count = 0;
  let sum = 0;
  for (let i = column * runs; i < column * runs + done; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    scratch[count++] = value;
    sum += value;
  }
  const sorted = scratch.subarray(0, count).sort();
  for (const [k, share] of BAND_SHARES.entries()) quantiles[at + k] = quantileOfSorted(sorted, count, share);
  return sum / count;
}

function binnedMean({ low, width, counts }: HistogramStore, column: number): number {
  const row = column * HISTOGRAM_BINS;
  let total = 0;
  let places = 0;
  for (let bin = 0; bin < HISTOGRAM_BINS; bin++) {
    const count = counts[row + bin]!;
    total += count;
    places += count * (bin + 0.5);
  }
  return low[column]! + (places / total) * width[column]!;
}

function binnedQuantiles(store: HistogramStore, column: number, quantiles: Float64Array, at: number): number {
  const row = column * HISTOGRAM_BINS;
  const counts = store.counts.subarray(row, row + HISTOGRAM_BINS);
  let total = 0;
  for (let bin = 0; bin < HISTOGRAM_BINS; bin++) total += counts[bin]!;
  const width = store.width[column]!;
  let error = 0;
  for (const [k, share] of BAND_SHARES.entries()) {
    const rank = share * (total - 1);
    const below = ranked(counts, Math.floor(rank));
    const above = ranked(counts, Math.ceil(rank));
    const place = below.place + (rank - Math.floor(rank)) * (above.place - below.place);
    quantiles[at + k] = total === 0 ? Number.NaN : store.low[column]! + place * width;
    if (total > 0) error = Math.max(error, below.isInside && above.isInside ? width : Infinity);
  }
  return error;
}

/** Where the value of a rank lies, in widths of a bin; those of one bin are taken to be spread evenly over it. */
function ranked(counts: Int32Array, rank: number): { place: number; isInside: boolean } {
  let before = 0;
  let bin = 0;
  while (bin < HISTOGRAM_BINS - 1 && before + counts[bin]! <= rank) before += counts[bin++]!;
  const isInside = bin > 0 && bin < HISTOGRAM_BINS - 1;
  return { place: bin + (rank - before + 0.5) / Math.max(1, counts[bin]!), isInside };
}

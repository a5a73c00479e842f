import columnQuantiles from "../../../../../kernels/columnQuantiles.wgsl" with { type: "text" };
import histogramQuantiles from "../../../../../kernels/histogramQuantiles.wgsl" with { type: "text" };
import scatterColumns from "../../../../../kernels/scatterColumns.wgsl" with { type: "text" };
import type { Gpu } from "../../../../gpu/gpu";
import type { Kernel } from "../../../../gpu/pipelines";
import {
  BINNED_RESULT_FLOATS,
  COLUMN_BINS,
  EXACT_RESULT_FLOATS,
  HISTOGRAM_TEXT,
  meanOfLevels,
  quantileBetween,
  SEGMENTS,
  segmentsOf,
  shareRanks,
  windowRanks,
} from "../../../../gpu/quantiles";
import { fillTemplate } from "../../../../gpu/template";
import { BAND_SHARES } from "../run/figures";

const FLOAT_BYTES = 4;
const THREADS = 64;
const RANKS = 2 * BAND_SHARES.length;

/** Of each column its quantiles (a value a share), its mean, and a bound on how far the quantiles are off. */
export interface ColumnBands {
  values: Float64Array;
  means: Float64Array;
  errors: Float64Array;
  elapsedMs: number;
}

/** Exact quantiles of the first `entries` of each column. */
export async function exactBands(gpu: Gpu, columns: number, entries: number, stride: number): Promise<ColumnBands> {
  const { results, elapsedMs } = await selected(gpu, columns, shareRanks([entries, stride, 0, 0], BAND_SHARES));
  const values = new Float64Array(columns * BAND_SHARES.length);
  const means = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    const at = column * EXACT_RESULT_FLOATS;
    means[column] = meanOfLevels(results.subarray(at, at + EXACT_RESULT_FLOATS));
    for (const [k, share] of BAND_SHARES.entries()) {
      const [below, above] = [results[at + 2 * k]!, results[at + 2 * k + 1]!];
      values[column * BAND_SHARES.length + k] = quantileBetween(share, results[at + RANKS]!, below, above);
    }
  }
  return { values, means, errors: new Float64Array(columns), elapsedMs };
}

/** Divides each column's bins about the quantiles of a pilot, and empties them. */
export async function openBins(gpu: Gpu, columns: number, pilotRuns: number): Promise<void> {
  const ranks = windowRanks([pilotRuns, pilotRuns, 0, 0], BAND_SHARES, pilotRuns);
  const { results } = await selected(gpu, columns, ranks);
  gpu.memory.filled("segments", segmentsOf(results, columns));
  const bins = gpu.memory.storage("bins", binBytes(columns));
  await gpu.submitter.run([], [bins]);
}

/** Quantiles of what was counted. */
export async function binnedBands(gpu: Gpu, columns: number): Promise<ColumnBands> {
  const { memory, pipelines, submitter } = gpu;
  const kernel = await pipelines.compiled(histogramQuantiles, "histogramQuantiles");
  const target = memory.storage("results", columns * BINNED_RESULT_FLOATS * FLOAT_BYTES);
  const uniform = memory.uniform("ranks", shareRanks([columns, 0, 0, 0], BAND_SHARES));
  const buffers = [uniform, memory.storage("bins", 0), memory.storage("segments", 0), target];
  const elapsedMs = await submitter.run([{ kernel, buffers, workgroups: columns }]);
  const results = new Float32Array(await memory.read(target, columns * BINNED_RESULT_FLOATS * FLOAT_BYTES));
  const values = new Float64Array(columns * BAND_SHARES.length);
  const means = new Float64Array(columns);
  const errors = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    const at = column * BINNED_RESULT_FLOATS;
    const count = results[at + 2 * RANKS]!;
    means[column] = count === 0 ? Number.NaN : results[at + 2 * RANKS + 1]!;
    for (const [k, share] of BAND_SHARES.entries()) {
      const [below, above] = [results[at + 2 * k]!, results[at + 2 * k + 1]!];
      values[column * BAND_SHARES.length + k] = quantileBetween(share, count, below, above);
    }
    if (count > 0) errors[column] = widest(results.subarray(at + RANKS, at + 2 * RANKS));
  }
  return { values, means, errors, elapsedMs };
}

/** Puts values that were worked out elsewhere into the store: of each column those of `runs`, one after another. */
export async function scatter(
  gpu: Gpu,
  store: "exact" | "histogram",
  values: Float32Array<ArrayBuffer>,
  runs: Uint32Array<ArrayBuffer>,
  stride: number,
): Promise<void> {
  const { memory, pipelines, submitter } = gpu;
  const kept = new Set(store === "histogram" ? ["histogram"] : []);
  const text = fillTemplate(scatterColumns, { histogram: HISTOGRAM_TEXT }, kept);
  const kernel = await pipelines.compiled(text, "scatterColumns");
  const columns = values.length / runs.length;
  const uniform = memory.uniform("scatter", Uint32Array.of(0, runs.length, stride, columns, 1, 0, 0, 0));
  const stored =
    store === "histogram" ? [memory.storage("bins", 0), memory.storage("segments", 0)] : [memory.storage("columns", 0)];
  const buffers = [uniform, memory.filled("scattered", values), memory.filled("places", runs), ...stored];
  await submitter.run([{ kernel, buffers, workgroups: Math.ceil(values.length / THREADS) }]);
}

/** Bytes of the bins of so many columns. */
export function binBytes(columns: number): number {
  return columns * COLUMN_BINS * FLOAT_BYTES;
}

/** Bytes of the segments of so many columns. */
export function segmentBytes(columns: number): number {
  return columns * SEGMENTS * 2 * FLOAT_BYTES;
}

async function selected(
  gpu: Gpu,
  columns: number,
  ranks: Uint32Array<ArrayBuffer>,
): Promise<{ results: Float32Array; elapsedMs: number }> {
  const { memory, pipelines, submitter } = gpu;
  const kernel: Kernel = await pipelines.compiled(columnQuantiles, "columnQuantiles");
  const target = memory.storage("results", columns * EXACT_RESULT_FLOATS * FLOAT_BYTES);
  const buffers = [memory.uniform("ranks", ranks), memory.storage("columns", 0), target];
  const elapsedMs = await submitter.run([{ kernel, buffers, workgroups: columns }]);
  const results = new Float32Array(await memory.read(target, columns * EXACT_RESULT_FLOATS * FLOAT_BYTES));
  return { results, elapsedMs };
}

/** The widest of the bins that quantiles lie in; infinite where one of these is open. */
function widest(widths: Float32Array): number {
  return widths.reduce((most, width) => (width < 0 ? Infinity : Math.max(most, width)), 0);
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../src/platform/clock";
import { openModelFolder } from "../../../src/systems/forecasting/inference/modelFolder";
import { createNeuralModel, type NeuralModel } from "../../../src/systems/forecasting/inference/neuralModel";
import type { Table } from "../../../src/systems/forecasting/model";

/** Where the recorded models and cases lie; its READMEs say how each was made. */
export const GOLDENS = join(import.meta.dir, "../../golden/forecasting");

/** A number as the cases write it: null is a missing value. */
type Written = number | null | "Infinity" | "-Infinity" | "NaN";

/** Every case of a folder by its file's name. */
export function casesOf<Case>(folder: string): [name: string, golden: Case][] {
  const path = join(GOLDENS, folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(".json"))
    .map((name) => [name.slice(0, -".json".length), JSON.parse(readFileSync(join(path, name), "utf8")) as Case]);
}

export function valuesOf(written: readonly Written[]): Float64Array {
  return Float64Array.from(written, (value) => (value === null ? Number.NaN : Number(value)));
}

/** The rows of a table as arrays. */
export function rowsOf({ columns, values }: Table): number[][] {
  return Array.from({ length: values.length / columns }, (_, row) => [
    ...values.subarray(row * columns, (row + 1) * columns),
  ]);
}

/** A model of the goldens in a child of its own. */
export function goldenModel(folder: string, weights?: string): NeuralModel {
  const opened = openModelFolder(join(GOLDENS, folder), weights);
  return createNeuralModel({
    id: folder,
    network: opened.network,
    folder: opened.folder,
    provider: "cpu",
    threads: 1,
    clock: systemClock,
    batchWaitMs: 1,
    batchTokens: 256,
    maxWaitingRows: 10_000,
    runTimeoutMs: 60_000,
  });
}

/** How far two arrays of any depth are apart, and what that is to be held against. */
export interface Deviation {
  /** The largest difference as a share of the range of what was wanted. */
  ofRange: number;
  /** The largest difference in units in the last place of f32. */
  unitsInLastPlace: number;
}

/** @param whole whose range counts, where it is not that of `want` */
export function deviation(got: unknown, want: unknown, whole: unknown = want): Deviation {
  const [mine, theirs, all] = [flat(got), flat(want), flat(whole)];
  if (mine.length !== theirs.length) throw new Error(`expected ${theirs.length} values, got ${mine.length}`);
  const range = Math.max(...all) - Math.min(...all);
  let [worst, worstUnits] = [0, 0];
  for (const [index, value] of theirs.entries()) {
    const difference = Math.abs(value - mine[index]!);
    // NaN must not pass for no difference.
    worst = Number.isFinite(difference) ? Math.max(worst, difference) : Number.POSITIVE_INFINITY;
    worstUnits = Math.max(worstUnits, difference / unitInLastPlace(value));
  }
  return {
    ofRange: range > 0 ? worst / range : worst === 0 ? 0 : Number.POSITIVE_INFINITY,
    unitsInLastPlace: worstUnits,
  };
}

/**
 * Whether a case is met: within `bound` of the range, or, where the range is nearly nothing (`const`, `len01`), within
 * two units in the last place of f32.
 */
export function isWithin({ ofRange, unitsInLastPlace }: Deviation, name: string, bound: number): boolean {
  return ofRange < bound || (/^(const|len0*1($|_))/.test(name) && unitsInLastPlace <= 2);
}

function flat(values: unknown): number[] {
  if (typeof values === "number") return [values];
  return Array.from(values as ArrayLike<unknown>).flatMap(flat);
}

function unitInLastPlace(value: number): number {
  const magnitude = Math.abs(Math.fround(value));
  return 2 ** (Math.max(-126, magnitude === 0 ? -126 : Math.floor(Math.log2(magnitude))) - 23);
}

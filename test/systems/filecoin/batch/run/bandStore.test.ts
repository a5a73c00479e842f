import { describe, expect, test } from "bun:test";
import { quantileOfSorted } from "../../../../../src/numeric/quantiles";
import { seededRandom } from "../../../../../src/platform/random";
import {
  addBlock,
  type BandStore,
  exactStore,
  exactStoreBytes,
  histogramStore,
  MAX_EXACT_STORE_BYTES,
  openBins,
  PILOT_RUNS,
  storeBytes,
  takeFigures,
} from "../../../../../src/systems/filecoin/batch/run/bandStore";
import { BAND_SHARES } from "../../../../../src/systems/filecoin/batch/run/figures";
import { createSpareMemory } from "../../../../../src/systems/filecoin/batch/run/spareMemory";

const seed = Number(process.env["TEST_SEED"] ?? 11);
const RUNS = 6000;

const random = seededRandom(seed);
const COLUMNS: Record<string, (run: number) => number> = {
  uniform: () => random.next(),
  "far from zero": () => 6e8 + 1e5 * random.next(),
  skewed: () => Math.exp(3 * (random.next() + random.next() - 1)),
  "two heaps": (run) => (run % 2 === 0 ? -1000 : 1000) + random.next(),
  constant: () => 42.5,
  zero: () => 0,
  "one in ten is none": (run) => (run % 10 === 0 ? Number.NaN : random.next()),
  "infinite now and then": (run) => (run % 7 === 0 ? Infinity : random.next()),
  "none at all": () => Number.NaN,
  tiny: () => 1e-5 * random.next(),
};
const names = Object.keys(COLUMNS);
const values = names.map((name) => Float32Array.from({ length: RUNS }, (_, run) => COLUMNS[name]!(run)));

function exactOf(column: Float32Array, count = column.length): number[] {
  const sorted = column.slice(0, count).filter(Number.isFinite).sort();
  return BAND_SHARES.map((share) => quantileOfSorted(sorted, sorted.length, share));
}

/** As a plain sum gives it, of what is a number. */
function meanOf(column: Float32Array, count = column.length): number {
  const finite = Array.from(column.slice(0, count)).filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

const newExact = (runs: number) =>
  exactStore(runs, names.length, new SharedArrayBuffer(exactStoreBytes(runs, names.length)));

function fill(store: BandStore, from: number, to: number, perBlock: number): void {
  for (let first = from; first < to; first += perBlock) {
    const count = Math.min(perBlock, to - first);
    const block = new Float32Array(names.length * count);
    for (const [c, column] of values.entries()) block.set(column.subarray(first, first + count), c * count);
    addBlock(store, block, count, first - from);
  }
}

function quantilesOf(store: BandStore, done: number) {
  const quantiles = new Float64Array(names.length * 5);
  const means = new Float64Array(names.length);
  const errors = new Float64Array(names.length);
  takeFigures(store, done, 0, names.length, { quantiles, means, errors });
  return { of: (column: number) => [...quantiles.subarray(5 * column, 5 * column + 5)], means, errors };
}

describe("exact bands", () => {
  test("are the quantiles and the mean of the numbers of each column, also of the first runs alone", () => {
    const store = newExact(RUNS);
    fill(store, 0, RUNS, 32);
    for (const done of [RUNS, 100, 1]) {
      const { of, means, errors } = quantilesOf(store, done);
      for (const [c, column] of values.entries()) {
        expect(of(c), names[c]!).toEqual(exactOf(column, done));
        expect(means[c], names[c]!).toBe(meanOf(column, done));
      }
      expect(Math.max(...errors)).toBe(0);
    }
  });
});

describe("bands from histograms", () => {
  const pilot = newExact(PILOT_RUNS);
  fill(pilot, 0, PILOT_RUNS, 32);
  const store = histogramStore(names.length);
  openBins(store, pilot, 0, 4);
  openBins(store, pilot, 4, names.length);
  fill(store, PILOT_RUNS, RUNS, 17);
  const { of, means, errors } = quantilesOf(store, RUNS);

  for (const [c, name] of names.entries()) {
    test(`of ${name}: within the stated error`, () => {
      const exact = exactOf(values[c]!);
      for (const [k, value] of of(c).entries()) {
        if (Number.isNaN(exact[k]!)) expect(value).toBeNaN();
        else expect(Math.abs(value - exact[k]!)).toBeLessThanOrEqual(errors[c]!);
      }
      const mean = meanOf(values[c]!);
      if (Number.isNaN(mean)) expect(means[c]).toBeNaN();
      else expect(Math.abs(means[c]! - mean)).toBeLessThanOrEqual(errors[c]!);
    });
  }

  test("the error is a small part of the range", () => {
    expect(errors[0]).toBeLessThan(0.0011);
    expect(errors[1]).toBeLessThan(400);
  });

  test("do not depend on the order in which runs come", () => {
    const other = histogramStore(names.length);
    openBins(other, pilot, 0, names.length);
    fill(other, 3000, RUNS, 32);
    fill(other, PILOT_RUNS, 3000, 100);
    expect(other.counts).toEqual(store.counts);
  });

  test("a quantile beyond the bins has no bound, and says so", () => {
    const narrow = histogramStore(names.length);
    openBins(narrow, pilot, 0, names.length);
    const far = new Float32Array(names.length * 3000).fill(1e12);
    addBlock(narrow, far, 3000, 0);
    expect(quantilesOf(narrow, PILOT_RUNS + 3000).errors[0]).toBe(Infinity);
  });
});

describe("memory", () => {
  test("is bounded however many runs there are", () => {
    expect(storeBytes(10_000, 5 * 522)).toBe(104_400_000);
    expect(storeBytes(100_000, 16 * 530)).toBeLessThan(MAX_EXACT_STORE_BYTES);
    expect(storeBytes(1e9, 5 * 522)).toBe(storeBytes(1e6, 5 * 522));
  });

  test("of a job that is over serves the next, and never two at once", () => {
    const { borrow, giveBack } = createSpareMemory();
    const first = borrow(1000);
    expect(borrow(1000)).not.toBe(first);
    giveBack(first);
    expect(borrow(2000)).not.toBe(first);
    expect(borrow(900)).toBe(first);
    expect(borrow(900)).not.toBe(first);
  });
});

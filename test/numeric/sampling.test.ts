import { describe, expect, test } from "bun:test";
import { latinHypercube } from "../../src/numeric/latinHypercube";
import { saltelliDesign, saltelliRows, sobolIndices } from "../../src/numeric/sobolIndices";
import { MAX_SOBOL_AXES, sobolSequence } from "../../src/numeric/sobolSequence";
import { seededRandom } from "../../src/platform/random";

const seed = Number(process.env["TEST_SEED"] ?? 7);
const unshifted = new Uint32Array(MAX_SOBOL_AXES);

/** How many points of an axis lie in each of `slices` equal slices. */
function occupancy(points: Float64Array, axes: number, axis: number, slices: number): number[] {
  const counts = new Array<number>(slices).fill(0);
  for (let at = axis; at < points.length; at += axes) counts[Math.floor(points[at]! * slices)]!++;
  return counts;
}

describe("a Latin hypercube", () => {
  test("has one point in each slice of every axis, and another seed gives other points", () => {
    const [count, axes] = [97, 5];
    const points = new Float64Array(count * axes);
    latinHypercube(count, axes, seededRandom(seed), points);
    for (let axis = 0; axis < axes; axis++) {
      expect(occupancy(points, axes, axis, count)).toEqual(new Array(count).fill(1));
    }
    const others = points.slice();
    latinHypercube(count, axes, seededRandom(seed + 1), others);
    expect(others).not.toEqual(points);
  });
});

describe("Sobol's sequence", () => {
  test("begins as published", () => {
    const points = new Float64Array(8 * 3);
    sobolSequence(8, 3, unshifted, points);
    const rows = Array.from({ length: 8 }, (_, i) => [...points.subarray(3 * i, 3 * i + 3)].map((x) => x - 2 ** -33));
    expect(rows).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
      [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875],
      [0.125, 0.625, 0.375],
    ]);
  });

  test("puts one of 2^k points into each slice of every axis, shifted or not, and each pair of axes is even", () => {
    const count = 1024;
    const shifts = Uint32Array.from(unshifted, (_, axis) => 0x9e3779b9 * (axis + seed));
    for (const shift of [unshifted, shifts]) {
      const points = new Float64Array(count * MAX_SOBOL_AXES);
      sobolSequence(count, MAX_SOBOL_AXES, shift, points);
      for (let axis = 0; axis < MAX_SOBOL_AXES; axis++) {
        expect(occupancy(points, MAX_SOBOL_AXES, axis, count)).toEqual(new Array(count).fill(1));
      }
      for (let a = 0; a < MAX_SOBOL_AXES; a++) {
        for (let b = 0; b < a; b++) {
          const cells = new Array<number>(16).fill(0);
          for (let i = 0; i < count; i++) {
            const at = i * MAX_SOBOL_AXES;
            cells[4 * Math.floor(4 * points[at + a]!) + Math.floor(4 * points[at + b]!)]!++;
          }
          expect(cells).toEqual(new Array(16).fill(64));
        }
      }
    }
  });

  test("is refused beyond the axes it has numbers for", () => {
    expect(() => sobolSequence(1, 11, new Uint32Array(11), new Float64Array(11))).toThrow("at most 10 axes, got 11");
  });
});

describe("Sobol's indices", () => {
  const indicesOf = (inputs: number, count: number, f: (x: Float64Array) => number) => {
    const cube = new Float64Array(count * 2 * inputs);
    sobolSequence(
      count,
      2 * inputs,
      Uint32Array.from({ length: 2 * inputs }, () => 0x51ed270b),
      cube,
    );
    const points = new Float64Array(saltelliRows(count, inputs) * inputs);
    saltelliDesign(cube, count, inputs, points);
    const results = Float64Array.from({ length: saltelliRows(count, inputs) }, (_, row) =>
      f(points.subarray(row * inputs, (row + 1) * inputs)),
    );
    return { results, indices: sobolIndices(results, count, inputs) };
  };

  test("of Ishigami's function are the known ones", () => {
    const ishigami = (u: Float64Array) => {
      const [x, y, z] = [...u].map((share) => Math.PI * (2 * share - 1)) as [number, number, number];
      return Math.sin(x) + 7 * Math.sin(y) ** 2 + 0.1 * z ** 4 * Math.sin(x);
    };
    const { indices } = indicesOf(3, 8192, ishigami);
    const first = [0.3139, 0.4424, 0];
    const total = [0.5576, 0.4424, 0.2437];
    for (const [i, index] of indices.entries()) {
      expect(Math.abs(index.firstOrder - first[i]!)).toBeLessThan(0.01);
      expect(Math.abs(index.total - total[i]!)).toBeLessThan(0.01);
    }
  });

  test("of a sum are the shares of variance, also when the result is large beside its spread", () => {
    const { indices } = indicesOf(2, 4096, ([x, y]) => 1e6 + 3 * x! + 4 * y!);
    expect(indices[0]!.firstOrder).toBeCloseTo(9 / 25, 2);
    expect(indices[1]!.total).toBeCloseTo(16 / 25, 2);
  });

  test("rows without a number are left out, and a result that does not vary has no indices", () => {
    const { results, indices } = indicesOf(2, 1024, ([x, y]) => x! + 2 * y!);
    const spoilt = results.slice();
    spoilt[5] = Number.NaN;
    spoilt[3 * 1024 + 9] = Infinity;
    const rest = sobolIndices(spoilt, 1024, 2);
    expect(rest[1]!.total).toBeCloseTo(indices[1]!.total, 2);
    expect(rest[1]!.total).not.toBe(indices[1]!.total);
    expect(indicesOf(2, 64, () => 1).indices[0]!.total).toBeNaN();
  });
});

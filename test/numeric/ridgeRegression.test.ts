import { expect, test } from "bun:test";
import fc from "fast-check";
import { ridgeRegression } from "../../src/numeric/ridgeRegression";
import { symmetricEigen } from "../../src/numeric/symmetricEigen";

test("eigenvalues and eigenvectors give the matrix back, and the vectors are orthonormal", () => {
  const entry = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.array(entry, { minLength: 49, maxLength: 49 }), (size, entries) => {
      const matrix = new Float64Array(size * size);
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          matrix[row * size + column] = entries[Math.min(row, column) * size + Math.max(row, column)]!;
        }
      }
      const { values, vectors } = symmetricEigen(matrix, size);
      const scale = Math.max(1, ...matrix.map(Math.abs));
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          let [rebuilt, product] = [0, 0];
          for (let k = 0; k < size; k++) {
            rebuilt += vectors[row * size + k]! * values[k]! * vectors[column * size + k]!;
            product += vectors[k * size + row]! * vectors[k * size + column]!;
          }
          expect(Math.abs(rebuilt - matrix[row * size + column]!)).toBeLessThan(1e-12 * scale);
          expect(Math.abs(product - (row === column ? 1 : 0))).toBeLessThan(1e-12);
        }
      }
    }),
  );
});

test("a line without noise is found to the last digits", () => {
  const design = Float64Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 1 : Math.floor(index / 2) - 9.5));
  const target = Float64Array.from({ length: 20 }, (_, row) => 3 - 2 * (row - 9.5));
  const [intercept, slope] = ridgeRegression(design, 2, target, 0);
  expect(intercept).toBeCloseTo(3, 12);
  expect(slope).toBeCloseTo(-2, 12);
});

test("two columns that say the same share what they explain, and a column of zeros gets nothing", () => {
  const design = Float64Array.from([1, 2, 3, 4].flatMap((value) => [value, value, 0]));
  const [first, second, zero] = ridgeRegression(design, 3, Float64Array.of(2, 4, 6, 8), 0);
  expect(first).toBeCloseTo(1, 12);
  expect(second).toBeCloseTo(1, 12);
  expect(zero).toBe(0);
});

test("a ridge shrinks as its formula says: x'y / (x'x + ridge)", () => {
  const [coefficient] = ridgeRegression(Float64Array.of(1, 2), 1, Float64Array.of(1, 2), 5);
  expect(coefficient).toBeCloseTo(0.5, 12);
});

test("nothing to learn from gives zeros", () => {
  expect([...ridgeRegression(new Float64Array(), 2, new Float64Array(), 0)]).toEqual([0, 0]);
});

import { describe, expect, test } from "bun:test";
import { cholesky } from "../../src/numeric/cholesky";
import { correlation, rankCorrelation, ranksOf } from "../../src/numeric/correlation";
import { normalQuantile, normalShare } from "../../src/numeric/normal";
import { medianOf, quantileOfSorted } from "../../src/numeric/quantiles";

describe("quantiles", () => {
  test("are linear between neighbours", () => {
    const sorted = [1, 2, 4, 8];
    const at = [0, 0.25, 0.5, 0.75, 1].map((share) => quantileOfSorted(sorted, 4, share));
    expect(at).toEqual([1, 1.75, 3, 5, 8]);
  });

  test("of one value are that value, of none no number, and entries beyond the count do not count", () => {
    expect(quantileOfSorted([5], 1, 0.95)).toBe(5);
    expect(quantileOfSorted([], 0, 0.5)).toBeNaN();
    expect(quantileOfSorted([1, 3, 99], 2, 1)).toBe(3);
    expect(medianOf([9, 1, 4, 2])).toBe(3);
  });
});

describe("correlations", () => {
  test("equal values share the mean of their ranks", () => {
    expect([...ranksOf([10, 20, 10, 5])]).toEqual([2.5, 4, 2.5, 1]);
  });

  test("any rising relation has rank correlation 1, any falling one -1, with Pearson's below", () => {
    const x = Float64Array.from({ length: 50 }, (_, i) => i);
    const y = x.map((value) => Math.exp(value / 5));
    expect(rankCorrelation(x, y)).toBeCloseTo(1, 12);
    expect(correlation(x, y)).toBeLessThan(0.8);
    expect(
      rankCorrelation(
        x,
        y.map((value) => -value),
      ),
    ).toBeCloseTo(-1, 12);
  });

  test("against a published example with a tie", () => {
    expect(rankCorrelation([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.8207826816681233, 12);
  });

  test("what does not vary is correlated with nothing", () => expect(correlation([1, 1, 1], [1, 2, 3])).toBe(0));
});

describe("the normal distribution", () => {
  test("shares and quantiles are the tabulated ones", () => {
    const table = [
      [0, 0.5],
      [1, 0.8413447460685429],
      [-1.6448536269514722, 0.05],
      [1.959963984540054, 0.975],
      [-6, 9.865876450376981e-10],
      [-8, 6.220960574271786e-16],
    ] as const;
    for (const [z, share] of table) {
      expect(Math.abs(normalShare(z) - share)).toBeLessThan(1e-15);
      expect(Math.abs(normalShare(z) / share - 1)).toBeLessThan(1e-8);
      expect(Math.abs(normalQuantile(share) - z)).toBeLessThan(1e-12);
    }
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(2)]).toEqual([-Infinity, Infinity, Number.NaN]);
  });

  test("one undoes the other, in the middle and far out", () => {
    for (let z = -8; z <= 5; z += 0.01) expect(Math.abs(normalQuantile(normalShare(z)) - z)).toBeLessThan(1e-8);
  });
});

describe("the triangle of a matrix", () => {
  test("times its transpose is the matrix", () => {
    const matrix = Float64Array.of(4, 2, 0.6, 2, 5, 1.5, 0.6, 1.5, 3);
    const l = cholesky(matrix, 3);
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 3; column++) {
        let sum = 0;
        for (let k = 0; k < 3; k++) sum += l[3 * row + k]! * l[3 * column + k]!;
        expect(sum).toBeCloseTo(matrix[3 * row + column]!, 12);
      }
    }
    expect([l[1], l[2], l[5]]).toEqual([0, 0, 0]);
  });

  test("of a matrix without full rank leaves the dependent direction empty", () => {
    expect([...cholesky(Float64Array.of(1, 1, 1, 1), 2)]).toEqual([1, 0, 1, 0]);
    expect([...cholesky(Float64Array.of(0, 0, 0, 2.25), 2)]).toEqual([0, 0, 0, 1.5]);
  });
});

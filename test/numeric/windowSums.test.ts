import { expect, test } from "bun:test";
import { windowSums } from "../../src/numeric/windowSums";

function plain(values: Float64Array, width: number): number[] {
  const sums: number[] = [];
  for (let i = 0; i + width <= values.length; i++) {
    sums.push(values.subarray(i, i + width).reduce((sum, value) => sum + value, 0));
  }
  return sums;
}

test("every window is summed, at the borders of blocks too", () => {
  for (const count of [1, 6, 7, 8, 13, 14, 15, 50]) {
    const values = Float64Array.from({ length: count }, (_, i) => (i * 37) % 101);
    const sums = new Float64Array(Math.max(0, count - 6));
    windowSums(values, count, 7, sums);
    expect([...sums]).toEqual(plain(values, 7));
  }
});

test("an infinite day spoils only the windows that hold it", () => {
  const values = new Float64Array(30).fill(1);
  values[10] = Number.POSITIVE_INFINITY;
  const sums = new Float64Array(26);
  windowSums(values, 30, 5, sums);
  for (let i = 0; i < 26; i++) expect(sums[i]).toBe(i >= 6 && i <= 10 ? Number.POSITIVE_INFINITY : 5);
});

test("small windows after a huge value keep their digits", () => {
  const values = new Float64Array(40).fill(1e-3);
  values[0] = 1e18;
  const sums = new Float64Array(31);
  windowSums(values, 40, 10, sums);
  expect(sums[20]).toBeCloseTo(1e-2, 15);
});

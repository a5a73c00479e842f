import { describe, expect, test } from "bun:test";
import { nearestIndex, type Zoom, zoomedBy } from "../../../static/common/chart/axis";
import { extentOf, largestOf } from "../../../static/common/chart/model";

describe("the index nearest to an x", () => {
  const xs = [0, 10, 20, 40];
  test.each([
    [-5, 0],
    [4, 0],
    [6, 1],
    [29, 2],
    [31, 3],
    [99, 3],
  ])("of %p is %p", (x, expected) => expect(nearestIndex(xs, x)).toBe(expected));

  test("of nothing is -1, of one value that one", () => {
    expect(nearestIndex([], 3)).toBe(-1);
    expect(nearestIndex([7], 3)).toBe(0);
  });
});

describe("zooming", () => {
  const bounds = [0, 100] as const;

  test("keeps the place under the pointer where it is", () => {
    const [from, to] = zoomedBy(null, bounds, 0.5, 20)!;
    expect([from, to]).toEqual([10, 60]);
    expect((20 - from) / (to - from)).toBe(0.2);
  });

  test("out beyond everything shows everything", () => {
    expect(zoomedBy([40, 60], bounds, 100, 50)).toBeNull();
    expect(zoomedBy(null, bounds, 2, 50)).toBeNull();
  });

  test("stops at the edges", () => {
    expect(zoomedBy([80, 100], bounds, 2, 90) as Zoom).toEqual([70, 100]);
  });
});

describe("the extent of what is in sight", () => {
  const columns = [
    [1, Number.NaN, 5, 100],
    [Number.NaN, -2, Infinity, 7],
  ];
  test.each([
    [0, 2, -Infinity, [-2, 5]],
    [0, 3, -Infinity, [-2, 100]],
    [0, 2, 0, [1, 5]],
    [1, 1, 0, undefined],
  ])("from %p to %p above %p is %p", (from, to, floor, expected) => {
    expect(extentOf(columns, from, to, floor)).toEqual(expected as [number, number] | undefined);
  });
});

test("the largest value counts without its sign, and infinity does not", () => {
  expect(largestOf([{ values: [1, -7, Infinity, Number.NaN] }, { values: [3] }])).toBe(7);
});

import { expect, test } from "bun:test";
import fc from "fast-check";
import { linePaths, piecesOf } from "../../../src/platform/charts/tracePath";
import { isLongRun } from "../../support/seeds";
import { type Point, piecesIn } from "./svgReading";

function drawn(points: readonly Point[]): { lines: Point[][]; dots: Point[][] } {
  const pieces = piecesOf({ count: points.length, x: (i) => points[i]![0], y: (i) => points[i]![1] });
  const { lines, dots } = linePaths(pieces);
  return { lines: piecesIn(lines), dots: piecesIn(dots) };
}

/** Many points on few columns of pixels. */
const crowded = fc
  .array(fc.tuple(fc.double({ min: 0, max: 20, noNaN: true }), fc.double({ min: 0, max: 400, noNaN: true })), {
    minLength: 2,
    maxLength: 500,
  })
  .map((points) => points.sort((a, b) => a[0] - b[0]) as Point[]);

const tenth = (value: number) => Math.round(value * 10) / 10;

test("the lowest and the highest point of every column of pixels are on the line", () => {
  fc.assert(
    fc.property(crowded, (points) => {
      const { lines, dots } = drawn(points);
      const corners = [...lines, ...dots].flat();
      const columns = Map.groupBy(points, ([x]) => Math.floor(x));
      for (const column of columns.values()) {
        for (const extreme of [Math.min, Math.max]) {
          const y = extreme(...column.map((point) => point[1]));
          const owners = column.filter((point) => point[1] === y).map(([x]) => x);
          expect(isOnLine(corners, owners, tenth(y))).toBe(true);
        }
      }
    }),
    { numRuns: isLongRun ? 5_000 : 300 },
  );
});

/** Whether a corner, or a straight stretch between two, is there. */
function isOnLine(corners: readonly Point[], xs: readonly number[], y: number): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) < 0.051;
  if (corners.some((corner) => near(corner[1], y) && xs.some((x) => near(corner[0], tenth(x))))) return true;
  return corners.slice(1).some((to, i) => {
    const from = corners[i]!;
    return xs.some((x) => {
      const share = to[0] === from[0] ? 0 : (tenth(x) - from[0]) / (to[0] - from[0]);
      return share >= 0 && share <= 1 && near(from[1] + share * (to[1] - from[1]), y);
    });
  });
}

test("a column of pixels leaves four corners at most, however many points fall on it", () => {
  const points = Array.from({ length: 10_000 }, (_, i): Point => [i / 1000, (i * 7919) % 400]);
  expect(drawn(points).lines.flat().length).toBeLessThanOrEqual(40);
});

test("few points are drawn one by one", () => {
  const points: Point[] = [
    [0, 5],
    [10, 50.04],
    [20, 1],
    [30, 300],
  ];
  expect(drawn(points)).toEqual({ lines: [points.map(([x, y]): Point => [x, tenth(y)])], dots: [] });
});

test("a straight line has two corners", () => {
  const points = Array.from({ length: 100 }, (_, i): Point => [i * 2, 300 - i]);
  expect(drawn(points).lines).toEqual([
    [
      [0, 300],
      [198, 201],
    ],
  ]);
});

test("a line that turns back on itself keeps the turn", () => {
  expect(
    drawn([
      [0, 0],
      [0.2, 90],
      [0.4, 0],
    ])
      .lines.flat()
      .map(([, y]) => y),
  ).toContain(90);
});

test("a gap breaks the line, and what stands alone is a dot", () => {
  const gap = Number.NaN;
  const { lines, dots } = drawn([
    [0, 1],
    [10, 2],
    [20, gap],
    [30, 4],
    [40, gap],
    [50, 5],
    [60, 9],
  ]);
  expect(lines.map((piece) => piece[0])).toEqual([
    [0, 1],
    [50, 5],
  ]);
  expect(dots.map((piece) => piece[0])).toEqual([[30, 4]]);
});

test("a gap within one column of pixels does not break it", () => {
  const { lines, dots } = drawn([
    [0, 1],
    [0.2, Number.NaN],
    [0.4, 8],
    [5, 2],
  ]);
  expect([lines.length, dots.length]).toEqual([1, 0]);
});

test("long paths do not drift", () => {
  const points = Array.from({ length: 5000 }, (_, i): Point => [i * 0.777, (Math.sin(i) + 1) * 133.3]);
  const end = drawn(points).lines[0]!.at(-1)!;
  expect(end[0]).toBeCloseTo(tenth(4999 * 0.777), 6);
  expect(end[1]).toBeCloseTo(tenth((Math.sin(4999) + 1) * 133.3), 6);
});

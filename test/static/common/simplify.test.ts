import { describe, expect, test } from "bun:test";
import { seededRandom } from "../../../src/platform/random";
import { createVertices, type Detail, type Projection, simplify } from "../../../static/common/chart/simplify";

const FINE: Detail = { columnPx: 1, tolerancePx: 0.15 };
const DAYS = 3650;
/** 3650 days on 600 pixels; values from 0 to 1 on 200. */
const project: Projection = { xFactor: 600 / DAYS, xOffset: 40, yFactor: -200, yOffset: 220 };
const xs = Float64Array.from({ length: DAYS }, (_, day) => day);

function drawn(ys: ArrayLike<number>, detail = FINE, along: ArrayLike<number> = xs, by = project) {
  const out = createVertices();
  simplify(along, ys, 0, along.length - 1, by, detail, out);
  return Array.from({ length: out.count }, (_, i) => [out.x[i]!, out.y[i]!] as const);
}

/** The height of the drawn line at x. */
function heightAt(vertices: readonly (readonly [number, number])[], x: number): number {
  const after = Math.max(
    1,
    vertices.findIndex(([at]) => at >= x),
  );
  const [x0, y0] = vertices[after - 1]!;
  const [x1, y1] = vertices[after]!;
  return x1 === x0 ? y1 : y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

describe("a smooth series", () => {
  const smooth = Float64Array.from(xs, (day) => 1 - Math.exp(-day / 900));

  test("becomes less than a hundred vertices, none farther away than the tolerance", () => {
    const vertices = drawn(smooth);
    expect(vertices.length).toBeGreaterThan(10);
    expect(vertices.length).toBeLessThan(100);
    const worst = Math.max(
      ...xs.map((day) => Math.abs(heightAt(vertices, day * project.xFactor + 40) - (smooth[day]! * -200 + 220))),
    );
    expect(worst).toBeLessThanOrEqual(FINE.tolerancePx + 1e-9);
  });

  test("begins and ends where the data do", () => {
    const vertices = drawn(smooth);
    expect(vertices[0]).toEqual([40, smooth[0]! * -200 + 220]);
    expect(vertices.at(-1)).toEqual([(DAYS - 1) * project.xFactor + 40, smooth[DAYS - 1]! * -200 + 220]);
  });

  test("a straight line is its two ends", () => {
    expect(drawn(xs.map((day) => day / DAYS))).toHaveLength(2);
  });
});

test("of noise every column keeps its lowest and highest point", () => {
  const seed = 7;
  const random = seededRandom(seed);
  const noise = Float64Array.from(xs, () => random.next());
  const vertices = drawn(noise);
  expect(vertices.length, `seed ${seed}`).toBeLessThanOrEqual(600 * 4 + 4);
  const column = (x: number) => Math.floor(x);
  const extremes = new Map<number, [number, number]>();
  for (const [day, value] of noise.entries()) {
    const at = column(day * project.xFactor + 40);
    const y = value * -200 + 220;
    const [low, high] = extremes.get(at) ?? [y, y];
    extremes.set(at, [Math.min(low, y), Math.max(high, y)]);
  }
  for (const [at, [low, high]] of extremes) {
    const ys = vertices.filter(([x]) => column(x) === at).map(([, y]) => y);
    expect(Math.min(...ys), `seed ${seed}, column ${at}`).toBeLessThan(low + FINE.tolerancePx + 0.01);
    expect(Math.max(...ys), `seed ${seed}, column ${at}`).toBeGreaterThan(high - FINE.tolerancePx - 0.01);
  }
});

test("one day's spike among 3650 is never lost", () => {
  const spike = new Float64Array(DAYS);
  spike[1234] = 1;
  expect(Math.min(...drawn(spike).map(([, y]) => y))).toBe(20);
  expect(Math.min(...drawn(spike, { columnPx: 2, tolerancePx: 0.5 }).map(([, y]) => y))).toBe(20);
});

describe("gaps", () => {
  test("what is not finite breaks the line, and no vertex is made up", () => {
    const ys = [0, 0.5, Number.NaN, 0.2, 0.1, Infinity, 0.7];
    const along = [0, 10, 20, 30, 40, 50, 60];
    const by = { xFactor: 1, xOffset: 0, yFactor: 1, yOffset: 0 };
    expect(drawn(ys, FINE, along, by)).toEqual([
      [0, 0],
      [10, 0.5],
      [10, Number.NaN],
      [30, 0.2],
      [40, 0.1],
      [40, Number.NaN],
      [60, 0.7],
    ]);
  });

  test("a series of gaps alone draws nothing", () => {
    expect(drawn(new Float64Array(DAYS).fill(Number.NaN))).toEqual([]);
    expect(drawn([], FINE, [])).toEqual([]);
  });
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type HeatMapSpec, heatMap } from "../../../src/platform/charts";
import { colourAt } from "../../../src/platform/charts/colourScale";
import { INKS } from "../../../src/platform/charts/look";
import { isLongRun } from "../../support/seeds";
import { piecesIn, type ReadSvg, readSvg } from "./svgReading";

const spec = {
  title: "Supply after 3 years",
  unit: "FIL",
  x: { name: "Renewal rate", unit: "%", values: [20, 40, 60] },
  y: { name: "Lock target", unit: "", values: [0.1, 0.2] },
  values: [1, 2, 3, 4, 5, 6],
} satisfies HeatMapSpec;

interface Cell {
  left: number;
  right: number;
  top: number;
  bottom: number;
  fill: string;
}

function cellsOf(chart: ReadSvg): Cell[] {
  const filled = chart.paths.filter(({ attributes }) => attributes["shape-rendering"] === "crispEdges");
  return filled.flatMap(({ attributes }) =>
    piecesIn(attributes["d"]!).map((piece) => {
      const [xs, ys] = [piece.map(([x]) => x), piece.map(([, y]) => y)];
      const [left, right] = [Math.min(...xs), Math.max(...xs)];
      return { left, right, top: Math.min(...ys), bottom: Math.max(...ys), fill: attributes["fill"]! };
    }),
  );
}

const wordsIn = (chart: ReadSvg, { left, right, top, bottom }: Cell) =>
  chart.words.filter(({ x, y }) => x > left && x < right && y > top && y < bottom).map(({ text }) => text);

const said = (chart: ReadSvg) => chart.words.map(({ text }) => text);

describe("a heat map", () => {
  test("draws x from left to right and y from bottom to top, each value with its number", () => {
    const chart = readSvg(heatMap(spec));
    const cells = cellsOf(chart).sort((a, b) => b.bottom - a.bottom || a.left - b.left);
    expect(cells.map((cell) => wordsIn(chart, cell))).toEqual(
      ["1.00", "2.00", "3.00", "4.00", "5.00", "6.00"].map((text) => [text]),
    );
    const middles = cells.slice(0, 3).map(({ left, right }) => (left + right) / 2);
    for (const [i, text] of ["20", "40", "60"].entries()) {
      expect(chart.words.find((words) => words.text === text)!.x).toBeWithin(middles[i]! - 1.5, middles[i]! + 1.5);
    }
    for (const [i, text] of ["0.1", "0.2"].entries()) {
      const { top, bottom } = cells[i * 3]!;
      expect(chart.words.find((words) => words.text === text)!.y).toBeWithin(top, bottom);
    }
    expect(said(chart)).toEqual(
      expect.arrayContaining(["Renewal rate (%)", "Lock target", "Supply after 3 years", "FIL"]),
    );
  });

  test.each(["light", "dark"] as const)("in %s, equal steps of the value are equal steps of lightness", (scheme) => {
    const lightness = Array.from({ length: 21 }, (_, i) => oklabOf(colourAt(i / 20, scheme))[0]);
    const step = (lightness[20]! - lightness[0]!) / 20;
    expect(Math.sign(step)).toBe(scheme === "light" ? -1 : 1);
    for (let i = 1; i <= 20; i++) {
      // Colours are whole bytes.
      expect(Math.abs(lightness[i]! - lightness[i - 1]! - step)).toBeLessThan(0.006);
    }
  });

  test.each(["light", "dark"] as const)("in %s, all colours are one blue", (scheme) => {
    for (let i = 0; i <= 20; i++) {
      const [, a, b] = oklabOf(colourAt(i / 20, scheme));
      expect(Math.abs((Math.atan2(b, a) * 180) / Math.PI + 360 - 252)).toBeLessThan(12);
    }
  });

  test("has a scale of its colours with numbers where they lie on it", () => {
    const chart = readSvg(heatMap({ ...spec, values: [0, 10, 20, 30, 40, 50] }));
    const right = Math.max(...cellsOf(chart).map((cell) => cell.right));
    const strip = chart.boxes.filter(({ x }) => x > right);
    const [top, bottom] = [Math.min(...strip.map(({ y }) => y)), Math.max(...strip.map(({ y, height }) => y + height))];
    const numbers = chart.words.filter(({ x }) => x > right + 20);
    for (const { y, text } of numbers) expect(y - 4).toBeCloseTo(bottom - (Number(text) / 50) * (bottom - top), 0);
    expect(numbers.length).toBeGreaterThan(4);
    expect(strip.sort((a, b) => b.y - a.y)[0]!.fill).toBe(colourAt(0.5 / strip.length, "light"));
  });

  test("a cell without a value is grey, shown as a dash and explained", () => {
    const chart = readSvg(heatMap({ ...spec, values: [1, 2, Number.NaN, 4, 5] }));
    const grey = cellsOf(chart).filter(({ fill }) => fill === INKS.light.missing);
    expect(grey.map((cell) => wordsIn(chart, cell))).toEqual([["–"], ["–"]]);
    expect(said(chart)).toContain("no value");
    expect(said(readSvg(heatMap(spec)))).not.toContain("no value");
  });

  test("labels have the digits that their values need", () => {
    const values = Array.from({ length: 64 }, (_, i) => i / 64);
    const cells = Array.from({ length: 192 }, (_, i) => i);
    const chart = readSvg(heatMap({ ...spec, y: { name: "y", unit: "", values }, values: cells }));
    const labels = chart.words.filter(({ anchor, text }) => anchor === "end" && /^[\d.]+$/.test(text));
    const texts = labels.map(({ text }) => text);
    expect(texts.slice(0, 5)).toEqual(["0.000", "0.078", "0.156", "0.234", "0.313"]);
    expect(texts).toHaveLength(13);
  });

  test("a grid finer than pixels stays small and keeps its places", () => {
    const side = 1000;
    const axis = { name: "n", unit: "", values: Array.from({ length: side }, (_, i) => i) };
    const values = Float64Array.from({ length: side * side }, (_, i) => (i % side < side / 2 ? 0 : 1));
    const svg = heatMap({ ...spec, x: axis, y: axis, values });
    expect(svg.length).toBeLessThan(40_000);
    const cells = cellsOf(readSvg(svg));
    const middle = (Math.min(...cells.map(({ left }) => left)) + Math.max(...cells.map(({ right }) => right))) / 2;
    for (const { left, right, fill } of cells)
      expect(fill).toBe(colourAt((left + right) / 2 < middle ? 0 : 1, "light"));
  });

  test("whatever the values and axes are, it is a chart", () => {
    const axis = fc.record({ name: fc.string(), unit: fc.string(), values: fc.array(fc.double(), { maxLength: 12 }) });
    fc.assert(
      fc.property(axis, axis, fc.array(fc.double(), { maxLength: 100 }), fc.double(), (x, y, values, sizePx) => {
        const chart = readSvg(
          heatMap({ title: x.name, unit: y.unit, x, y, values, widthPx: sizePx, heightPx: sizePx }),
        );
        const count = x.values.length * y.values.length;
        expect(said(chart).includes("No values to show")).toBe(count === 0);
        for (const { left, right, top, bottom } of cellsOf(chart)) {
          expect(left).toBeLessThanOrEqual(right);
          expect(top).toBeLessThanOrEqual(bottom);
          expect(right).toBeLessThanOrEqual(chart.widthPx);
          expect(bottom).toBeLessThanOrEqual(chart.heightPx);
        }
      }),
      { numRuns: isLongRun ? 5_000 : 300 },
    );
  });
});

/** Back from sRGB by the matrices of the paper's inverse direction, which the drawing does not use. */
function oklabOf(hex: string): [lightness: number, a: number, b: number] {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const encoded = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

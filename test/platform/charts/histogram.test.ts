import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type HistogramSpec, histogram } from "../../../src/platform/charts";
import { isLongRun } from "../../support/seeds";
import { type ReadSvg, readSvg, xByLabels } from "./svgReading";

const draws = {
  title: "Estimates",
  unit: "FIL",
  counted: "runs",
  edges: [100, 200, 300, 500],
  counts: [5, 20, 10],
  mark: { at: 250, label: "mean 250" },
} satisfies HistogramSpec;

const said = (chart: ReadSvg) => chart.words.map(({ text }) => text);

describe("a histogram", () => {
  test("draws each bin between its edges, as high as its count", () => {
    const chart = readSvg(histogram(draws));
    const x = xByLabels(chart, (text) => (/^[1-5]00$/.test(text) ? Number(text) : undefined));
    expect(chart.boxes.map(({ name }) => name)).toEqual(["runs", "runs", "runs"]);
    for (const [i, box] of chart.boxes.entries()) {
      expect(Math.abs(box.x - x(draws.edges[i]!))).toBeLessThan(1);
      // A line of the ground sets neighbours apart.
      expect(Math.abs(box.x + box.width + 1 - x(draws.edges[i + 1]!))).toBeLessThan(1);
      expect(box.height / chart.boxes[1]!.height).toBeCloseTo(draws.counts[i]! / 20, 2);
    }
    expect(new Set(chart.boxes.map(({ y, height }) => Math.round(10 * (y + height)))).size).toBe(1);
  });

  test("says what is counted, and points a value out", () => {
    const chart = readSvg(histogram(draws));
    expect(said(chart)).toEqual(expect.arrayContaining(["Estimates", "FIL, runs per bin", "mean 250"]));
    expect(chart.paths.filter(({ name }) => name === "mark")).toHaveLength(1);
    const outside = readSvg(histogram({ ...draws, mark: { at: 999, label: "far" } }));
    expect(said(outside)).not.toContain("far");
  });

  test("without any value says so", () => {
    for (const counts of [[], [0, 0, 0], [Number.NaN, Number.NaN, Number.NaN]]) {
      expect(said(readSvg(histogram({ ...draws, counts })))).toContain("No values to show");
    }
  });

  test("is a chart within its edges whatever the values are", () => {
    const value = fc.double();
    const spec = fc.record({
      edges: fc.array(value, { maxLength: 30 }),
      counts: fc.array(value, { maxLength: 30 }),
      at: value,
    });
    const check = fc.property(spec, ({ edges, counts, at }) => {
      const chart = readSvg(histogram({ ...draws, edges, counts, mark: { at, label: "here" } }));
      for (const { x, y, width, height } of chart.boxes) {
        for (const side of [x, y, width, height]) expect(side).toBeWithin(-1, 642);
      }
    });
    fc.assert(check, { numRuns: isLongRun ? 5000 : 200 });
  });
});

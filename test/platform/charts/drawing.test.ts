import { expect, test } from "bun:test";
import { type Drawing, drawBarChart, drawHeatMap, drawLineChart } from "../../../src/platform/charts";

const axis = { name: "n", unit: "", values: [1, 2] };
const drawings: [what: string, drawing: Drawing][] = [
  [
    "a line chart",
    drawLineChart({
      title: "t",
      unit: "FIL",
      x: { startDay: 20_000 },
      series: [{ name: "supply", values: [1, 2, Number.NaN, 3] }],
      bands: [{ name: "5 to 95 %", low: [0, 1, 2, 3], high: [1, 2, 3, 4], level: "outer" }],
      boundary: { at: 20_001, label: "now" },
    }),
  ],
  ["a heat map", drawHeatMap({ title: "t", unit: "FIL", x: axis, y: axis, values: [1, 2, 3, Number.NaN] })],
  ["bars", drawBarChart({ title: "t", unit: "FIL", bars: [{ name: "a", low: -1, high: 2 }] })],
];

test.each(drawings)(
  "%s as a drawing holds what a writer of PDF can take: plain paths, places on the paper, words",
  (_, drawing) => {
    expect(new Set(drawing.marks.map(({ kind }) => kind)).size).toBeGreaterThan(2);
    for (const mark of drawing.marks) {
      if ("d" in mark) expect(mark.d).toMatch(/^M[-\d. MlhvHVz]+$/);
      else {
        expect(mark.x).toBeWithin(0, drawing.widthPx);
        expect(mark.y).toBeWithin(0, drawing.heightPx);
      }
      if (mark.kind !== "line") expect(mark.fill).toMatch(/^#[0-9a-f]{6}$/);
    }
    const texts = drawing.marks.flatMap((mark) => (mark.kind === "words" ? [mark.text] : []));
    expect(texts).toEqual(expect.arrayContaining(["t", "FIL"]));
    expect(drawing.label).toBe("t, FIL");
  },
);

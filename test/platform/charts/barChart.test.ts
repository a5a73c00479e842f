import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type BarChartSpec, barChart } from "../../../src/platform/charts";
import { isLongRun } from "../../support/seeds";
import { type ReadSvg, readSvg, xByLabels } from "./svgReading";

const tornado = {
  title: "What moves the supply",
  unit: "FIL",
  base: 600,
  ends: { low: "input at 5 %", high: "input at 95 %" },
  bars: [
    { name: "Lock target", low: 640, high: 550 },
    { name: "Renewal rate", low: 590, high: 620 },
    { name: "FIL+ rate", low: 605, high: 608 },
  ],
} satisfies BarChartSpec;

const said = (chart: ReadSvg) => chart.words.map(({ text }) => text);
const [BLUE, ORANGE] = ["#0072b2", "#d55e00"];

describe("a bar chart", () => {
  test("draws bars from the base to both ends, where the axis says that they lie", () => {
    const chart = readSvg(barChart(tornado));
    const x = xByLabels(chart, (text) => (/^\d{3}$/.test(text) ? Number(text) : undefined));
    for (const { name, low, high } of tornado.bars) {
      const bars = chart.boxes.filter((box) => box.name === name);
      for (const [value, colour] of [
        [low, ORANGE],
        [high, BLUE],
      ] as const) {
        const bar = bars.find(({ fill }) => fill === colour)!;
        expect(Math.abs(bar.x - Math.min(x(600), x(value)))).toBeLessThan(1);
        expect(Math.abs(bar.x + bar.width - Math.max(x(600), x(value)))).toBeLessThan(1);
      }
    }
    expect(said(chart)).toEqual(expect.arrayContaining(["input at 5 %", "input at 95 %", "550.0", "640.0"]));
  });

  test("numbers stand outside of the bars", () => {
    const chart = readSvg(barChart(tornado));
    const lock = chart.boxes.filter((box) => box.name === "Lock target");
    const [left, right] = ["550.0", "640.0"].map((text) => chart.words.find((words) => words.text === text)!);
    expect([left!.anchor, right!.anchor]).toEqual(["end", "start"]);
    expect(left!.x).toBeLessThan(Math.min(...lock.map(({ x }) => x)));
    expect(right!.x).toBeGreaterThan(Math.max(...lock.map(({ x, width }) => x + width)));
  });

  test("of two ends on one side the nearer one lies on the farther one, and the farther one has its number", () => {
    const chart = readSvg(barChart(tornado));
    const bars = chart.boxes.filter((box) => box.name === "FIL+ rate");
    expect(bars.map(({ fill }) => fill)).toEqual([BLUE, ORANGE]);
    expect(said(chart)).toContain("608.0");
    expect(said(chart)).not.toContain("605.0");
  });

  test("draws single values from zero, to the left where they are negative", () => {
    const bars = [
      ["up", 0.9],
      ["down", -0.5],
      ["none", 0],
    ].map(([name, value]) => ({ name: String(name), value: Number(value) }));
    const chart = readSvg(barChart({ title: "Rank correlation", unit: "", bars }));
    const [up, down, none] = ["up", "down", "none"].map((name) => chart.boxes.find((box) => box.name === name)!);
    expect(down!.x + down!.width).toBeCloseTo(up!.x, 1);
    expect(up!.width / down!.width).toBeCloseTo(1.8, 2);
    expect(none!.width).toBe(0);
    expect(said(chart)).toEqual(expect.arrayContaining(["0.90", "−0.50", "0.00"]));
  });

  test("stands in the given order and grows with the number of bars", () => {
    const bars = Array.from({ length: 12 }, (_, i) => ({ name: `input ${i}`, value: 12 - i }));
    const chart = readSvg(barChart({ title: "t", unit: "", bars }));
    const ys = bars.map(({ name }) => chart.words.find(({ text }) => text === name)!.y);
    expect(ys).toEqual(ys.toSorted((a, b) => a - b));
    expect(chart.heightPx).toBeGreaterThan(12 * 28);
  });

  test("counts the bars that a given height has no room for", () => {
    const bars = Array.from({ length: 60 }, (_, i) => ({ name: `input ${i}`, value: i }));
    const chart = readSvg(barChart({ title: "t", unit: "", bars, heightPx: 300 }));
    const shown = said(chart).filter((text) => text.startsWith("input")).length;
    expect(shown).toBeGreaterThan(10);
    expect(said(chart)).toContain(`and ${60 - shown} more`);
    for (const { y } of chart.words) expect(y).toBeLessThan(300);
  });

  test("a bar without a value says so, and no bars do too", () => {
    expect(said(readSvg(barChart({ title: "t", unit: "", bars: [{ name: "a", value: Number.NaN }] })))).toContain(
      "no value",
    );
    expect(said(readSvg(barChart({ title: "t", unit: "", bars: [] })))).toContain("No values to show");
  });

  test("long names are cut, not drawn over the bars", () => {
    const chart = readSvg(barChart({ title: "t", unit: "", bars: [{ name: "w".repeat(300), value: 1 }] }));
    expect(said(chart).find((text) => text.startsWith("www"))!.length).toBeLessThan(40);
  });

  test("whatever the values are, it is a chart inside its frame", () => {
    const bar = fc.oneof(
      fc.record({ name: fc.string(), value: fc.double() }),
      fc.record({ name: fc.string(), low: fc.double(), high: fc.double() }),
    );
    const spec = fc.record({
      bars: fc.array(bar, { maxLength: 30 }),
      base: fc.double(),
      widthPx: fc.double(),
      heightPx: fc.double(),
    });
    fc.assert(
      fc.property(spec, (values) => {
        const chart = readSvg(barChart({ title: "t", unit: "", ends: tornado.ends, ...values }));
        for (const { x, y, width, height } of chart.boxes) {
          expect(Math.min(x, y, width, height)).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThanOrEqual(chart.widthPx);
          expect(y + height).toBeLessThanOrEqual(chart.heightPx);
        }
      }),
      { numRuns: isLongRun ? 5_000 : 500 },
    );
  });
});

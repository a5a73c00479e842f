import { describe, expect, test } from "bun:test";
import type { ReportSection } from "../../../../src/systems/jobs/reports";
import { sectionsOf } from "../../../../src/systems/jobs/reports/subjects";
import { quantileBands, quantileFigures } from "../../../../src/systems/jobs/reports/subjects/shapes";

const NONE = {};
const all = (sections: readonly ReportSection[]) => ({
  titles: sections.map(({ title }) => title),
  keyFigures: sections.flatMap(({ keyFigures = [] }) => keyFigures),
  charts: sections.flatMap(({ charts = [] }) => charts),
  tables: sections.flatMap(({ tables = [] }) => tables),
  text: sections.map(({ text = "" }) => text).join(" "),
});

describe("a result of which nothing is known", () => {
  const read = (result: unknown) => all(sectionsOf("of_a_plug_in", result, NONE));

  test("shows single values as key figures, under names made of those of its members", () => {
    const { keyFigures } = read({ peakDay: 41, run_seconds: 2.5, verdict: "fine", isStable: true, missing: null });
    expect(keyFigures.map(({ name, value, unit }) => [name, value, unit ?? ""])).toEqual([
      ["Peak Day", 41, ""],
      ["Run", 2.5, "s"],
      ["Verdict", "fine", ""],
      ["Is Stable", "yes", ""],
      ["Missing", null, ""],
    ]);
  });

  test("shows lists of numbers as lines over the axis beside or around them", () => {
    const { charts } = read({
      days: [10, 20, 30],
      inside: { price: [1, null, 3] },
      dates: { first_date: "2026-01-01", step_days: 7, count: 4 },
      supply_fil: [1, 2, 3, 4],
      alone: [5, 6, 7, 8, 9],
    });
    const [supply, alone, price] = charts.map((chart) => (chart.kind === "line" ? chart : undefined)!);
    expect(supply).toMatchObject({ title: "Supply", unit: "FIL", x: { startDay: 20_454, stepDays: 7 } });
    expect(alone!.x).toMatchObject({ title: "Step" });
    expect(price).toMatchObject({ title: "Price", x: { title: "Days", values: Float64Array.of(10, 20, 30) } });
    expect([...(price!.series[0]!.values as Float64Array)]).toEqual([1, Number.NaN, 3]);
  });

  test("shows quantiles of lists as fans, and of numbers as figures with their range", () => {
    const fan = { p5: [1, 1, 1], p25: [2, 2, 2], p50: [3, 3, 3], p75: [4, 4, 4], p95: [5, 5, 5] };
    const { charts, keyFigures } = read({ infectious: fan, attack_rate: { "0.05": 0.7, median: 0.8, "0.95": 0.9 } });
    expect(charts[0]).toMatchObject({
      kind: "line",
      title: "Infectious",
      series: [{ name: "median", values: Float64Array.of(3, 3, 3) }],
      bands: [
        { name: "5 to 95 %", level: "outer" },
        { name: "25 to 75 %", level: "inner" },
      ],
    });
    expect(keyFigures).toEqual([{ name: "Attack rate", value: 0.8, unit: "", note: "5 to 95 %: 0.7 to 0.9" }]);
  });

  test("shows histograms, and lists of objects as tables with a column for each plain member", () => {
    const { charts, tables } = read({
      spread: { edges: [0, 1, 2], counts: [3, 4] },
      payouts: [
        { provider: "a", xnm: 1.5, deep: {} },
        { provider: "b", late: true },
      ],
    });
    expect(charts[0]).toMatchObject({ kind: "histogram", title: "Spread", counts: Float64Array.of(3, 4) });
    expect(tables[0]!.columns.map(({ name }) => name)).toEqual(["Provider", "Xnm", "Late"]);
    expect(tables[0]!.rows).toEqual([
      ["a", 1.5, null],
      ["b", null, true],
    ]);
  });

  test("says what it does not show", () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`k${i}`, i]));
    expect(read(many).text).toContain("the first 60 of 70 figures; the result itself has all");
    const deep = { a: { b: { c: { d: { e: { f: { g: { h: 1 } } } } } } } };
    expect(read(deep).text).toContain("more than 5 levels deep are not shown");
    const wide = [Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, i]))];
    expect(read({ wide }).tables[0]!.note).toContain("the first 16 of 20 columns");
  });

  test("may be anything at all", () => {
    for (const result of [null, 5, "text", [], {}, [[]], [1, 2, 3], { a: [] }, JSON.parse('{"__proto__":{"x":1}}')]) {
      expect(Array.isArray(sectionsOf("of_a_plug_in", result, NONE))).toBe(true);
    }
    expect(read([1, 2, 3]).charts).toHaveLength(1);
    expect(read(5).keyFigures).toMatchObject([{ name: "Result", value: 5 }]);
  });
});

describe("a Monte Carlo estimate", () => {
  const output = {
    estimate: 3.1,
    std_error: 0.02,
    ci95: [3.06, 3.14],
    quantiles: { p5: 2, p95: 4 },
    histogram: { edges: [0, 1, 2], counts: [1, 2] },
    convergence: { iterations: [10, 20, 30], estimates: [3, 3.2, 3.1], low: [2, 2.5, 2.8], high: [4, 3.9, 3.4] },
  };
  const result = { output, statistics: { iterations: 1000, seed: 4 }, metrics: { processing_time_seconds: 0.5 } };

  test("shows the estimate with its interval, the outcomes, quantiles and convergence", () => {
    const { keyFigures, charts, tables } = all(sectionsOf("monte_carlo", result, NONE));
    expect(keyFigures[0]).toEqual({ name: "Estimate", value: 3.1, note: "95 % between 3.06 and 3.14" });
    expect(keyFigures.map(({ name }) => name)).toContain("Iterations");
    expect(charts.map(({ kind }) => kind)).toEqual(["histogram", "line"]);
    expect(charts[0]).toMatchObject({ mark: { at: 3.1 } });
    expect(charts[1]).toMatchObject({ bands: [{ name: "95 % interval" }] });
    expect(tables[0]!.rows).toEqual([
      ["5 %", 2],
      ["95 %", 4],
    ]);
  });

  test("of another shape is shown as anything is", () => {
    const { keyFigures } = all(sectionsOf("monte_carlo", { mean: 3 }, NONE));
    expect(keyFigures).toMatchObject([{ name: "Mean", value: 3 }]);
  });
});

describe("quantiles", () => {
  test("are known by their names, and need a middle and two ends", () => {
    expect(quantileFigures({ p10: 1, p50: 2, p90: 3 })?.ranges).toEqual([
      { name: "10 to 90 %", low: 1, high: 3, level: "inner" },
    ]);
    expect(quantileFigures({ "q2.5": 1, q50: 2, "q97.5": 3 })?.ranges).toMatchObject([{ name: "2.5 to 97.5 %" }]);
    expect(quantileFigures({ p5: 1, p50: 2, p95: 3, mean: 2.1 })?.ranges).toMatchObject([{ name: "5 to 95 %" }]);
    expect(quantileFigures({ p5: 1, p50: 2 })).toBeUndefined();
    expect(quantileFigures({ p5: 1, p50: 2, p95: "x" })).toBeUndefined();
    expect(quantileFigures({ p5: 1, p50: 2, p90: 3 })).toBeUndefined();
    expect(quantileBands({ p5: [1, 1], p50: [2, 2], p95: [3] })).toBeUndefined();
  });
});

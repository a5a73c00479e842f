import { describe, expect, test } from "bun:test";
import type { ReportedSimulation, ReportSection } from "../../../../src/systems/jobs/reports";
import { reportModelOf } from "../../../../src/systems/jobs/reports/reportModel";
import { madeText } from "./making";
import { jsonBytes, request, simulation } from "./requests";

/** The sections of a comparison by the titles of their chapters. */
function compared(simulations: readonly ReportedSimulation[]): Map<string, ReportSection> {
  const { chapters } = reportModelOf(request(simulations, { reportType: "comparison" }), {});
  return new Map(chapters.map(({ title, sections }) => [title, sections[0] as ReportSection]));
}

const named = (name: string, sections: readonly ReportSection[], parameters: unknown = {}) =>
  simulation({}, { sections, metadata: { name }, parametersJson: jsonBytes(parameters) });

const line = (values: number[], startDay = 100, stepDays = 1) =>
  ({
    kind: "line",
    title: "Supply",
    unit: "FIL",
    x: { startDay, stepDays },
    series: [{ name: "supply", values }],
  }) as const;

describe("a comparison", () => {
  test("has key figures side by side, with differences of the second from the first", () => {
    const one = named("One", [
      {
        title: "S",
        keyFigures: [
          { name: "Peak", value: 40, unit: "days" },
          { name: "Only one", value: 1 },
          { name: "Word", value: "a" },
        ],
      },
    ]);
    const two = named("Two", [
      {
        title: "S",
        keyFigures: [
          { name: "Peak", value: 50, unit: "days" },
          { name: "Word", value: "b" },
        ],
      },
    ]);
    const [table] = compared([one, two]).get("Key figures")!.tables!;
    expect(table!.columns.map(({ name, unit = "" }) => `${name} ${unit}`.trim())).toEqual([
      "Figure",
      "One",
      "Two",
      "Difference",
      "Difference %",
    ]);
    expect(table!.rows).toEqual([
      ["Peak", 40, 50, 10, 25],
      ["Only one", 1, null, null, null],
      ["Word", "a", "b", null, null],
    ]);
    expect(table!.rowUnits).toEqual(["days", "", ""]);
  });

  test("of three has the values of all, and the differences from the first in percent", () => {
    const all = [10, 20, -5].map((value, i) => named(`S${i}`, [{ title: "S", keyFigures: [{ name: "v", value }] }]));
    const [values, differences] = compared(all).get("Key figures")!.tables!;
    expect(values!.rows).toEqual([["v", 10, 20, -5]]);
    expect(differences).toMatchObject({ title: "Difference from S0", rows: [["v", 100, -150]] });
  });

  test("lays lines over each other on the longest of their axes", () => {
    const [chart] = compared([
      named("A", [{ title: "", charts: [line([1, 2, 3])] }]),
      named("B", [{ title: "", charts: [line([10, 30, 50], 100, 2)] }]),
    ]).get("Charts")!.charts!;
    if (chart?.kind !== "line") throw new Error("expected a line chart");
    expect(chart.x).toEqual({ startDay: 100, stepDays: 2 });
    expect(chart.series.map(({ name, values }) => [name, ...Array.from(values)])).toEqual([
      ["A", 1, 3, Number.NaN],
      ["B", 10, 30, 50],
    ]);
    const [other] = compared([
      named("A", [{ title: "", charts: [line([0, 10], 100, 10)] }]),
      named("B", [{ title: "", charts: [line([1, 2, 3], 102)] }]),
    ]).get("Charts")!.charts!;
    expect(other?.kind === "line" && Array.from(other.series[1]!.values)).toEqual([Number.NaN, Number.NaN]);
  });

  test("gives lines of one name the title of their chart or section besides", () => {
    const chart = (title: string, name: string) => ({
      ...line([1, 2]),
      title,
      series: [
        { name, values: [1, 2] },
        { name: "other", values: [2, 1] },
      ],
    });
    const sections = [
      { title: "S", charts: [line([1, 2, 3]), chart("All", "Supply"), chart("Some", "rate")] },
      { title: "U", charts: [line([1, 2, 3])] },
    ];
    const titles = compared([named("A", sections), named("B", sections)])
      .get("Charts")!
      .charts!.map(({ title }) => title);
    expect(titles).toEqual(["S: Supply", "All: Supply", "All: other", "rate", "Some: other", "U: Supply"]);
  });

  test("tells simulations of one name apart, and lays histograms over each other as densities", () => {
    const histogram = (counts: number[]) =>
      ({ kind: "histogram", title: "Outcomes", unit: "", edges: [0, 1, 3], counts, counted: "runs" }) as const;
    const all = [
      [1, 1],
      [2, 6],
    ].map((counts) => named("Same", [{ title: "", charts: [histogram(counts)] }]));
    const [chart] = compared(all).get("Charts")!.charts!;
    expect(chart).toMatchObject({ title: "Outcomes, density", series: [{ name: "Same (1)" }, { name: "Same (2)" }] });
    expect(chart?.kind === "line" && chart.series.map(({ values }) => Array.from(values))).toEqual([
      [0.5, 0.25],
      [0.25, 0.375],
    ]);
  });

  test("puts tables of one head side by side, row by row of the first column", () => {
    const table = (rows: [string, number, number][]) => ({
      title: "T",
      columns: [{ name: "Day" }, { name: "a", unit: "FIL" }, { name: "b" }],
      rows,
    });
    const tables = compared([
      named("One", [
        {
          title: "S",
          tables: [
            table([
              ["mon", 1, 2],
              ["tue", 3, 4],
            ]),
          ],
        },
      ]),
      named("Two", [
        {
          title: "S",
          tables: [
            table([
              ["tue", 5, 6],
              ["wed", 7, 8],
            ]),
          ],
        },
      ]),
    ]).get("Tables")!.tables!;
    expect(tables.map(({ title }) => title)).toEqual(["S: T: a", "S: T: b"]);
    expect(tables[0]!.rows).toEqual([
      ["mon", 1, null, null],
      ["tue", 3, 5, 2],
      ["wed", null, 7, null],
    ]);
    expect(tables[0]!.columns.at(-1)).toEqual({ name: "Difference", unit: "FIL", isDifference: true });
  });

  test("shows the parameters that differ, and how many do not", () => {
    const parameters = (rbp: number) => ({ seed: 1, ranges: { rbp, rr: 0.8 }, list: [1, 2, 3, 4, 5, 6, 7] });
    const section = compared([
      named("One", [], parameters(2)),
      named("Two", [], { ...parameters(3), extra: true }),
    ]).get("Parameters")!;
    expect(section.text).toBe("Parameters that differ; 3 more are the same in all.");
    expect(section.tables![0]!.rows).toEqual([
      ["ranges.rbp", "2", "3"],
      ["extra", "not given", "true"],
    ]);
    expect(compared([named("One", [], { a: 1 }), named("Two", [], { a: 1 })]).get("Parameters")!.text).toBe(
      "The parameters of all are the same.",
    );
  });

  test("is shown with signs and units", async () => {
    const figures = (value: number) => [{ title: "S", keyFigures: [{ name: "Supply", value, unit: "FIL" }] }];
    const text = await madeText(
      request([named("One", figures(783.6e6)), named("Two", figures(780e6))], { reportType: "comparison" }),
      "PDF",
    );
    for (const part of ["M FIL", "783.6", "780.0", "−3.6", "−0.46"]) expect(text).toContain(part);
  });
});

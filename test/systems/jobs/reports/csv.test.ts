import { describe, expect, test } from "bun:test";
import type { ReportSection } from "../../../../src/systems/jobs/reports";
import { madeText } from "./making";
import { request, simulation } from "./requests";

/** The rows of a CSV text by RFC 4180; fails where a quoted field does not end. */
function parsed(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const match of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === "\r\n") {
      rows.push(row);
      row = [];
    }
  }
  expect(row).toEqual([]);
  return rows;
}

async function rowsOf(sections: readonly ReportSection[]): Promise<string[][]> {
  return parsed(await madeText(request([simulation({}, { sections })], { reportType: "detailed_analysis" }), "CSV"));
}

/** The lines under the one with that title, up to the empty one. */
function under(rows: string[][], title: string): string[][] {
  const at = rows.findIndex(([first]) => first === title);
  expect(at).toBeGreaterThanOrEqual(0);
  const rest = rows.slice(at + 1);
  return rest.slice(
    0,
    rest.findIndex((row) => row.length === 1 && row[0] === ""),
  );
}

describe("a report as CSV", () => {
  test("escapes texts that a spreadsheet would run, and touches no number", async () => {
    const texts = ["=1+1", "+1", "-2+3", "@x", " =1", "\t=1", "＝1", "a=1", "5 - 3"];
    const rows = [...texts.map((text) => [text, -0.02]), ["number", 1e308], ["number", -5]];
    const cells = under(
      await rowsOf([{ title: "S", tables: [{ title: "T", columns: [{ name: "=cmd" }, { name: "v" }], rows }] }]),
      "S / T",
    );
    expect(cells[0]).toEqual(["'=cmd", "v"]);
    expect(cells.slice(1).map(([text]) => text)).toEqual([
      "'=1+1",
      "'+1",
      "'-2+3",
      "'@x",
      "' =1",
      "' =1",
      "'＝1",
      "a=1",
      "5 - 3",
      "number",
      "number",
    ]);
    expect(cells.slice(1).map(([, number]) => Number(number))).toEqual([...texts.map(() => -0.02), 1e308, -5]);
  });

  test("quotes commas, quotes and lines, leaves out control characters, and has nothing for what is no number", async () => {
    const rows = [
      ["a,b", 'say "hi"', "two\nlines", "x\u0000\u202Ey", Number.NaN, Number.POSITIVE_INFINITY, null, true],
    ];
    const columns = rows[0]!.map((_, i) => ({ name: `c${i}` }));
    const cells = under(await rowsOf([{ title: "S", tables: [{ title: "T", columns, rows }] }]), "S / T");
    expect(cells[1]).toEqual(["a,b", 'say "hi"', "two\nlines", "xy", "", "", "", "true"]);
  });

  test("has key figures with their units, and what every kind of chart is drawn of", async () => {
    const rows = await rowsOf([
      {
        title: "S",
        keyFigures: [{ name: "Peak", value: 41.25, unit: "day", note: "n" }],
        charts: [
          {
            kind: "line",
            title: "Line",
            unit: "FIL",
            x: { startDay: 20_000, stepDays: 7 },
            series: [{ name: "median", values: [1, Number.NaN] }],
            bands: [{ name: "5 to 95 %", low: [0, 1], high: [2, 3], level: "outer" }],
          },
          {
            kind: "bars",
            title: "Bars",
            unit: "",
            bars: [
              { name: "a", low: 1, high: 2 },
              { name: "b", value: 3 },
            ],
          },
          { kind: "histogram", title: "Histogram", unit: "s", edges: [0, 1, 2], counts: [5, 6], counted: "runs" },
          {
            kind: "heatMap",
            title: "Map",
            unit: "",
            x: { name: "X", unit: "", values: [1, 2] },
            y: { name: "Y", unit: "", values: [3] },
            values: [7, 8],
          },
        ],
      },
    ]);
    expect(under(rows, "S / Key figures")).toEqual([
      ["Name", "Value", "Unit", "Note"],
      ["Peak", "41.25", "day", "n"],
    ]);
    expect(under(rows, "S / Line")).toEqual([
      ["Date", "median (FIL)", "5 to 95 %, low (FIL)", "5 to 95 %, high (FIL)"],
      ["2024-10-04", "1", "0", "2"],
      ["2024-10-11", "", "1", "3"],
    ]);
    expect(under(rows, "S / Bars")).toEqual([
      ["Name", "low", "high"],
      ["a", "1", "2"],
      ["b", "3", ""],
    ]);
    expect(under(rows, "S / Histogram")).toEqual([
      ["From (s)", "To (s)", "runs"],
      ["0", "1", "5"],
      ["1", "2", "6"],
    ]);
    expect(under(rows, "S / Map")).toEqual([
      ["X", "Y", "Map"],
      ["1", "3", "7"],
      ["2", "3", "8"],
    ]);
  });

  test("says what it is of and what it is made from", async () => {
    const rows = await rowsOf([{ title: "S", text: "t" }]);
    expect(rows[0]).toEqual(["Monte Carlo estimate"]);
    expect(under(rows, "Simulation")[1]).toEqual([
      "Monte Carlo estimate",
      "Monte Carlo estimate",
      "2026-11-27 19:31:12 UTC",
      "01936d2f-7c1a-7100-9c5e-aaaaaaaaaaa0",
    ]);
    expect(under(rows, "Provenance").map(([name]) => name)).toContain("Result SHA-256");
  });
});

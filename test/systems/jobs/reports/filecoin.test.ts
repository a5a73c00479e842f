import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { INPUTS } from "../../../../src/systems/filecoin/batch/request/inputs";
import { SERIES_MEANINGS } from "../../../../src/systems/filecoin/schema/series";
import type { ReportSection } from "../../../../src/systems/jobs/reports";
import { sectionsOf } from "../../../../src/systems/jobs/reports/subjects";
import { type Served, serve } from "../../../support/program";

setDefaultTimeout(30_000);

const NAMES = { ...SERIES_MEANINGS, ...INPUTS };
const DAYS = 400;

let served: Served;
beforeAll(async () => {
  served = await serve(["--only", "filecoin"]);
});
afterAll(() => served.stop());

/** What the report shows of the program's own answer to a request. */
async function sectionsAfter(type: string, path: string, body: object): Promise<ReportSection[]> {
  const answer = await fetch(new URL(path, served.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ forecast_length_days: DAYS, ...body }),
  });
  expect(answer.status).toBe(200);
  return sectionsOf(type, await answer.json(), NAMES);
}

const titled = (sections: readonly ReportSection[], title: string) =>
  sections.find((section) => section.title === title)!;

describe("the model's own answers are read", () => {
  test("a forecast: the end, charts by subject, a table by quarter", async () => {
    const sections = await sectionsAfter("filecoin_forecast", "/simulate", {});
    expect(sections.map(({ title }) => title)).toEqual([
      "At the end of the forecast",
      "Supply",
      "Network power",
      "Pledge",
      "Minting and return",
      "By quarter",
    ]);
    const end = titled(sections, "At the end of the forecast").keyFigures!;
    expect(end).toHaveLength(6);
    expect(end[0]).toMatchObject({ name: "Circulating supply", unit: "FIL", value: expect.any(Number) });
    const supply = titled(sections, "Supply").charts![0]!;
    expect(supply.kind === "line" && supply.series.map(({ name }) => name)).toEqual([
      "Circulating supply",
      "Available supply",
      "Locked",
    ]);
    const [table] = titled(sections, "By quarter").tables!;
    expect(table!.rows).toHaveLength(5);
    expect(table!.rows.map((row) => row[1]).filter((cell) => typeof cell !== "number")).toEqual([]);
    expect(table!.rows[0]![1]).toBe(supply.kind === "line" ? supply.series[0]!.values[0]! : Number.NaN);
  }, 30_000);

  test("a sweep: fans with percentiles, what drives the outcome, the lowest and highest runs", async () => {
    const axes = { rbp: { low: 1, high: 10 }, rr: { low: 0.5, high: 0.95 } };
    const sections = await sectionsAfter("filecoin_sweep", "/simulate/sweep", {
      axes,
      method: "latin_hypercube",
      runs: 12,
      at_days: [100, 300],
    });
    const supply = titled(sections, "Circulating supply");
    expect(supply.charts![0]).toMatchObject({
      kind: "line",
      unit: "FIL",
      x: { stepDays: expect.any(Number) },
      bands: [{ name: "5 to 95 %" }, { name: "25 to 75 %" }],
    });
    for (const row of supply.tables![0]!.rows) {
      const figures = row.slice(1) as number[];
      expect(figures).toEqual(figures.toSorted((a, b) => a - b));
    }
    const drivers = titled(sections, "What drives the outcome").charts!;
    expect(drivers[0]).toMatchObject({
      kind: "bars",
      bars: [{ name: expect.any(String) }, { name: expect.any(String) }],
    });
    const [lowest, highest] = titled(sections, "Lowest and highest runs").tables!;
    expect(lowest!.rows).toHaveLength(5);
    expect(lowest!.rows[0]![1] as number).toBeLessThan(highest!.rows[0]![1] as number);
  }, 30_000);

  test("a Monte-Carlo study: fans and the end", async () => {
    const sections = await sectionsAfter("filecoin_monte_carlo", "/simulate/monte-carlo", { runs: 20, seed: 7 });
    const end = titled(sections, "At the end of the forecast").keyFigures!;
    expect(end.at(-1)).toEqual({ name: "Runs", value: 20 });
    expect(end[0]!.note).toMatch(/^5 to 95 %: [\d.]+ to [\d.]+ M$/);
    expect(titled(sections, "Raw power").charts).toHaveLength(1);
  }, 30_000);

  test("a sensitivity study: what each input does, on the last day that has a value", async () => {
    const ranges = { rbp: { low: 1, high: 10 }, rr: { low: 0.5, high: 0.95 } };
    const sections = await sectionsAfter("filecoin_sensitivity", "/simulate/sensitivity", { ranges, samples: 16 });
    for (const { charts, keyFigures } of sections) {
      expect(keyFigures![0]!.value).toEqual(expect.any(Number));
      for (const chart of charts!)
        expect(chart.kind === "bars" && chart.bars.map(({ name }) => name).sort()).toEqual([
          "Raw power onboarded",
          "Renewal rate",
        ]);
    }
  }, 30_000);
});

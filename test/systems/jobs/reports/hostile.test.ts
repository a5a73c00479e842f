import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import {
  REPORT_FORMATS,
  REPORT_TYPES,
  type ReportedSimulation,
  type ReportFormat,
} from "../../../../src/systems/jobs/reports";
import { isLongRun } from "../../../support/seeds";
import { madeText } from "./making";
import { jsonBytes, request, simulation } from "./requests";

setDefaultTimeout(120_000);

const encoder = new TextEncoder();
const strange: Record<string, Partial<ReportedSimulation>> = {
  "no JSON": { resultJson: encoder.encode("{nope"), parametersJson: encoder.encode("") },
  "no UTF-8": { resultJson: Uint8Array.of(0x22, 0xff, 0xfe, 0xc0, 0x22) },
  "200,000 levels": { resultJson: encoder.encode("[".repeat(200_000) + "]".repeat(200_000)) },
  "90 levels": { resultJson: encoder.encode(`${'{"a":'.repeat(90)}1${"}".repeat(90)}`) },
  "names of prototypes": {
    resultJson: encoder.encode('{"__proto__":{"x":1},"constructor":{"y":[1,2,3]},"toString":5,"hasOwnProperty":1}'),
  },
  "a type with the name of a prototype's member": { simulationType: "constructor" },
  "half surrogate pairs": { metadata: { name: "\ud800a\udc00" }, simulationType: "\udfff" },
  "no times": { createdAt: "yesterday", startedAt: null, completedAt: null },
  "numbers without end": {
    sections: [
      {
        title: "n",
        keyFigures: [Number.NaN, Number.POSITIVE_INFINITY, 1e308, -1e308, 5e-324, -0].map((value) => ({
          name: "v",
          value,
        })),
        charts: [
          {
            kind: "line",
            title: "l",
            x: { startDay: 1e308 },
            series: [{ name: "s", values: [Number.NaN, Number.NEGATIVE_INFINITY, 1e308, -1e308, null] }],
          },
          { kind: "line", title: "l", x: { values: [], title: "" }, series: [] },
          { kind: "bars", title: "b", bars: [] },
          { kind: "histogram", title: "h", edges: [], counts: [], counted: "c" },
          { kind: "heatMap", title: "m", x: { name: "x", values: [] }, y: { name: "y", values: [] }, values: [] },
        ],
        tables: [{ columns: [{ name: "a" }, { name: "b" }], rows: [[Number.NaN, 1e308], ["x"], []] }],
      },
    ],
  },
};

describe("whatever a result is, there is a report", () => {
  for (const [name, more] of Object.entries(strange)) {
    test(name, async () => {
      const one = simulation({ value: 1 }, more);
      for (const reportType of REPORT_TYPES) {
        for (const format of REPORT_FORMATS) {
          const text = await madeText(request([one, one], { reportType }), format);
          expect(text.replace(/\s+/g, " ")).toContain(
            reportType === "comparison" && format === "PDF" ? "Comparison" : "01936d30",
          );
          expect(text).not.toMatch(/\bNaN\b|\bundefined\b|\[object |Infinity/);
        }
      }
    });
  }

  test("of any JSON", async () => {
    const formats = fc.constantFrom<ReportFormat>("PDF", "HTML", "CSV", "JSON");
    const check = fc.asyncProperty(
      fc.jsonValue({ maxDepth: 5 }),
      fc.constantFrom(...REPORT_TYPES),
      formats,
      async (value, reportType, format) => {
        const one = simulation(value, { parametersJson: jsonBytes(value), metadata: value });
        expect((await madeText(request([one, one], { reportType }), format)).length).toBeGreaterThan(100);
      },
    );
    await fc.assert(check, { numRuns: isLongRun ? 500 : 40 });
  });
});

describe("what is too much", () => {
  test("sections that are none are told, with the place of the first fault", async () => {
    const text = await madeText(
      request([simulation({}, { sections: [{ title: "fine" }, { title: "T", tables: [{ columns: [] }] }] })]),
      "HTML",
    );
    expect(text).toContain("The sections of its handler cannot be shown: 1.tables.0.columns:");
  });

  test("ten megabytes of text are cut on pages and whole in the data", async () => {
    const text = "lorem ipsum ".repeat(900_000);
    const one = simulation(
      { text, word: "x".repeat(1e6) },
      { metadata: { name: "N".repeat(1e6) }, sections: [{ title: "T".repeat(1e6), text }] },
    );
    const began = performance.now();
    const [pdf, html, json] = await Promise.all(
      (["PDF", "HTML", "JSON"] as const).map((format) => madeText(request([one]), format)),
    );
    expect(performance.now() - began).toBeLessThan(60_000);
    expect(pdf!.replace(/\s+/g, " ")).toContain(`The text goes on: ${text.length} characters in all.`);
    expect(html!.length).toBeLessThan(100_000);
    expect(json).toContain(text);
  });

  test("thousands of parts, figures and charts are counted", async () => {
    const parts = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${i}`, { a: i, b: [1, 2, 3] }]));
    const text = (
      await madeText(
        request([simulation(parts, { simulationType: "plug_in" })], { reportType: "detailed_analysis" }),
        "PDF",
      )
    ).replace(/\s+/g, " ");
    expect(text).toContain("the first 40 of 3000 parts; the result itself has all");
  });
});

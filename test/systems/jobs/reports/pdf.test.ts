import { describe, expect, test } from "bun:test";
import { getDocumentProxy } from "unpdf";
import type { ReportSection } from "../../../../src/systems/jobs/reports";
import { made, madeText, pagesOf } from "./making";
import { jsonBytes, request, simulation } from "./requests";

const LIMIT_MS = 60_000;

const withSections = (sections: readonly ReportSection[], more = {}) => simulation({}, { sections, ...more });
const table = (rows: number, columns = 3): ReportSection => ({
  title: "Values",
  tables: [
    {
      title: "All values",
      columns: Array.from({ length: columns }, (_, i) => ({
        name: i === 0 ? "Run" : `Value ${i}`,
        unit: i === 0 ? "" : "FIL",
      })),
      rows: Array.from({ length: rows }, (_, row) => [
        `run ${row}`,
        ...Array.from({ length: columns - 1 }, (_, i) => row * i),
      ]),
    },
  ],
});
/** Letters in the order in which they stand, without blanks and marks of direction. */
const letters = (text: string) => text.replace(/[\s\p{Bidi_Control}]/gu, "");

describe("pages", () => {
  test(
    "have a list of contents from three chapters on, bookmarks, and numbers",
    async () => {
      const two = await pagesOf(await made(request([simulation({ a: 1 })])));
      expect(two.join()).not.toContain("Contents");
      const pdf = await made(
        request([
          simulation({ a: 1 }, { metadata: { name: "One" } }),
          simulation({ a: 2 }, { metadata: { name: "Two" } }),
        ]),
      );
      const pages = await pagesOf(pdf);
      expect(pages[0]).toContain("Contents");
      for (const [i, page] of pages.entries()) expect(page).toContain(`Page ${i + 1} of ${pages.length}`);
      const outline = await (await getDocumentProxy(pdf)).getOutline();
      expect(outline.map(({ title }: { title: string }) => title.replace(/^[\d.\s]+/, ""))).toEqual([
        "One",
        "Two",
        "Provenance",
      ]);
    },
    LIMIT_MS,
  );

  test(
    "say what the report is of and what it is made from",
    async () => {
      const result = { stamp: { engine: "cpu-f64", model: 1, snapshot: "41059a637ce0a84c", seed: 7 }, value: 1 };
      const text = (await madeText(request([simulation(result)]), "PDF")).replace(/\s+/g, " ");
      const hash = (value: unknown) => new Bun.CryptoHasher("sha256").update(jsonBytes(value)).digest("hex");
      const parts = [
        "2026-11-27 19:36:44 UTC",
        "01936d30-0000-7abc-8def-0123456789ab",
        "2026-11-27 19:31:12 UTC",
        "Engine cpu-f64",
        "Snapshot 41059a637ce0a84c",
        "Seed 7",
      ];
      for (const part of [...parts, hash(result), hash({ iterations: 10_000, seed: 42 })]) expect(text).toContain(part);
    },
    LIMIT_MS,
  );

  test(
    "bear the time of the report, and equal requests give equal bytes",
    async () => {
      const one = request([simulation({ a: 1 })]);
      const info = async (pdf: Uint8Array) =>
        (await (await getDocumentProxy(Uint8Array.from(pdf))).getMetadata()).info as Record<string, string>;
      const first = await made(one);
      expect(await made(one)).toEqual(first);
      expect(await info(first)).toMatchObject({ Title: "Monte Carlo estimate", CreationDate: "D:20261127193644Z" });
      expect(await made({ ...one, generatedAt: "2026-11-27T19:36:45Z" })).not.toEqual(first);
    },
    LIMIT_MS,
  );

  test(
    "show text as text, markup or not",
    async () => {
      const hostile =
        '#read("/etc/passwd") $x^2$ \\ *b* _i_ <label> @ref = head - item + item / term: it // no ~ "quotes"';
      const sections = [
        {
          title: hostile,
          text: hostile,
          keyFigures: [{ name: hostile, value: hostile }],
          tables: [{ title: hostile, columns: [{ name: hostile }], rows: [[hostile]] }],
        },
      ];
      const text = letters(
        await madeText(
          request([withSections(sections)], {
            reportType: "detailed_analysis",
            parameters: { title: hostile, note: hostile },
          }),
          "PDF",
        ),
      );
      expect(text.split(letters(hostile)).length - 1).toBeGreaterThanOrEqual(8);
    },
    LIMIT_MS,
  );
});

describe("a table", () => {
  test(
    "has its head on every page",
    async () => {
      const pages = await pagesOf(
        await made(request([withSections([table(200)])], { reportType: "detailed_analysis" })),
      );
      const withRows = pages.filter((page) => /run \d+/.test(page));
      expect(withRows.length).toBeGreaterThan(3);
      for (const page of withRows) expect(page).toContain("Value 2");
      const text = pages.join("\n");
      for (const row of [0, 99, 199]) expect(text).toMatch(new RegExp(`run ${row}\\b`));
    },
    LIMIT_MS,
  );

  test(
    "of 2,000 rows is whole, of more goes on in the CSV, and says so",
    async () => {
      const whole = await madeText(request([withSections([table(2000)])], { reportType: "detailed_analysis" }), "PDF");
      expect(whole).toContain("run 1999");
      expect(whole).not.toContain("the CSV report has all");
      const long = request([withSections([table(5000)])], { reportType: "detailed_analysis" });
      const cut = await madeText(long, "PDF");
      expect(cut).toContain("first 2000 of 5000 rows; the CSV report has all");
      expect(cut).not.toContain("run 2000");
      expect(await madeText(long, "CSV")).toContain("\r\nrun 4999,0,4999\r\n");
    },
    LIMIT_MS,
  );

  test(
    "with many columns stands in parts, each with the first column",
    async () => {
      const text = await madeText(request([withSections([table(3, 12)])], { reportType: "detailed_analysis" }), "PDF");
      expect(text).toContain("part 1 of 2");
      expect(text).toContain("part 2 of 2");
      expect(text.split("run 2").length - 1).toBe(2);
      for (let column = 1; column < 12; column++) expect(text).toMatch(new RegExp(`Value ${column}\\b`));
    },
    LIMIT_MS,
  );

  test(
    "shows a cell of 400 letters without a space, and one that is taller than a page, whole",
    async () => {
      const long = Array.from({ length: 100 }, (_, i) => String(i).padStart(3, "0")).join("x");
      const tall = Array.from({ length: 260 }, (_, i) => `word${i}`).join(" ");
      const rows = [
        [long, 1, tall],
        ["short", 2, "short"],
      ];
      const sections = [
        { title: "Cells", tables: [{ title: "", columns: [{ name: "a" }, { name: "b" }, { name: "c" }], rows }] },
      ];
      const began = performance.now();
      const pages = await pagesOf(await made(request([withSections(sections)], { reportType: "detailed_analysis" })));
      expect(performance.now() - began).toBeLessThan(20_000);
      const text = letters(pages.join(""));
      for (let i = 0; i < 260; i++) expect(text).toContain(`word${i}`);
      // Columns stand beside each other, so that a text reader may take their lines by turns; no letter is missing.
      const count = (letter: string, within: string) => within.split(letter).length - 1;
      expect(count("x", text)).toBeGreaterThanOrEqual(count("x", long));
      expect(pages[0]!.length).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );
});

test(
  "a report over the limits of a PDF says what it leaves out",
  async () => {
    const chart = {
      kind: "line",
      title: "c",
      unit: "",
      x: { startDay: 1 },
      series: [{ name: "c", values: [1, 2] }],
    } as const;
    const sections = Array.from({ length: 6 }, () => ({
      title: "Many",
      charts: Array.from({ length: 50 }, () => chart),
    }));
    const text = await madeText(request([withSections(sections)], { reportType: "detailed_analysis" }), "PDF");
    expect(text.replace(/\s+/g, " ")).toContain(
      "100 charts: over the limit of a PDF; the HTML and JSON reports have them.",
    );
  },
  LIMIT_MS,
);

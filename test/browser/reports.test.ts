import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Browser, chromium, type Page } from "playwright-core";
import { browserLaunch } from "../support/chromium";
import { madeText } from "../systems/jobs/reports/making";
import { request, simulation } from "../systems/jobs/reports/requests";

setDefaultTimeout(60_000);

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch(await browserLaunch());
});
afterAll(() => browser.close());

/** Opens the report in a browser and notes all that it asks for or complains of. */
async function opened(html: string, width = 1000): Promise<{ page: Page; noted: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const noted: string[] = [];
  page.on("console", (message) => noted.push(message.text()));
  page.on("pageerror", (error) => noted.push(error.message));
  page.on("request", ({ url }) => noted.push(url()));
  await page.setContent(html);
  return { page, noted };
}

const hostile = `<script>document.title="run"</script><img src=x onerror=alert(1)>"'&\u202E\u0000`;

describe("a report as HTML", () => {
  test("shows text as text, runs nothing and asks for nothing", async () => {
    const sections = [
      {
        title: hostile,
        text: hostile,
        keyFigures: [{ name: hostile, value: hostile, unit: hostile, note: hostile }],
        charts: [
          {
            kind: "line",
            title: hostile,
            unit: hostile,
            x: { startDay: 20_000 },
            series: [
              { name: hostile, values: [1, 2] },
              { name: "b", values: [2, 1] },
            ],
          },
        ],
        tables: [{ title: hostile, columns: [{ name: hostile, unit: hostile }], rows: [[hostile]], note: hostile }],
      },
    ] as const;
    const asked = request([simulation({}, { sections, metadata: { name: hostile } })], {
      reportType: "detailed_analysis",
      parameters: { title: hostile, note: hostile },
    });
    const { page, noted } = await opened(await madeText(asked, "HTML"));
    expect(noted).toEqual([]);
    const shown = hostile.replace("\u202E", "").replace("\0", "");
    expect(await page.title()).toBe(shown);
    expect(await page.locator("script, img").count()).toBe(0);
    const text = (await page.locator("body").textContent())!;
    expect(text.split(shown).length - 1).toBeGreaterThanOrEqual(10);
  });

  test("has its charts as pictures with a title, contents with links, and heads of tables", async () => {
    const result = { spread: { edges: [0, 1, 2], counts: [1, 2] }, rows: [{ a: 1, b: "x" }] };
    const asked = request(
      [simulation(result, { metadata: { name: "One" } }), simulation(result, { metadata: { name: "שלום" } })],
      { reportType: "detailed_analysis" },
    );
    const { page } = await opened(await madeText(asked, "HTML"));
    expect(await page.locator("figure svg[role=img] title").first().textContent()).toBe("Spread, values per bin");
    const links = page.locator("nav a");
    expect(await links.allTextContents()).toEqual(["One", "שלום", "Provenance"]);
    for (const href of await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")!))) {
      expect(await page.locator(href).count()).toBe(1);
    }
    expect(await page.locator("main table").first().locator("th[scope=col]").allTextContents()).toEqual(["A", "B"]);
    expect(
      await page.locator("h2", { hasText: "שלום" }).evaluate((heading) => getComputedStyle(heading).direction),
    ).toBe("rtl");
  });

  test("fits a narrow screen", async () => {
    const columns = Array.from({ length: 9 }, (_, i) => ({ name: `A long name of column ${i}` }));
    const sections = [{ title: "Wide", tables: [{ title: "", columns, rows: [columns.map((_, i) => 1e6 * i)] }] }];
    const { page } = await opened(
      await madeText(request([simulation({}, { sections })], { reportType: "detailed_analysis" }), "HTML"),
      360,
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});

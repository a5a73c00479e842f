import { expect } from "bun:test";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { browserLaunch } from "../support/chromium";

/** The sizes and colour schemes in which every page is looked at. */
export const VIEWS = [
  { name: "wide-light", width: 1440, height: 900, scheme: "light" },
  { name: "wide-dark", width: 1440, height: 900, scheme: "dark" },
  { name: "narrow-light", width: 360, height: 740, scheme: "light" },
  { name: "narrow-dark", width: 360, height: 740, scheme: "dark" },
] as const;

export type View = (typeof VIEWS)[number];

/** What each page may cost: bytes of script over the wire, and milliseconds until something is seen. */
const SCRIPT_BUDGET_BYTES = 60_000;
const FIRST_PAINT_BUDGET_MS = 500;

/** A page under test. Whatever it must not do is gathered and told by `expectNoFaults`. */
export interface WatchedPage {
  page: Page;
  /** No console message, no failed script, no request to another host so far. */
  expectNoFaults(): void;
  /** What axe-core finds nothing against. */
  expectAccessible(): Promise<void>;
  /** First paint and script size of the last load, measured in the browser. */
  expectWithinBudget(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the headless browser; the caller closes it. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch(await browserLaunch());
}

const SHELL_IS_LIVE = ".freshness.live";

/** Opens `url` in that view and waits until the shell has heard from the server, or for what says so without a shell. */
export async function openPage(
  browser: Browser,
  url: string,
  view: View = VIEWS[0],
  ready = SHELL_IS_LIVE,
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.scheme,
    reducedMotion: "reduce",
    // Without it a machine that sets no language gives the page one that no formatter knows (en-US@posix).
    locale: "en-US",
  });
  const page = await context.newPage();
  const faults: string[] = [];
  const host = new URL(url).host;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
  page.on("request", (request) => {
    const to = new URL(request.url());
    if (to.protocol.startsWith("http") && to.host !== host) faults.push(`request to ${request.url()}`);
  });
  await page.goto(url);
  await page.locator(ready).waitFor();
  return {
    page,
    expectNoFaults: () => expect(faults).toEqual([]),
    expectAccessible: () => expectAccessible(page),
    expectWithinBudget: () => expectWithinBudget(page),
    close: () => context.close(),
  };
}

const DEADLINE_MS = 15_000;
const LOOK_AGAIN_MS = 20;

/** Waits until the condition holds; fails after fifteen seconds. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not true within ${DEADLINE_MS} ms: ${holds}`);
    await Bun.sleep(LOOK_AGAIN_MS);
  }
}

/** A busy machine paints late; only a page that is late each time is itself slow. */
const PAINT_TRIES = 4;

async function expectWithinBudget(page: Page): Promise<void> {
  const { scriptBytes, scripts, firstPaintMs } = await costOf(page);
  expect(scripts).toBeGreaterThan(0);
  expect(scriptBytes).toBeGreaterThan(0);
  expect(scriptBytes).toBeLessThan(SCRIPT_BUDGET_BYTES);
  let quickestMs = firstPaintMs;
  for (let i = 1; i < PAINT_TRIES && quickestMs >= FIRST_PAINT_BUDGET_MS; i++) {
    const fresh = await page.context().browser()!.newPage({ locale: "en-US" });
    await fresh.goto(page.url());
    quickestMs = Math.min(quickestMs, (await costOf(fresh)).firstPaintMs);
    await fresh.context().close();
  }
  expect(quickestMs).toBeLessThan(FIRST_PAINT_BUDGET_MS);
}

function costOf(page: Page) {
  return page.evaluate(async () => {
    // The browser tells of the paint some time after it, so it is waited for.
    const firstPaintMs = await new Promise<number>((resolve) => {
      new PerformanceObserver((list) => {
        for (const { name, startTime } of list.getEntries()) {
          if (name === "first-contentful-paint") resolve(startTime);
        }
      }).observe({ type: "paint", buffered: true });
    });
    const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const scripts = resources.filter(({ name }) => name.endsWith(".js"));
    const scriptBytes = scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    return { scriptBytes, scripts: scripts.length, firstPaintMs };
  });
}

interface AxeResults {
  violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
}

const axeSource = Bun.file(join(import.meta.dir, "../../node_modules/axe-core/axe.min.js"));

async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(await axeSource.text());
  const { violations } = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults;
  const told = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join("\n")}`,
  );
  expect(told).toEqual([]);
}

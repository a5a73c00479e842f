import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { type FixtureServer, startFixtureServer } from "./fixtureServer";
import { openPage, startBrowser, VIEWS } from "./harness";
import { expectAsPictured } from "./screenshots";

setDefaultTimeout(30_000);

let server: FixtureServer;
let browser: Browser;

beforeAll(async () => {
  server = startFixtureServer();
  server.backups.push({ name: "foresight-20250909-020000.zip", bytes: 4_100_000, time: "2025-09-09T02:00:00Z" });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Wide and light, narrow and dark: enough for what is behind a tab, made of parts that are looked at in all four. */
const TWO_VIEWS = [VIEWS[0], VIEWS[3]];

/** Every view of the pages built so far, with something that is there when it is complete. */
const SIGHTS = [
  { name: "start", path: "/", views: VIEWS, complete: "text=Sample, 2022-10-10 to 2025-09-09." },
  { name: "system-health", path: "/system", views: VIEWS, complete: "text=Sample, 2022-10-10 to 2025-09-09." },
  { name: "system-logs", path: "/system?tab=logs", views: TWO_VIEWS, complete: "text=request failed" },
  { name: "system-settings", path: "/system?tab=settings", views: TWO_VIEWS, complete: "text=MAX_BODY_BYTES" },
  { name: "system-metrics", path: "/system?tab=metrics", views: TWO_VIEWS, complete: "text=POST /simulate" },
  { name: "system-storage", path: "/system?tab=storage", views: TWO_VIEWS, complete: "text=foresight-20250909" },
  { name: "parts", path: "/parts", views: VIEWS, complete: "#chart-error canvas" },
];

const cases = SIGHTS.flatMap((sight) => sight.views.map((view) => [sight.name, view.name, sight, view] as const));

describe.each(cases)("%s in %s", (name, viewName, sight, view) => {
  test("is quiet, accessible, small, quick, as wide as the screen, and as pictured", async () => {
    const watched = await openPage(browser, server.url + sight.path, view);
    const { page } = watched;
    await page.locator(sight.complete).first().waitFor();
    await watched.expectWithinBudget();
    await watched.expectAccessible();
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wider).toBe(0);
    await expectAsPictured(browser, page, `${name}-${viewName}`);
    watched.expectNoFaults();
    await watched.close();
  });
});

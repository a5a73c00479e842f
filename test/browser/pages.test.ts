import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, VIEWS } from "./harness";
import { expectAsPictured } from "./screenshots";

setDefaultTimeout(30_000);

// The pages as the program serves them, with its own figures: what a user sees after the first command. The pictures in
// docs/screenshots are of this program too.

// The pages show paths, which must not be longer in one run than in another.
const folder = mkdtempSync("/tmp/foresight-");
let program: Served;
let browser: Browser;

beforeAll(async () => {
  const places = { cwd: folder, dataDir: "data", env: { BACKUP_DIR: "backups", LOG_LEVEL: "debug" } };
  [program, browser] = await Promise.all([serve([], places), startBrowser()]);
  await useProgram();
});

afterAll(async () => {
  await browser.close();
  expect(await program.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

/** Something to see: a forecast, workers, refusals in the log. */
async function useProgram(): Promise<void> {
  const post = (path: string, body: unknown) =>
    fetch(program.url + path, { method: "POST", headers: JSON_TYPE, body: JSON.stringify(body) });
  expect((await post("/simulate", { forecast_length_days: 365 })).status).toBe(200);
  expect((await post("/api/simulator/start", { workers: 3 })).status).toBe(200);
  for (const path of ["/api/leases/none", "/api/workers/none/pricing"]) {
    expect((await fetch(program.url + path)).status).toBe(404);
  }
}

const JSON_TYPE = { "content-type": "application/json" };
/** Wide and light, narrow and dark: enough for what is behind a tab, made of parts that are looked at in all four. */
const TWO_VIEWS = [VIEWS[0], VIEWS[3]];

const sights = [
  { name: "start", path: "/", views: VIEWS, complete: "text=a small graph is right" },
  { name: "system-health", path: "/system", views: VIEWS, complete: "text=a small graph is right" },
  { name: "system-logs", path: "/system?tab=logs&level=debug", views: TWO_VIEWS, complete: "text=serving" },
  { name: "system-settings", path: "/system?tab=settings", views: TWO_VIEWS, complete: "text=DATA_DIR" },
  { name: "system-metrics", path: "/system?tab=metrics", views: TWO_VIEWS, complete: "text=Event loop" },
  { name: "system-storage", path: "/system?tab=storage", views: TWO_VIEWS, complete: "text=foresight.db" },
];

const cases = sights.flatMap((sight) => sight.views.map((view) => [sight.name, view.name, sight, view] as const));

describe("the program's own pages", () => {
  test.each(cases)("%s in %s is quiet, accessible, small, quick and as pictured", async (name, _, sight, view) => {
    const watched = await openPage(browser, program.url + sight.path, view);
    const { page } = watched;
    await page.locator(sight.complete).first().waitFor();
    await watched.expectWithinBudget();
    await watched.expectAccessible();
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
    await expectAsPictured(browser, page, `${name}-${view.name}`);
    watched.expectNoFaults();
    await watched.close();
  });

  test("each system on the start page shows a live figure and one action that leads somewhere", async () => {
    const watched = await openPage(browser, program.url);
    const { page } = watched;
    const cards = page.locator(".cards .card");
    await cards.first().waitFor();
    for (const card of await cards.all()) {
      expect(await card.locator(".figure").textContent()).toMatch(/\d|–/);
      expect(await card.locator("a.button").count()).toBe(1);
    }
    await page.getByText("sample, to 2025-09-09").waitFor();
    await watched.close();
  });

  test("a backup made from the page is in the folder of backups", async () => {
    const watched = await openPage(browser, `${program.url}/system?tab=storage`);
    const { page } = watched;
    await page.getByRole("button", { name: "Back up now" }).click();
    const cell = page.getByRole("cell", { name: /^foresight-.*\.tar\.gz$/ });
    await cell.waitFor({ timeout: 10_000 });
    const name = (await cell.textContent()) ?? "";
    expect(Bun.file(join(folder, "backups", name)).size).toBeGreaterThan(0);
    watched.expectNoFaults();
    await watched.close();
  });
});

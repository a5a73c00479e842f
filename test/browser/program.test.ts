import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { type Served, scratchFolder, serve } from "../support/program";
import { openPage, startBrowser, VIEWS } from "./harness";

setDefaultTimeout(30_000);

// The pages as the program serves them, with its own figures: what a user sees after the first command.

const backupDir = scratchFolder();
let program: Served;
let browser: Browser;

beforeAll(async () => {
  [program, browser] = await Promise.all([serve([], { env: { BACKUP_DIR: backupDir } }), startBrowser()]);
});

afterAll(async () => {
  await browser.close();
  expect(await program.stop()).toBe(0);
  for (const folder of [program.dataDir, backupDir]) await rm(folder, { recursive: true });
});

const sights = [
  { path: "/", complete: "text=What this machine can do" },
  { path: "/system", complete: "text=Takes requests." },
  { path: "/system?tab=logs", complete: "text=serving" },
  { path: "/system?tab=settings", complete: "text=DATA_DIR" },
  { path: "/system?tab=metrics", complete: "text=Event loop" },
  { path: "/system?tab=storage", complete: "text=foresight.db" },
];

const cases = sights.flatMap(({ path, complete }) =>
  [VIEWS[0], VIEWS[3]].map((view) => [path, view.name, complete, view] as const),
);

describe("the program's own pages", () => {
  test.each(cases)("%s in %s is quiet, accessible, small and quick", async (path, _, complete, view) => {
    const watched = await openPage(browser, program.url + path, view);
    await watched.page.locator(complete).first().waitFor();
    await watched.expectWithinBudget();
    await watched.expectAccessible();
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
    expect(Bun.file(join(backupDir, name)).size).toBeGreaterThan(0);
    watched.expectNoFaults();
    await watched.close();
  });
});

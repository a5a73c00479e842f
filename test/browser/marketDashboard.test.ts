import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS, type WatchedPage } from "./harness";
import { ask, connectMiner, type Miner } from "./marketMiners";
import { expectAsPictured } from "./screenshots";

setDefaultTimeout(30_000);

// The drop-in for the market's older page, on the main port and on the market's own, where there is nothing else.

const READY = ".cards.figures";

let program: Served;
let ownUrl: string;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let miner: Miner;

beforeAll(async () => {
  const args = ["--only", "market,chain,mqtt"];
  [program, browser] = await Promise.all([serve(args, { env: { MARKET_PORT: "0" } }), startBrowser()]);
  ownUrl = /"serving alone","system":"market","url":"([^"]+)"/.exec(program.err())![1]!;
  // Pages are bundled when the first one is asked for, and the browser warms up with its first one.
  await (await openPage(browser, `${program.url}/dashboard`, VIEWS[0], READY)).close();
  miner = await connectMiner(program.mqttPort!, { id: "omega", gpus: ["NVIDIA H100"], hashrate: 1000 });
});

afterAll(async () => {
  await browser.close();
  await miner.leave();
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
});

async function open(url: string, view = VIEWS[0] as (typeof VIEWS)[number]): Promise<void> {
  watched = await openPage(browser, url, view, READY);
  page = watched.page;
  page.setDefaultTimeout(5000);
}

async function closeQuietly(): Promise<void> {
  watched.expectNoFaults();
  await watched.close();
}

test.each(VIEWS.map((view) => [view.name, view] as const))(
  "its six cards and its workers in %s",
  async (name, view) => {
    await open(`${program.url}/dashboard`, view);
    expect(await page.title()).toBe("XenMiner Hashpower Marketplace");
    expect(await page.locator(".figures h2").allTextContents()).toEqual([
      ...["Workers Online", "Active Leases", "Total Blocks", "Self-Mined", "Settlements", "MQTT Clients"],
    ]);
    await page.getByRole("cell", { name: "omega" }).waitFor();
    await watched.expectWithinBudget();
    await watched.expectAccessible();
    const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(wider).toBe(0);
    await expectAsPictured(browser, page, `dashboard-${name}`);
    await closeQuietly();
  },
);

test("on the market's own port a worker is rented, its block seen and the lease stopped", async () => {
  await open(`${ownUrl}/dashboard?tab=rent`);
  await page.getByText("Holds", { exact: false }).waitFor();
  await page.getByRole("button", { name: "1 min", exact: true }).click();
  await page.getByLabel("Cost").getByText("0.6000").waitFor();
  await watched.expectAccessible();
  await page.getByRole("button", { name: "Rent", exact: true }).click();
  await page.getByText(/has begun/).waitFor();
  const key = await miner.find(program.url);

  await page.getByRole("tab", { name: "Blocks" }).click();
  await page.getByTitle(key, { exact: true }).waitFor();
  await page.getByRole("tab", { name: "Leases" }).click();
  await page.getByRole("button", { name: /^Stop lease-/ }).click();
  await page.getByRole("row", { name: /omega.*completed/ }).waitFor();
  await page.getByRole("tab", { name: "Accounts" }).click();
  await page.getByRole("cell", { name: "platform-treasury" }).waitFor();
  await watched.expectAccessible();
  const { total_blocks } = await ask<{ total_blocks: number }>(program.url, "/api/status");
  const shown = page.getByRole("region", { name: "Total Blocks" }).locator(".figure");
  await until(async () => (await shown.textContent()) === String(total_blocks));
  await closeQuietly();
});

test("a worker is shut down only after somebody has said so twice", async () => {
  await open(`${program.url}/dashboard?tab=control`, VIEWS[2]);
  const told = () => miner.heard.map(({ action }) => action).filter((action) => action !== undefined);
  await page.getByRole("combobox", { name: "Worker" }).selectOption("omega");
  await page.getByRole("button", { name: "Pause" }).click();
  await until(() => told().includes("pause"));
  await page.getByRole("button", { name: "Shut down" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^Shut down omega\?/).waitFor();
  await watched.expectAccessible();
  await dialog.getByRole("button", { name: "Keep running" }).click();
  await page.getByRole("button", { name: "Shut down" }).click();
  expect(told()).not.toContain("shutdown");
  await dialog.getByRole("button", { name: "Shut down" }).click();
  await until(() => told().includes("shutdown"));
  await closeQuietly();
});

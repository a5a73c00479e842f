import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS, type WatchedPage } from "./harness";
import { ask, connectMiner, type Miner } from "./marketMiners";
import { columnOf, drawnBy } from "./plots";
import { expectAsPictured } from "./screenshots";

setDefaultTimeout(30_000);

// The market's page as the program serves it, with workers that are really connected. Each test rents a worker of its
// own and gives it back.

let program: Served;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
const miners = new Map<string, Miner>();

/** By price per hash: beta 4, alpha 5, gamma 10 XNM/MH. */
const FLEET = [
  { id: "alpha", gpus: ["NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090"], hashrate: 2000, price: 0.6 },
  { id: "beta", gpus: ["NVIDIA GeForce RTX 3080"], hashrate: 500, price: 0.12 },
  { id: "gamma", gpus: ["NVIDIA A100", "NVIDIA A100", "NVIDIA GeForce RTX 3080"], hashrate: 4000, price: 2.4 },
];

beforeAll(async () => {
  [program, browser] = await Promise.all([serve(["--only", "market,chain,mqtt"]), startBrowser()]);
  // Pages are bundled when the first one is asked for, and the browser warms up with its first one.
  await (await openPage(browser, `${program.url}/market`)).close();
  for (const { price, ...look } of FLEET) {
    miners.set(look.id, await connectMiner(program.mqttPort!, look));
    await ask(program.url, `/api/workers/${look.id}/pricing`, { price_per_min: price }, { method: "PUT" });
  }
});

afterAll(async () => {
  await browser.close();
  await Promise.all([...miners.values()].map((miner) => miner.leave()));
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
});

async function open(path: string, view = VIEWS[0] as (typeof VIEWS)[number]): Promise<void> {
  watched = await openPage(browser, program.url + path, view);
  page = watched.page;
  page.setDefaultTimeout(5000);
}

async function closeQuietly(): Promise<void> {
  watched.expectNoFaults();
  await watched.close();
}

const workersListed = () => page.locator("tbody tr td:first-child").allTextContents();

async function expectWorkers(names: string[]): Promise<void> {
  await until(async () => (await workersListed()).join() === names.join());
}

describe("the offers", () => {
  test.each(VIEWS.map((view) => [view.name, view] as const))("in %s are as pictured", async (name, view) => {
    await open("/market", view);
    await expectWorkers(["beta", "alpha", "gamma"]);
    await page.getByText("Live", { exact: true }).waitFor();
    await watched.expectWithinBudget();
    await watched.expectAccessible();
    const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(wider).toBe(0);
    await expectAsPictured(browser, page, `market-${name}`);
    await closeQuietly();
  });

  test.each([[660], [1000]])("at %d px widen no page, and the button that rents stays in sight", async (width) => {
    await open("/market", { name: "wide-light", width: width as 1440, height: 900, scheme: "light" });
    await expectWorkers(["beta", "alpha", "gamma"]);
    const beyond = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(beyond).toBe(0);
    const onTop = await page.getByRole("button", { name: "Rent beta" }).evaluate((button) => {
      const { left, right, top, bottom } = button.getBoundingClientRect();
      const hits = [left + 2, right - 2].map((x) => document.elementFromPoint(x, (top + bottom) / 2) === button);
      return hits.every(Boolean);
    });
    expect(onTop).toBe(true);
    await closeQuietly();
  });

  test("say price per hash, and follow a heartbeat at once", async () => {
    await open("/market");
    const cells = page.getByRole("row", { name: /alpha/ }).getByRole("cell");
    await until(async () => (await cells.allTextContents()).includes("5.000"));
    expect((await cells.allTextContents()).slice(0, 5)).toEqual([
      "alpha",
      "2 × RTX 4090",
      "2\u202f000",
      "0.6000",
      "5.000",
    ]);
    await miners.get("alpha")!.beat(2500);
    await until(async () => (await cells.allTextContents()).includes("4.000"));
    await miners.get("alpha")!.beat(2000);
    await until(async () => (await cells.allTextContents()).includes("5.000"));
    await closeQuietly();
  });

  test("are filtered and sorted; a link to them shows the same, and Back undoes a step", async () => {
    await open("/market");
    await page.getByRole("combobox", { name: "GPU" }).selectOption("RTX 3080");
    await expectWorkers(["beta", "gamma"]);
    await page
      .getByRole("columnheader", { name: /^Price/ })
      .getByRole("button")
      .click();
    await page
      .getByRole("columnheader", { name: /^Price/ })
      .getByRole("button")
      .click();
    await page.mouse.move(0, 0);
    await expectWorkers(["gamma", "beta"]);
    await page.getByLabel("At most, XNM/min").fill("1");
    await expectWorkers(["beta"]);
    await page.waitForURL(/price=1/);
    expect(new URL(page.url()).searchParams.get("offers.sort")).toBe("-price");
    await page.reload();
    await expectWorkers(["beta"]);
    expect(await page.getByRole("combobox", { name: "GPU" }).inputValue()).toBe("RTX 3080");
    await page.getByLabel("At least, H/s").fill("900");
    await page.getByText("None of the 3 workers is like that.").waitFor();
    await page.waitForURL(/rate=900/);
    await page.goBack();
    await expectWorkers(["beta"]);
    await page.getByLabel("At least, H/s").fill("901");
    await page.getByRole("button", { name: "Show every worker" }).click();
    expect((await workersListed()).length).toBe(3);
    await closeQuietly();
  });

  test("show the parts of a reputation under the pointer and on focus", async () => {
    await open("/market");
    const stars = page.getByRole("row", { name: /alpha/ }).getByRole("button", { name: /of 5 stars/ });
    await stars.hover();
    const parts = page.getByRole("tooltip");
    await parts.waitFor();
    expect(await parts.locator(".reputation-part > :first-child").allTextContents()).toEqual([
      ...["Blocks", "Completion", "Uptime", "Age"],
    ]);
    await watched.expectAccessible();
    await page.mouse.move(0, 0);
    await parts.waitFor({ state: "detached" });
    await stars.focus();
    await parts.waitFor();
    await page.keyboard.press("Escape");
    await parts.waitFor({ state: "detached" });
    await closeQuietly();
  });
});

describe("a worker's page", () => {
  test.each([VIEWS[0], VIEWS[3]].map((view) => [view.name, view] as const))(
    "in %s draws its hash rates and says what its reputation is made of",
    async (name, view) => {
      const nowS = Date.now() / 1000;
      const samples = Array.from({ length: 100 }, (_, i) => ({
        hashrate: 4000 + 40 * (i % 9),
        timestamp: nowS - 3000 + 30 * i,
      }));
      watched = await openPage(browser, program.url, view);
      page = watched.page;
      await page.route("**/api/monitoring/hashrate-history?*", (route) => route.fulfill({ json: samples }));
      await page.goto(`${program.url}/market?worker=gamma`);
      await page.locator("#chart-hashrate canvas").waitFor();
      expect(await columnOf(page, "hashrate", 1)).toEqual([Number.NaN, ...samples.map(({ hashrate }) => hashrate)]);
      expect((await drawnBy(page, "hashrate")).x[0]).toBe(-60);
      await page.getByText("2.4000").waitFor();
      await page.getByText("10.000 XNM for a million hashes").waitFor();
      await watched.expectWithinBudget();
      await watched.expectAccessible();
      await expectAsPictured(browser, page, `market-worker-${name}`);
      await page.getByRole("link", { name: "All offers" }).click();
      await expectWorkers(["beta", "alpha", "gamma"]);
      await closeQuietly();
    },
  );

  test("of nobody says so and leads back", async () => {
    await open("/market?worker=nobody");
    await page.getByText("No worker with the name nobody has ever registered.").waitFor();
    await page.getByRole("button", { name: "See the offers" }).click();
    await expectWorkers(["beta", "alpha", "gamma"]);
    await closeQuietly();
  });
});

describe("by the keyboard alone", () => {
  test("a worker is found, rented, and its lease stopped", async () => {
    await open("/market");
    await expectWorkers(["beta", "alpha", "gamma"]);
    const focused = () => page.evaluate(() => document.activeElement?.ariaLabel || document.activeElement?.textContent);
    async function tabTo(name: string): Promise<void> {
      for (let i = 0; i < 60; i++) {
        if ((await focused()) === name) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`Tab leads to ${await focused()}, never to ${name}`);
    }
    await tabTo("Rent beta");
    await page.keyboard.press("Enter");
    await page
      .getByRole("dialog")
      .getByText(/^Holds/)
      .waitFor();
    await tabTo("Rent");
    await page.keyboard.press("Enter");
    await page.getByText("running", { exact: true }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    await tabTo("Stop and settle");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Receipt" }).waitFor();
    await closeQuietly();
  });
});

describe("a lease", () => {
  test.each([
    ["alpha", VIEWS[0]],
    ["gamma", VIEWS[3]],
  ] as const)("of %s is rented, watched, stopped and receipted", async (id, view) => {
    await open("/market", view);
    await page.getByRole("button", { name: `Rent ${id}` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/^Holds [\d\u202f]+\.\d{4} XNM$/).waitFor();
    const rate = FLEET.find((one) => one.id === id)!.price;
    await dialog
      .getByLabel("Cost")
      .getByText((rate * 10).toFixed(4))
      .first()
      .waitFor();
    await dialog.getByLabel("Duration").fill("5");
    await dialog.getByText("Duration below minimum (60s)").waitFor();
    await dialog.getByRole("button", { name: "1 min", exact: true }).click();
    await dialog.getByLabel("Cost").getByText(rate.toFixed(4), { exact: false }).first().waitFor();
    await watched.expectAccessible();
    await expectAsPictured(browser, page, `market-rent-${view.name}`);
    await dialog.getByRole("button", { name: "Rent", exact: true }).click();

    await page.getByText("running", { exact: true }).waitFor();
    await page.waitForURL(/lease=/);
    const leaseId = new URL(page.url()).searchParams.get("lease") ?? "";
    const figure = (title: string) =>
      page.getByRole("region", { name: title, exact: true }).locator(".figure").textContent();
    await until(async () => Number.parseInt((await figure("Time"))!, 10) >= 1);
    const seconds = Number.parseInt((await figure("Time"))!, 10);
    const cost = Number.parseFloat((await figure("Cost so far"))!);
    expect(cost).toBeGreaterThanOrEqual(((seconds - 1) * rate) / 60);
    expect(cost).toBeLessThanOrEqual(((seconds + 2) * rate) / 60);

    // What is agreed stays, whatever the worker asks of others from now on.
    const dear = { price_per_min: 10 * rate };
    await ask(program.url, `/api/workers/${id}/pricing`, dear, { method: "PUT" });
    const key = await miners.get(id)!.find(program.url);
    await page.getByTitle(key).first().waitFor();
    await page.getByText("verified", { exact: true }).waitFor();
    expect(await figure("Blocks")).toBe("1");
    const agreed = `${rate.toFixed(4)} XNM/min, at most ${rate.toFixed(4)} XNM`;
    expect(await page.getByRole("region", { name: "Cost so far" }).textContent()).toContain(agreed);
    await ask(program.url, `/api/workers/${id}/pricing`, { price_per_min: rate }, { method: "PUT" });
    await watched.expectAccessible();
    await expectAsPictured(browser, page, `market-lease-${view.name}`);

    await page.getByRole("button", { name: "Stop and settle" }).click();
    const receipt = page.getByRole("region", { name: "Receipt" });
    await receipt.waitFor();
    const { settlement } = await ask<{ settlement: Record<string, number> }>(program.url, `/api/leases/${leaseId}`);
    for (const amount of ["total_cost", "provider_payment", "platform_fee"]) {
      expect(await receipt.textContent()).toContain(`${settlement[amount]!.toFixed(4)} XNM`);
    }
    const saved = page.waitForEvent("download");
    await receipt.getByRole("button", { name: "CSV" }).click();
    const csv = await Bun.file(await (await saved).path()).text();
    expect(csv).toContain(`${leaseId},consumer-1,${id},`);
    await watched.expectAccessible();
    await page.getByRole("link", { name: "All leases" }).click();
    await page
      .getByRole("row", { name: new RegExp(`${id}.*completed`) })
      .first()
      .waitFor();
    await closeQuietly();
  });
});

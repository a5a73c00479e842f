import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS, type WatchedPage } from "./harness";
import { ask, connectMiner, type Miner } from "./marketMiners";

setDefaultTimeout(30_000);

// The market's page for providers, admins and those who look at the chain, and with workers who mean harm.

const ADMIN_KEY = "admin-test-key-do-not-use-in-production";
const HOSTILE_ID = "<img src=x onerror=alert(1)>";
const HOSTILE_GPU = "<script>alert(1)</script>";
const HOSTILE_ADDRESS = "\u202e'\"><script>alert(2)</script>";

let program: Served;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let honest: Miner;
let hostile: Miner;

beforeAll(async () => {
  [program, browser] = await Promise.all([serve(["--only", "market,chain,mqtt"]), startBrowser()]);
  await fetch(`${program.url}/market`);
  honest = await connectMiner(program.mqttPort!, { id: "delta", gpus: ["NVIDIA H100"], hashrate: 1000 });
  const look = { id: HOSTILE_ID, gpus: [HOSTILE_GPU], hashrate: 500, address: HOSTILE_ADDRESS };
  hostile = await connectMiner(program.mqttPort!, look);
});

afterAll(async () => {
  await browser.close();
  await Promise.all([honest.leave(), hostile.leave()]);
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

async function signIn(key: string): Promise<void> {
  await page.getByLabel(/^Key of an account/).fill(key);
  await page.locator("form").getByRole("button", { name: "Sign in" }).click();
}

/** Rents a worker and ends the lease after one block; gives the lease and the block's key. */
async function oneLease(miner: Miner): Promise<{ leaseId: string; key: string }> {
  const leaseId = await rentOf(miner);
  const key = await miner.find(program.url);
  await ask(program.url, "/api/stop", { lease_id: leaseId });
  return { leaseId, key };
}

/** Rents a worker; ends when it has its task. */
async function rentOf(miner: Miner): Promise<string> {
  const order = { consumer_id: "consumer-2", consumer_address: "0xcafe", duration_sec: 60, worker_id: miner.id };
  const { lease_id } = await ask<{ lease_id: string }>(program.url, "/api/rent", order);
  await until(() => miner.heard.some((told) => told["command"] === "assign_task" && told["lease_id"] === lease_id));
  return lease_id;
}

test("defect 23: names that are scripts are shown as text, on every view, and run nowhere", async () => {
  const { leaseId } = await oneLease(hostile);
  const places = [
    ["/market", HOSTILE_ID],
    [`/market?worker=${encodeURIComponent(HOSTILE_ID)}`, HOSTILE_GPU],
    [`/market?tab=leases&lease=${leaseId}`, HOSTILE_ID],
    [`/market?tab=provider&provider=${encodeURIComponent(HOSTILE_ID)}`, HOSTILE_GPU],
    ["/market?tab=chain", HOSTILE_ID],
    ["/dashboard", HOSTILE_GPU],
    ["/dashboard?tab=rent", HOSTILE_ID],
  ] as const;
  const context = await browser.newContext({ locale: "en-US" });
  page = await context.newPage();
  const faults: string[] = [];
  page.on("dialog", (dialog) => faults.push(dialog.message()));
  page.on("console", (message) => faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  for (const [path, words] of places) {
    await page.goto(program.url + path);
    await page.getByText(words).first().waitFor({ state: "attached" });
    expect(await page.locator("#app :is(img, script)").count(), path).toBe(0);
  }
  expect(faults).toEqual([]);
  await context.close();
});

test("the longest name and one that cannot be seen break no page, and both can be pressed", async () => {
  const [seed] = await ask<{ worker_id: string }[]>(program.url, "/api/workers");
  const long = { ...seed, worker_id: "x".repeat(128), gpus: Array.from({ length: 64 }, () => ({ name: "RTX 4090" })) };
  const blank = { ...seed, worker_id: " ", hashrate: 1e300 };
  for (const [path, words] of [
    ["/market", '" "'],
    ["/market?worker=%20", '" "'],
    [`/market?worker=${long.worker_id}`, "64 × RTX 4090"],
    ["/dashboard", '" "'],
    ["/dashboard?tab=rent", '" ", 0.6000 XNM/min'],
    ["/dashboard?tab=control", long.worker_id],
  ] as const) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "en-US" });
    page = await context.newPage();
    page.setDefaultTimeout(5000);
    await page.route("**/api/workers", (route) => route.fulfill({ json: [long, blank] }));
    await page.goto(program.url + path);
    await page.getByText(words, { exact: true }).first().waitFor({ state: "attached" });
    const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect([path, wider]).toEqual([path, 0]);
    if (path === "/market") {
      await page.getByRole("link", { name: '" "' }).click();
      await page.getByRole("heading", { name: '" "' }).waitFor();
    }
    await context.close();
  }
});

test("on a narrow screen no table has a column, or a button, beyond its edge", async () => {
  await oneLease(hostile);
  const leaseId = await rentOf(hostile);
  const tables = [
    "/market",
    "/market?tab=leases",
    `/market?tab=leases&lease=${leaseId}`,
    `/market?tab=provider&provider=${encodeURIComponent(HOSTILE_ID)}`,
    "/market?tab=chain",
    "/market?tab=admin",
    "/dashboard",
    "/dashboard?tab=leases",
    "/dashboard?tab=blocks",
    "/dashboard?tab=accounts",
  ];
  await hostile.find(program.url);
  const lease = () => ask<{ blocks_found: number }>(program.url, `/api/leases/${leaseId}`);
  await until(async () => (await lease()).blocks_found === 1);
  for (const path of tables) {
    watched = await openPage(browser, program.url + path, VIEWS[2], "#main");
    page = watched.page;
    page.setDefaultTimeout(5000);
    if (path.endsWith("admin")) await signIn(ADMIN_KEY);
    const table = page.locator(".table-scroll").first();
    await table.locator("tbody tr").first().waitFor();
    for (const one of await page.locator(".table-scroll").all()) {
      const beyond = await one.evaluate((element) => element.scrollWidth - element.clientWidth);
      expect([path, await one.getAttribute("aria-label"), beyond]).toEqual([
        path,
        await one.getAttribute("aria-label"),
        0,
      ]);
    }
    await watched.close();
  }
  await ask(program.url, "/api/stop", { lease_id: leaseId });
});

describe("a provider", () => {
  test.each([VIEWS[1], VIEWS[2]].map((view) => [view.name, view] as const))(
    "sees what its worker has earned and sets its price, in %s",
    async (_, view) => {
      await oneLease(honest);
      await open("/market?tab=provider&provider=delta", view);
      const { earnings } = await ask<{ earnings: { provider_payment: number }[] }>(
        program.url,
        "/api/provider/earnings?provider_id=delta",
      );
      const earned = earnings[0]!.provider_payment.toFixed(4);
      const table = page.getByRole("region", { name: "Earnings" });
      await table.getByRole("cell", { name: earned }).first().waitFor();
      await page.getByRole("button", { name: "Price of delta" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(/3\.5000 XNM\/min is suggested/).waitFor();
      await dialog.getByRole("textbox", { name: /^Price/ }).fill("-1");
      await dialog.getByText("Expected 0 or more, got -1").waitFor();
      const price = view.width === 1440 ? "1.25" : "1.5";
      await dialog.getByRole("textbox", { name: /^Price/ }).fill(price);
      await watched.expectAccessible();
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.getByRole("cell", { name: Number(price).toFixed(4) }).waitFor();
      expect(await ask<object>(program.url, "/api/workers/delta/pricing")).toMatchObject({ price_per_min: +price });
      await watched.expectAccessible();
      await closeQuietly();
    },
  );
});

describe("the chain", () => {
  test("shows its difficulty and the last block, and is searched by key and address", async () => {
    const { key } = await oneLease(honest);
    await open("/market?tab=chain");
    await page.getByText("1\u202f727", { exact: true }).waitFor();
    await page.getByTitle(key, { exact: true }).waitFor();
    const search = page.getByRole("searchbox", { name: /^Address of a miner/ });
    await search.fill(key);
    await search.press("Enter");
    await page.getByText("Blocks found").waitFor();
    await until(async () => (await page.locator("tbody tr").count()) === 1);
    await page.waitForURL(/find=/);
    await search.fill("0xnobody");
    await search.press("Enter");
    await page.getByText("No block of 0xnobody.").waitFor();
    await watched.expectAccessible();
    await closeQuietly();
  });
});

describe("the admin", () => {
  test("is let in by the key, which is kept nowhere but in the page's memory", async () => {
    await open("/market?tab=admin");
    await signIn(ADMIN_KEY);
    await page.getByText("Signed in as admin").first().waitFor();
    const accounts = page.getByRole("region", { name: "Accounts" }).last();
    await accounts.getByRole("button", { name: "Deposit for consumer-1" }).click();
    const before = await ask<{ balance: number }>(program.url, "/api/accounts/consumer-1/balance");
    await page
      .getByRole("dialog")
      .getByLabel(/^Amount/)
      .fill("12.5");
    await watched.expectAccessible();
    await page.getByRole("dialog").getByRole("button", { name: "Deposit" }).click();
    const after = (before.balance + 12.5).toFixed(4).replace(/\B(?=(\d{3})+\.)/g, "\u202f");
    await accounts.getByRole("cell", { name: after }).waitFor();
    const commands = page.getByRole("region", { name: "Commands" });
    await commands.getByRole("combobox", { name: "Worker" }).selectOption("delta");
    await commands.getByLabel(/^Difficulty/).fill("9");
    await commands.getByRole("button", { name: "Send the configuration" }).click();
    await until(() => honest.heard.some(({ action }) => action === "set_config"));
    expect(honest.heard.findLast(({ action }) => action === "set_config")).toEqual({
      action: "set_config",
      config: { difficulty: 9 },
    });
    const kept = await page.evaluate(() => [
      location.href,
      document.cookie,
      ...Object.values(localStorage),
      ...Object.values(sessionStorage),
    ]);
    expect(kept.join(" ")).not.toContain(ADMIN_KEY);
    await watched.expectAccessible();
    await page.reload();
    await page.getByText("Not signed in").waitFor();
    await closeQuietly();
  });

  test("is not whoever types another key", async () => {
    await open("/market?tab=admin");
    await signIn("0123456789abcdef0123456789abcdef");
    await page.getByText("Invalid or missing credentials").waitFor();
    await page.getByText("Not signed in").waitFor();
    await watched.close();
  });
});

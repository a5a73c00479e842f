import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { scratchFolder, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS } from "./harness";
import { ask, connectMiner } from "./marketMiners";
import { expectAsPictured } from "./screenshots";

setDefaultTimeout(30_000);

// The market's page over the life of the program: before any worker has come, while the server is away, and closed.

const MARKET = ["--only", "market,chain,mqtt"];
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

test("an empty market says how workers come, and shows the first one that does", async () => {
  const program = await serve(MARKET);
  const views = [VIEWS[0], VIEWS[3]];
  for (const view of views) {
    const watched = await openPage(browser, `${program.url}/market`, view);
    const { page } = watched;
    await page.getByText(/^npx foresight miner --workers 5 --mqtt-port \d+ --api-port \d+$/).waitFor();
    await watched.expectAccessible();
    await expectAsPictured(browser, page, `market-empty-${view.name}`);
    if (view === views.at(-1)) {
      const miner = await connectMiner(program.mqttPort!, { id: "first", gpus: ["RTX 4090"], hashrate: 100 });
      await page.getByRole("link", { name: "first" }).waitFor({ timeout: 10_000 });
      await miner.leave();
    }
    watched.expectNoFaults();
    await watched.close();
  }
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
}, 30_000);

test("while the server is away the figures are called stale; when it is back they are live again", async () => {
  const dataDir = scratchFolder();
  const program = await serve(MARKET, { dataDir });
  const miner = await connectMiner(program.mqttPort!, { id: "lone", gpus: ["RTX 4090"], hashrate: 100 });
  await miner.leave();
  const context = await browser.newContext({ locale: "en-US" });
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${program.url}/market`);
  await page.getByRole("link", { name: "lone" }).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  await program.stop("SIGKILL");
  await page.clock.fastForward(20_000);
  const stale = page.getByText(/^Stale: figures of \d+ s ago$/);
  await stale.waitFor();
  const amber = await page.evaluate(() => {
    const probe = document.createElement("span");
    probe.style.color = "var(--stale)";
    document.body.append(probe);
    return getComputedStyle(probe).color;
  });
  expect(await stale.evaluate((element) => getComputedStyle(element).color)).toBe(amber);
  expect(await page.getByRole("link", { name: "lone" }).count()).toBe(1);

  const port = new URL(program.url).port;
  const again = await serve([...MARKET, "--port", port], { dataDir });
  await page.clock.fastForward(12_000);
  await page.getByText("Live", { exact: true }).waitFor();
  expect(await stale.count()).toBe(0);
  await context.close();
  expect(await again.stop()).toBe(0);
  await rm(dataDir, { recursive: true });
}, 30_000);

test("the dashboard counts as online the workers that are, of all that have registered", async () => {
  const program = await serve(MARKET);
  const miners = ["here", "gone", "gone-too"].map((id) => ({ id, gpus: ["RTX 4090"], hashrate: 100 }));
  const [here, ...others] = await Promise.all(miners.map((look) => connectMiner(program.mqttPort!, look)));
  for (const miner of others) await miner.retire();
  const watched = await openPage(browser, `${program.url}/dashboard`, VIEWS[0], ".cards.figures");
  const card = watched.page.getByRole("region", { name: "Workers Online" });
  await card.getByText("of 3 registered").waitFor({ timeout: 5000 });
  expect(await card.locator(".figure").textContent()).toBe("1");
  watched.expectNoFaults();
  await watched.close();
  await here!.leave();
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
}, 30_000);

test("the dashboard keeps its figures in their place while the server is away, and says what is wrong in a line", async () => {
  const dataDir = scratchFolder();
  const program = await serve(MARKET, { dataDir });
  const miner = await connectMiner(program.mqttPort!, { id: "lone", gpus: ["RTX 4090"], hashrate: 100 });
  await miner.leave();
  const context = await browser.newContext({ locale: "en-US" });
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${program.url}/dashboard`);
  await page.getByRole("cell", { name: "lone" }).waitFor();
  const topOf = async () => (await page.locator("tbody tr").first().boundingBox())!.y;
  const top = await topOf();
  await program.stop("SIGKILL");
  await page.clock.fastForward(20_000);
  await page.getByText(/^Stale: figures of \d+ s ago$/).waitFor();
  const lines = page.getByText("Not up to date. The server does not answer.");
  await lines.first().waitFor();
  expect((await topOf()) - top).toBeLessThan(100);
  expect(await page.getByRole("alert").count()).toBe(0);
  await lines.first().click();
  await page.getByText("GET /api/status").waitFor();

  const again = await serve([...MARKET, "--port", new URL(program.url).port], { dataDir });
  await page.clock.fastForward(6000);
  await page.getByText("Live", { exact: true }).waitFor();
  await until(async () => (await lines.count()) === 0);
  await context.close();
  expect(await again.stop()).toBe(0);
  await rm(dataDir, { recursive: true });
}, 30_000);

test("a closed market lets nobody rent without a key, and with one it does", async () => {
  const dataDir = scratchFolder();
  const opened = await serve(MARKET, { dataDir });
  const miner = await connectMiner(opened.mqttPort!, { id: "kept", gpus: ["RTX 4090"], hashrate: 100 });
  // A miner whose session ends before the broker would be offline.
  expect(await opened.stop()).toBe(0);
  await miner.leave();

  const adminKey = "a-key-of-this-test-alone";
  const closed = await serve([...MARKET, "--host", "0.0.0.0"], { dataDir, env: { MARKET_ADMIN_KEY: adminKey } });
  const account = { account_id: "renter", role: "consumer", balance: 5, eth_address: `0x${"be".repeat(20)}` };
  const { api_key } = await ask<{ api_key: string }>(closed.url, "/api/auth/register", account, {
    headers: { "x-api-key": adminKey },
  });

  const watched = await openPage(browser, `${closed.url}/market?worker=kept`);
  const { page } = watched;
  page.setDefaultTimeout(5000);
  await page.getByRole("button", { name: "Rent", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Rent", exact: true }).click();
  await page.getByRole("dialog").getByText("Sign in with a key that may do this.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();

  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel(/^Key of an account/).fill(api_key);
  await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Signed in as consumer renter").waitFor();
  await page.getByRole("button", { name: "Rent", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Holds 5.0000 XNM").waitFor();
  await dialog.getByText(/^The account holds less/).waitFor();
  await dialog.getByRole("button", { name: "1 min", exact: true }).click();
  await until(async () => (await dialog.getByText(/^The account holds less/).count()) === 0);
  await dialog.getByRole("button", { name: "Rent", exact: true }).click();
  await page.getByText("running", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Stop and settle" }).click();
  await page.getByRole("region", { name: "Receipt" }).waitFor();
  await page.getByRole("link", { name: "All leases" }).click();
  await page.getByRole("heading", { name: "My leases" }).waitFor();
  await page.getByRole("row", { name: /kept.*completed/ }).waitFor();
  await watched.close();
  expect(await closed.stop()).toBe(0);
  await rm(dataDir, { recursive: true });
}, 30_000);

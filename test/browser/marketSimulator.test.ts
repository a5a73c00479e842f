import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS } from "./harness";
import { ask } from "./marketMiners";
import { expectAsPictured } from "./screenshots";

setDefaultTimeout(30_000);

// The button that fills an empty market: simulated workers, started and stopped from the pages.

const MARKET = ["--only", "market,chain,mqtt"];
const START = "Start 5 simulated workers";
const WORKERS = [1, 2, 3, 4, 5].map((n) => `sim-worker-00${n}`);

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

async function end(program: Served): Promise<void> {
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
}

/** The contrast of two colours of the page as WCAG 2 reckons it. */
function contrast(one: string, other: string): number {
  const [dark, light] = [one, other].map(luminance).sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = colour.match(/[\d.]+/g)!.map((text) => {
    const share = Number(text) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const states = async (program: Served) =>
  (await ask<{ state: string }[]>(program.url, "/api/workers")).map(({ state }) => state);

test.each([VIEWS[0], VIEWS[3]].map((view) => [view.name, view] as const))(
  "in %s an empty market is filled by one press, and emptied by the next",
  async (_, view) => {
    const program = await serve(MARKET);
    const watched = await openPage(browser, `${program.url}/market`, view);
    const { page } = watched;
    page.setDefaultTimeout(8000);
    const listed = () => page.locator("tbody tr td:first-child").allTextContents();
    await page.getByRole("button", { name: START }).waitFor();
    await watched.expectAccessible();
    await expectAsPictured(browser, page, `market-empty-${view.name}`);
    // The answer is held back, so that what is shown meanwhile can be looked at.
    const looked = Promise.withResolvers<void>();
    await page.route("**/api/simulator/start", (route) => looked.promise.then(() => route.continue()));
    await page.getByRole("button", { name: START }).press("Enter");
    const waiting = page.getByRole("button", { name: "Starting them" });
    const [ground, ink] = await waiting.evaluate((button) => {
      const { backgroundColor, color } = getComputedStyle(button);
      return [backgroundColor, color];
    });
    expect(contrast(ground!, ink!)).toBeGreaterThan(4.5);
    looked.resolve();
    await until(async () => (await listed()).sort().join() === WORKERS.join());
    await page.getByText("5 workers are simulated").waitFor();
    await page.getByText(/^5 workers, 5 online, 5 free;/).waitFor();
    await watched.expectAccessible();
    const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(wider).toBe(0);

    await page.getByRole("button", { name: "Stop simulating" }).click();
    await page.getByText(/^5 workers, 0 online, 0 free;/).waitFor();
    await until(async () => (await page.locator("tbody").getByText("away", { exact: true }).count()) === 5);
    expect(await states(program)).toEqual(WORKERS.map(() => "offline"));
    await page.getByText("No worker is online").waitFor();
    await page.getByRole("button", { name: START }).click();
    await page.getByText(/^5 workers, 5 online, 5 free;/).waitFor();
    watched.expectNoFaults();
    await watched.close();
    await end(program);
  },
);

test("what stands in the way of a start is told beside the button", async () => {
  const program = await serve(MARKET);
  const watched = await openPage(browser, `${program.url}/market`);
  const { page } = watched;
  await page.getByRole("button", { name: START }).waitFor();
  // Somebody else was quicker.
  await ask(program.url, "/api/simulator/start", { workers: 1 });
  await page.getByRole("link", { name: WORKERS[0]! }).waitFor();
  await page.getByText("1 worker is simulated").waitFor({ timeout: 15_000 });
  await page.route("**/api/simulator/stop", (route) =>
    route.fulfill({ status: 503, json: { detail: "The simulator is busy." } }),
  );
  await page.getByRole("button", { name: "Stop simulating" }).click();
  await page.getByText("The simulator is busy.").waitFor();
  await watched.close();
  await end(program);
}, 30_000);

test("the dashboard has the button too, on the market's own port, and its workers' blocks are on the chain", async () => {
  const program = await serve(MARKET, { env: { MARKET_PORT: "0" } });
  const ownUrl = /"serving alone","system":"market","url":"([^"]+)"/.exec(program.err())![1]!;
  const watched = await openPage(browser, `${ownUrl}/dashboard`, VIEWS[2], ".cards.figures");
  const { page } = watched;
  page.setDefaultTimeout(8000);
  await page.getByRole("button", { name: START }).click();
  await page.getByRole("cell", { name: WORKERS[4]! }).waitFor();
  await page.getByText("5 workers are simulated").waitFor();
  await watched.expectAccessible();
  // Each finds a block every five seconds on average: that none of them does in time will hardly happen.
  for (const worker_id of WORKERS) {
    await ask(program.url, "/api/rent", { consumer_id: "consumer-1", worker_id, duration_sec: 60 });
  }
  await until(async () => (await ask<{ total: number }>(program.url, "/api/blocks")).total > 0);
  await page.getByRole("button", { name: "Stop simulating" }).click();
  await page.getByRole("button", { name: START }).waitFor();
  await until(async () => (await page.locator("tbody").getByText("offline", { exact: true }).count()) === 5);
  watched.expectNoFaults();
  await watched.close();
  await end(program);
}, 40_000);

test("a lease whose worker has gone says so, and is settled all the same", async () => {
  const program = await serve(MARKET);
  await ask(program.url, "/api/simulator/start", { workers: 1 });
  await until(async () => (await states(program)).join() === "AVAILABLE");
  const order = { consumer_id: "consumer-1", worker_id: WORKERS[0], duration_sec: 60 };
  const { lease_id } = await ask<{ lease_id: string }>(program.url, "/api/rent", order);
  const watched = await openPage(browser, `${program.url}/market?tab=leases&lease=${lease_id}`);
  const { page } = watched;
  page.setDefaultTimeout(8000);
  await page.getByText("running", { exact: true }).waitFor();
  expect(await page.getByText("its worker is away").count()).toBe(0);
  await ask(program.url, "/api/simulator/stop", {});
  await page.getByText("its worker is away").waitFor();
  await watched.expectAccessible();
  await page.getByRole("button", { name: "Stop and settle" }).click();
  await page.getByRole("region", { name: "Receipt" }).waitFor();
  watched.expectNoFaults();
  await watched.close();
  await end(program);
});

test("where the page is not looked at by the machine's own name, the command says where the broker is", async () => {
  const program = await serve(MARKET);
  const { port } = new URL(program.url);
  // Browsers take every name below localhost for the machine itself.
  const watched = await openPage(browser, `http://market.localhost:${port}/market`);
  await watched.page
    .getByText(/^npx foresight miner --workers 5 --mqtt-host market\.localhost --mqtt-port \d+/)
    .waitFor();
  watched.expectNoFaults();
  await watched.close();
  await end(program);
});

test("a closed market shows the command alone", async () => {
  const program = await serve([...MARKET, "--host", "0.0.0.0"]);
  const watched = await openPage(browser, `${program.url}/market`);
  await watched.page.getByText(/^npx foresight miner --workers 5/).waitFor();
  expect(await watched.page.getByRole("button", { name: START }).count()).toBe(0);
  watched.expectNoFaults();
  await watched.close();
  await end(program);
});

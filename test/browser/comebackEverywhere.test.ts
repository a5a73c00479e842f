import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { connectAsync } from "mqtt";
import type { Browser, Page } from "playwright-core";
import { freePort } from "../support/ports";
import { type Served, scratchFolder, serve } from "../support/program";
import { openPage, startBrowser, VIEWS } from "./harness";
import { connectMiner } from "./marketMiners";

// The server is killed once under pages of every system. Each goes on to a view that it had not fetched yet, which then
// fails; when the server is back, each must drop its faults and show what it was asked for, with no hand on it.

setDefaultTimeout(90_000);
/** The pauses between two tries to connect grow to ten seconds. */
const RECOVERED = { timeout: 30_000 };

const dataDir = scratchFolder();
const SYSTEMS = ["--only", "market,chain,broker,jobs,epistemix,forecasting"];
let browser: Browser;
let program: Served;
let port: number;

beforeAll(async () => {
  [browser, port] = await Promise.all([startBrowser(), freePort()]);
  program = await serve([...SYSTEMS, "--port", String(port)], { dataDir });
});
afterAll(async () => {
  await browser.close();
  await program.stop();
  await rm(dataDir, { recursive: true });
});

interface Visit {
  what: string;
  path: string;
  /** What it shows before the server goes. */
  complete: string;
  /** Where there is no shell, what says that the page is there. */
  ready?: string;
  /** Goes to what was not fetched yet. */
  goOn(page: Page): Promise<void>;
  /** Holds only once that was asked again. */
  recovered(page: Page): Promise<void>;
}

const tab = (page: Page, name: string) => page.getByRole("tab", { name, exact: true }).click();

const VISITS: Visit[] = [
  {
    what: "the start page",
    path: "/",
    complete: "text=fsync",
    goOn: async () => undefined,
    recovered: (page) => page.getByText("fsync").first().waitFor(RECOVERED),
  },
  {
    what: "a view of the market whose script was not there yet",
    path: "/market",
    complete: 'role=link[name="lone"]',
    goOn: (page) => tab(page, "Chain"),
    recovered: (page) => page.getByRole("region", { name: "Last blocks" }).waitFor(RECOVERED),
  },
  {
    what: "the market's list of workers",
    path: "/market",
    complete: 'role=link[name="lone"]',
    goOn: async () => undefined,
    recovered: (page) => page.getByRole("link", { name: "second" }).waitFor(RECOVERED),
  },
  {
    what: "the form that rents, in the dashboard",
    path: "/dashboard",
    complete: 'role=cell[name="lone"]',
    ready: ".cards.figures",
    async goOn(page) {
      await tab(page, "Rent Hashpower");
      await page.getByText("The server does not answer.").first().waitFor(RECOVERED);
    },
    recovered: (page) => page.getByText(/^Holds /).waitFor(RECOVERED),
  },
  {
    what: "the broker's clients",
    path: "/broker",
    complete: 'role=heading[name="Where to connect"]',
    goOn: (page) => tab(page, "Clients"),
    recovered: (page) =>
      page
        .getByRole("cell", { name: /second/ })
        .first()
        .waitFor(RECOVERED),
  },
  {
    what: "the page as a client of the broker, with its subscription",
    path: "/broker?tab=try&filter=news",
    complete: 'role=button[name="Subscribe"]',
    goOn: (page) => page.getByText("not connected").waitFor(RECOVERED),
    async recovered(page) {
      await page.getByText("connected", { exact: true }).waitFor(RECOVERED);
      const publisher = await connectAsync(`mqtt://127.0.0.1:${program.mqttPort}`);
      await publisher.publishAsync("news", "back again", { qos: 1 });
      await page.getByRole("cell", { name: "back again" }).waitFor(RECOVERED);
      await publisher.endAsync();
    },
  },
  {
    what: "a view of jobs whose script was not there yet",
    path: "/jobs",
    complete: "text=No jobs yet.",
    goOn: (page) => tab(page, "Schedules"),
    recovered: (page) => page.getByText("No schedules yet.").waitFor(RECOVERED),
  },
  {
    what: "the list of jobs",
    path: "/jobs",
    complete: "text=No jobs yet.",
    goOn: async () => undefined,
    async recovered(page) {
      await page.getByRole("region", { name: "Monte Carlo" }).getByRole("button", { name: "Run" }).click();
      await page.waitForURL(/job=/);
      await page.getByRole("region", { name: "Timeline" }).getByText("Completed").waitFor(RECOVERED);
    },
  },
  {
    what: "the check of a model that was changed meanwhile, and the list of jobs",
    path: "/epidemics",
    complete: "text=No faults.",
    async goOn(page) {
      await page.getByRole("textbox", { name: "Model", exact: true }).fill("condition A { state S { wayt() } }");
      await page.getByText("Checking").waitFor(RECOVERED);
    },
    async recovered(page) {
      await page.getByText("1 fault", { exact: true }).waitFor(RECOVERED);
      const { token } = (await (await fetch(`${program.url}/api/epidemics/session`, { method: "POST" })).json()) as {
        token: string;
      };
      const headers = { authorization: `Bearer ${token}`, "fredcli-version": "0.4.0" };
      await fetch(`${program.url}/epistemix/jobs/register`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json", "user-agent": "epx_client_1.2.2" },
        body: JSON.stringify({ tags: ["late"] }),
      });
      await page.getByRole("heading", { name: /late/ }).waitFor(RECOVERED);
    },
  },
  {
    what: "a forecast, and its comparison whose script was not there yet",
    path: "/forecast?sample=nile_yearly",
    complete: "#chart-forecast canvas",
    goOn: (page) => tab(page, "Compare"),
    recovered: (page) => page.getByRole("heading", { name: "Forecasts of the past" }).waitFor(RECOVERED),
  },
  {
    what: "what the system keeps",
    path: "/system",
    complete: "text=fsync",
    goOn: (page) => tab(page, "Storage and backup"),
    recovered: (page) => page.getByRole("cell", { name: "foresight.db", exact: true }).waitFor(RECOVERED),
  },
];

test("every page recovers by itself from a server that is killed and started again", async () => {
  const lone = await connectMiner(program.mqttPort!, { id: "lone", gpus: ["RTX 4090"], hashrate: 100 });
  await lone.leave();
  const opened: [Visit, Page][] = [];
  for (const visit of VISITS) {
    const { page } = await openPage(browser, program.url + visit.path, VIEWS[0], visit.ready);
    await page.locator(visit.complete).first().waitFor();
    opened.push([visit, page]);
  }
  const tryOut = opened.find(([{ path }]) => path.includes("tab=try"))![1];
  await tryOut.getByRole("button", { name: "Subscribe", exact: true }).click();
  await tryOut.getByText("Subscribed to news.").waitFor();

  await program.stop("SIGKILL");
  for (const [{ goOn }, page] of opened) await goOn(page);
  program = await serve([...SYSTEMS, "--port", String(port)], { dataDir });
  const second = await connectMiner(program.mqttPort!, { id: "second", gpus: ["RTX 3090"], hashrate: 100 });
  const failed: string[] = [];
  const look = async ([{ what, recovered }, page]: [Visit, Page]) => {
    await recovered(page).catch((thrown: Error) => failed.push(`${what}: ${thrown.message.split("\n")[0]}`));
    const faults = await page.locator(".fault, .not-refreshed, .stale-banner").allTextContents();
    if (faults.length > 0) failed.push(`${what} still says: ${faults.join(" ").slice(0, 200)}`);
  };
  await Promise.all(opened.map(look));
  expect(failed).toEqual([]);
  await second.leave();
});

test("a view whose script a newer version no longer has is shown by the newer page, at the same address", async () => {
  const { page } = await openPage(browser, `${program.url}/market`);
  await program.stop("SIGKILL");
  program = await serve([...SYSTEMS, "--port", String(port)], { dataDir });
  await page.route("**/assets/chunk-*.js", (route) => route.fulfill({ status: 404 }), { times: 1 });
  await tab(page, "Chain");
  await page.getByRole("region", { name: "Last blocks" }).waitFor(RECOVERED);
  expect(new URL(page.url()).search).toBe("?tab=chain");
  expect(await page.evaluate("performance.getEntriesByType('navigation')[0].type")).toBe("reload");
});

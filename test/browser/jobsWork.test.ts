import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type Served, scratchFolder, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS, type WatchedPage } from "./harness";
import { expectAsPictured } from "./screenshots";

// What stands behind the tabs of the page of jobs, and the page while the server is away.

setDefaultTimeout(60_000);

let program: Served;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let token: string;

beforeAll(async () => {
  [program, browser] = await Promise.all([serve(["--only", "jobs"]), startBrowser()]);
  token = ((await (await fetch(`${program.url}/api/v1/auth/local`, { method: "POST" })).json()) as Token).access_token;
  for (const seed of [1, 2]) {
    const parameters = { population: 20_000, days: 120, replicates: 50, seed };
    await submit(program.url, { simulation_type: "seir", parameters, job_metadata: { title: `Epidemic ${seed}` } });
  }
  await (await openPage(browser, `${program.url}/jobs`)).close();
});

afterAll(async () => {
  await browser.close();
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
});

interface Token {
  access_token: string;
}

async function submit(url: string, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/api/v1/simulations`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { id: string }).id;
}

async function open(path: string, view = VIEWS[0] as (typeof VIEWS)[number]): Promise<void> {
  watched = await openPage(browser, program.url + path, view);
  page = watched.page;
  page.setDefaultTimeout(20_000);
}

async function closeQuietly(): Promise<void> {
  await watched.expectAccessible();
  const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  expect(wider).toBe(0);
  watched.expectNoFaults();
  await watched.close();
}

const TWO_VIEWS = [VIEWS[0], VIEWS[3]].map((view) => [view.name, view] as const);

describe("a report", () => {
  test.each(TWO_VIEWS)("in %s is put together with a preview, made, and listed", async (name, view) => {
    await open("/jobs?tab=reports", view);
    const preview = page.getByRole("region", { name: "Preview" });
    await preview.getByText("No jobs chosen.").waitFor();
    for (const title of ["Epidemic 1", "Epidemic 2"]) await page.getByRole("checkbox", { name: title }).check();
    await preview.locator(".chart canvas").first().waitFor();
    await page.getByRole("combobox", { name: "Kind" }).selectOption({ label: "comparison of jobs of one type" });
    await page.getByRole("textbox", { name: "Title" }).fill("Two epidemics");
    await preview.getByText("Two epidemics").waitFor();
    await page.waitForURL(/report=comparison/);
    await watched.expectAccessible();
    await expectAsPictured(browser, page, `jobs-reports-${name}`);
    await page.getByRole("combobox", { name: "Format" }).selectOption({ label: "CSV" });
    await page.getByRole("button", { name: "Make report" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("region", { name: "Report" }).getByText("Two epidemics").waitFor();
    await page.keyboard.press("Escape");
    await page
      .getByRole("region", { name: "My reports" })
      .getByRole("row", { name: /comparison.*CSV/ })
      .first()
      .waitFor();
    await closeQuietly();
  });
});

describe("a schedule", () => {
  test("is made, paused and removed", async () => {
    await open("/jobs?tab=schedules");
    await page.getByText("No schedules yet.").waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("Nightly");
    await page.getByRole("combobox", { name: "Type" }).selectOption({ label: "Self-test" });
    await page.getByRole("textbox", { name: "Cron" }).fill("every day");
    await page.getByRole("button", { name: "Start by the clock" }).click();
    await page.getByRole("alert").getByText(/cron/).first().waitFor();
    await page.getByRole("button", { name: "every Monday at 6:00" }).click();
    await page.getByRole("button", { name: "Start by the clock" }).click();
    const row = page.getByRole("row", { name: /Nightly/ });
    await row.getByText("0 6 * * 1").waitFor();
    await expectAsPictured(browser, page, "jobs-schedules-wide-light");
    await row.getByRole("button", { name: "Pause" }).click();
    await row.getByText("paused").waitFor();
    await row.getByRole("button", { name: "Remove" }).click();
    await row.getByText("Remove this schedule?").waitFor();
    await row.getByRole("button", { name: "Remove" }).click();
    await page.getByText("No schedules yet.").waitFor();
    // The refusal of a cron that is none is the browser's to tell, too.
    await watched.close();
  });
});

describe("storage and monitor", () => {
  test.each(TWO_VIEWS)("in %s tell what is kept, of whom, and for how long", async (name, view) => {
    await open("/jobs?tab=storage", view);
    await page.getByRole("region", { name: "My results" }).getByText(/jobs/).waitFor();
    await page
      .getByRole("region", { name: "Kept" })
      .getByText(/\d+ days/)
      .first()
      .waitFor();
    await page.getByRole("region", { name: "By user", exact: true }).getByRole("row").nth(1).waitFor();
    await expectAsPictured(browser, page, `jobs-storage-${name}`);
    await closeQuietly();
  });

  test("a queue is paused, waits, and goes on", async () => {
    await open("/jobs?tab=monitor");
    await page.getByRole("button", { name: "Pause simulations" }).click();
    await page.getByRole("button", { name: "Resume simulations" }).waitFor();
    await submit(program.url, { simulation_type: "selftest", parameters: {} });
    const queue = page.getByRole("row", { name: /^simulations/ });
    await until(async () => (await queue.getByRole("cell").nth(1).textContent()) === "1");
    await expectAsPictured(browser, page, "jobs-monitor-wide-light");
    await page.getByRole("button", { name: "Resume simulations" }).click();
    await until(async () => (await queue.getByRole("cell").nth(1).textContent()) === "0");
    await page
      .getByRole("row", { name: /selftest.*completed/ })
      .first()
      .waitFor();
    await closeQuietly();
  });
});

test("the storage of the program's page names the blobs of jobs", async () => {
  await submit(program.url, { simulation_type: "selftest", parameters: { result_kb: 200 } });
  const blobs = async () => existsSync(join(program.dataDir, "blobs"));
  await until(blobs);
  await open("/system?tab=storage");
  await page.getByRole("row", { name: /blobs\/ [\d.]+ [kM]B large results/ }).waitFor();
  await closeQuietly();
});

test("a closed server asks for an account, which is made in the page", async () => {
  const closed = await serve(["--only", "jobs", "--host", "0.0.0.0"]);
  const url = closed.url.replace("0.0.0.0", "127.0.0.1");
  const inside = await openPage(browser, `${url}/jobs`, VIEWS[0], ".sign-in");
  await inside.expectAccessible();
  await inside.page.getByLabel("Email").fill("ada@example.org");
  await inside.page.getByLabel(/^Password/).fill("correct horse");
  await inside.page.getByRole("button", { name: "Register" }).click();
  await inside.page.getByText("Signed in as ada@example.org").waitFor();
  await inside.page.getByText("No jobs yet.").waitFor();
  await inside.page.getByRole("button", { name: "Sign out" }).click();
  await inside.page.getByRole("heading", { name: "Sign in" }).waitFor();
  await inside.close();
  expect(await closed.stop()).toBe(0);
  await rm(closed.dataDir, { recursive: true });
});

test("a job that is looked at goes on after the server was killed, each line of its log once", async () => {
  const dataDir = scratchFolder();
  const first = await serve(["--only", "jobs"], { dataDir });
  token = ((await (await fetch(`${first.url}/api/v1/auth/local`, { method: "POST" })).json()) as Token).access_token;
  const id = await submit(first.url, { simulation_type: "selftest", parameters: { seconds: 6, steps: 60 } });
  const context = await browser.newContext({ locale: "en-US" });
  const shown = await context.newPage();
  shown.setDefaultTimeout(30_000);
  await shown.goto(`${first.url}/jobs?job=${id}`);
  const timeline = shown.getByRole("region", { name: "Timeline" });
  await timeline.getByText("Attempt 1 started").waitFor();
  await first.stop("SIGKILL");
  await timeline.getByText(/^Reconnecting/).waitFor();
  const again = await serve(["--only", "jobs", "--port", new URL(first.url).port], { dataDir });
  await timeline.getByText("Attempt 1 given back").waitFor();
  await timeline.getByText("Completed").waitFor();
  await shown.getByRole("region", { name: "State" }).getByText("completed").waitFor();
  const steps = await timeline.locator(".timeline-title").allTextContents();
  expect(steps).toEqual(["Submitted", "Attempt 1 started", "Attempt 1 given back", "Attempt 1 started", "Completed"]);
  await shown.getByRole("button", { name: "All jobs" }).click();
  await shown.getByRole("link", { name: "Self-test" }).waitFor();
  await context.close();
  expect(await again.stop()).toBe(0);
  await rm(dataDir, { recursive: true });
});

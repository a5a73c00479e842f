import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS, type WatchedPage } from "./harness";
import { columnOf, drawnBy } from "./plots";
import { expectAsPictured } from "./screenshots";

// The page of jobs as the program serves it, for whoever opens it for the first time.

setDefaultTimeout(60_000);

let program: Served;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [program, browser] = await Promise.all([serve(["--only", "filecoin,jobs"]), startBrowser()]);
  // Pages are bundled when the first one is asked for, and the browser warms up with its first one.
  await (await openPage(browser, `${program.url}/jobs`)).close();
});

afterAll(async () => {
  await browser.close();
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
});

async function open(path: string, view = VIEWS[0] as (typeof VIEWS)[number]): Promise<void> {
  watched = await openPage(browser, program.url + path, view);
  page = watched.page;
  page.setDefaultTimeout(20_000);
}

async function closeQuietly(): Promise<void> {
  watched.expectNoFaults();
  await watched.close();
}

async function expectNoWider(): Promise<void> {
  const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  expect(wider).toBe(0);
}

const card = (name: string) => page.getByRole("region", { name, exact: true });

describe("the first sight", () => {
  test.each(VIEWS.map((view) => [view.name, view] as const))(
    "in %s asks for nothing and is as pictured",
    async (name, view) => {
      await open("/jobs", view);
      await page.getByText("No jobs yet.").waitFor();
      const samples = page.getByRole("region", { name: "Samples" }).getByRole("button", { name: "Run" });
      await until(async () => (await samples.count()) === 3);
      await watched.expectWithinBudget();
      await watched.expectAccessible();
      await expectNoWider();
      await expectAsPictured(browser, page, `jobs-${name}`);
      await closeQuietly();
    },
  );

  test("the rail, the start page and the palette lead to it", async () => {
    await open("/");
    await page.getByRole("link", { name: "Run a simulation" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("Run SEIR");
    await page.getByRole("option", { name: /Run SEIR epidemic/ }).click();
    await page.waitForURL(/\/jobs\?tab=new&type=seir/);
    await page.getByRole("textbox", { name: "Population", exact: true }).waitFor();
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Jobs", exact: true }).click();
    await page.getByRole("region", { name: "My jobs" }).waitFor();
    await watched.close();
  });
});

describe("one click on a sample", () => {
  test("runs a sweep: the timeline grows, a fan appears, and Report shows a PDF in the page", async () => {
    await open("/jobs");
    // The headless browser has no viewer of its own; what the page hands to one is looked at.
    await page.evaluate("Object.defineProperty(navigator, 'pdfViewerEnabled', { value: true })");
    await card("Filecoin sweep").getByRole("button", { name: "Run" }).click();
    await page.waitForURL(/job=[\da-f-]{36}/);
    const timeline = page.getByRole("region", { name: "Timeline" });
    await timeline.getByText("Submitted").waitFor();
    await timeline.getByText("Attempt 1 started").waitFor();
    await timeline.getByText("Completed").waitFor();
    await timeline.getByText(/waited \d+ m?s/).waitFor();

    await page.locator("#chart-r1c0 canvas").first().waitFor();
    const fan = await drawnBy(page, "r1c0");
    expect(fan.title).toStartWith("Circulating supply");
    const days = await columnOf(page, "r1c0", 0);
    expect(days.at(-1)! - days[0]!).toBeGreaterThan(700 * 86_400);
    const median = await columnOf(page, "r1c0", 1);
    expect(median.every(Number.isFinite)).toBe(true);
    await watched.expectAccessible();
    await expectNoWider();
    await expectAsPictured(browser, page, "jobs-result-wide-light");

    const asked: string[] = [];
    page.on("response", (response) => {
      if (response.url().includes("/blobs/")) asked.push(response.url());
    });
    await page.getByRole("button", { name: "Report", exact: true }).click();
    const frame = page.locator("iframe.pdf");
    await frame.waitFor();
    expect(await frame.getAttribute("src")).toStartWith("blob:");
    expect(asked).toHaveLength(1);
    expect((await (await fetch(asked[0]!)).text()).slice(0, 5)).toBe("%PDF-");
    await page.keyboard.press("Escape");
    await closeQuietly();
  });

  test("is a link, whose result is the same when it is opened again, in narrow and dark too", async () => {
    await open("/jobs");
    await page.getByRole("link", { name: "Filecoin sweep, sample" }).first().click();
    await page.waitForURL(/job=/);
    const address = new URL(page.url());
    await closeQuietly();
    await open(address.pathname + address.search, VIEWS[3]);
    await page.locator("#chart-r1c0 canvas").first().waitFor();
    await watched.expectAccessible();
    await expectNoWider();
    await expectAsPictured(browser, page, "jobs-result-narrow-dark");
    const details = page.getByRole("region", { name: "Details" });
    await details.getByRole("button", { name: "JSON" }).click();
    await page.getByRole("region", { name: "Result" }).getByText('"bands"').waitFor();
    await page.waitForURL(/as=json/);
    await details.getByRole("button", { name: "Inputs" }).click();
    await page.getByRole("region", { name: "Inputs" }).getByText("latin_hypercube").waitFor();
    await page.waitForURL(/show=inputs/);
    await watched.expectAccessible();
    await page.goBack();
    await page.getByRole("region", { name: "Result" }).waitFor();
    await closeQuietly();
  });
});

describe("a new job", () => {
  test("is asked for by a form of the type's own schema, which finds faults before anything is sent", async () => {
    await open("/jobs?tab=new&type=selftest");
    await page.getByRole("textbox", { name: "Seconds" }).fill("61");
    await page.getByText("Expected 60 or less, got 61").waitFor();
    await page.getByRole("textbox", { name: "Seconds" }).fill("0.2");
    await page.getByRole("textbox", { name: "Steps" }).fill("3");
    await page.getByRole("textbox", { name: "Name" }).fill("Mine");
    await watched.expectAccessible();
    await expectAsPictured(browser, page, "jobs-new-wide-light");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("region", { name: "State" }).getByText("completed").waitFor();
    await page.getByRole("heading", { name: /^Mine/ }).waitFor();

    await page.getByRole("button", { name: "Copy as new" }).click();
    await until(async () => (await page.getByRole("textbox", { name: "Steps" }).inputValue()) === "3");
    expect(await page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("Mine");
    expect(await page.getByRole("textbox", { name: "Seconds" }).inputValue()).toBe("0.2");
    await closeQuietly();
  });

  test("that fails shows each attempt with its wait and its fault, and can be retried", async () => {
    await open("/jobs?tab=new&type=selftest");
    await page.getByLabel("Fail", { exact: true }).fill("no luck");
    await page.getByRole("textbox", { name: "Seconds" }).fill("0");
    await page.getByLabel("Attempts at most").fill("2");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const timeline = page.getByRole("region", { name: "Timeline" });
    await timeline.getByText(/ran .*SIMULATION_ERROR: no luck; next attempt in/).waitFor();
    await timeline.getByText("Attempt 2 started").waitFor();
    await timeline.getByText("Failed", { exact: true }).waitFor();
    expect(await timeline.getByRole("img").getAttribute("aria-label")).toMatch(
      /^attempt 1 waited .*, attempt 1 ran and failed .*, attempt 2 waited .*, attempt 2 ran and failed /,
    );
    await watched.expectAccessible();
    const failed = page.url();
    await page.getByRole("button", { name: "Retry" }).click();
    await until(() => page.url() !== failed);
    await timeline.getByText("Failed", { exact: true }).waitFor();
    await closeQuietly();
  });

  test("that works shows its progress, and is cancelled", async () => {
    await open("/jobs?tab=new&type=selftest");
    await page.getByRole("textbox", { name: "Seconds" }).fill("50");
    await page.getByRole("textbox", { name: "Steps" }).fill("500");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const bar = page.getByRole("region", { name: "State" }).getByRole("progressbar");
    const done = async () => Number(await bar.getAttribute("value"));
    await until(async () => (await bar.count()) === 1 && (await done()) > 0);
    const before = await done();
    await until(async () => (await done()) > before);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("region", { name: "Timeline" }).getByText("Cancelled").waitFor();
    await page.getByRole("region", { name: "State" }).getByText("cancelled").waitFor();
    await closeQuietly();
  });
});

describe("the list", () => {
  test("is filtered by state and type, which a link holds; all that failed is retried at once", async () => {
    await open("/jobs");
    const rows = page.getByRole("region", { name: "My jobs" }).locator("tbody tr");
    await page.getByRole("combobox", { name: "State" }).selectOption({ label: "failed" });
    await page.waitForURL(/state=FAILED/);
    await until(async () => (await rows.getByText("failed").count()) === 2 && (await rows.count()) === 2);
    await page.getByRole("button", { name: "Retry all failed" }).click();
    await page.getByText("Submit 2 jobs once more?").waitFor();
    await page.getByRole("button", { name: "Retry all failed" }).click();
    await until(async () => (await rows.count()) === 4);
    await page.reload();
    await until(async () => (await rows.count()) === 4);
    await page.getByRole("combobox", { name: "Type" }).selectOption({ label: "Filecoin sweep" });
    await page.getByText("No job is like that.").waitFor();
    await page.waitForURL(/of-type=filecoin_sweep/);
    await page.goBack();
    await until(async () => (await rows.count()) === 4);
    await closeQuietly();
  });
});

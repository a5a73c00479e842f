import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS, type WatchedPage } from "./harness";
import { columnOf, drawnBy } from "./plots";
import { expectAsPictured } from "./screenshots";

// The page of epidemics as the program serves it, for whoever opens it for the first time.

setDefaultTimeout(90_000);

let program: Served;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [program, browser] = await Promise.all([serve(["--only", "epistemix"]), startBrowser()]);
  // Pages are bundled when the first one is asked for, and the browser warms up with its first one.
  await (await openPage(browser, `${program.url}/epidemics`)).close();
});

afterAll(async () => {
  await browser.close();
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
});

async function open(path: string, view = VIEWS[0] as (typeof VIEWS)[number]): Promise<void> {
  watched = await openPage(browser, program.url + path, view);
  page = watched.page;
  page.setDefaultTimeout(40_000);
}

async function closeQuietly(): Promise<void> {
  watched.expectNoFaults();
  await watched.close();
}

async function expectNoWider(): Promise<void> {
  const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  expect(wider).toBe(0);
}

const model = () => page.getByRole("region", { name: "Model", exact: true });
const editor = () => page.getByRole("textbox", { name: "Model", exact: true });
const runButton = () => model().getByRole("button", { name: "Run", exact: true });
const job = () => page.getByRole("region", { name: "Job", exact: true });

describe("the first sight", () => {
  test.each(VIEWS.map((view) => [view.name, view] as const))(
    "in %s has a flu model, asks for nothing and is as pictured",
    async (name, view) => {
      await open("/epidemics", view);
      await page.getByText("No faults.").waitFor();
      await page.locator("small", { hasText: "45 200 people" }).waitFor();
      expect(await editor().inputValue()).toContain("condition INFLUENZA");
      await watched.expectWithinBudget();
      await watched.expectAccessible();
      await expectNoWider();
      await expectAsPictured(browser, page, `epidemics-${name}`);
      await closeQuietly();
    },
  );

  test("the rail, the start page and the palette lead to it", async () => {
    await open("/");
    await page.getByRole("link", { name: "Run a model" }).waitFor();
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Epidemics", exact: true }).click();
    await page.getByText("No faults.").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("Run the model");
    await page.getByRole("option", { name: /Run the model/ }).waitFor();
    await watched.close();
  });
});

describe("Run", () => {
  test("draws ten runs with their band, by state and by place of exposure", async () => {
    await open("/epidemics");
    await page.getByText("No faults.").waitFor();
    await runButton().click();
    await job().getByText("10 of 10 runs done").waitFor();
    await page.locator("#chart-places canvas").waitFor();
    await until(async () => (await drawnBy(page, "runs")).points.length === 13);
    expect((await drawnBy(page, "runs")).title).toStartWith("Ill, single runs");
    const [days, first, low, high] = await Promise.all([0, 1, 11, 12].map((column) => columnOf(page, "runs", column)));
    expect(days).toHaveLength(122);
    expect(Math.max(...first!)).toBeGreaterThan(500);
    expect(low!.every((value, day) => value <= high![day]!)).toBe(true);
    const people = await Promise.all([1, 2, 3, 4, 5].map((column) => columnOf(page, "states", column)));
    // Medians of what adds up to all people add up to nearly all.
    expect(people.reduce((sum, column) => sum + column[60]!, 0)).toBeWithin(44_000, 46_500);
    expect((await drawnBy(page, "places")).title).toStartWith("Exposed by place");
    await watched.expectWithinBudget();
    await watched.expectAccessible();
    await expectNoWider();
    await expectAsPictured(browser, page, "epidemics-run-wide-light");
    await closeQuietly();
  });

  test("of a changed probability is compared with the run before", async () => {
    await open("/epidemics");
    await job().getByText("10 of 10 runs done").waitFor();
    await editor().fill((await editor().inputValue()).replace("silent_share = 0.33", "silent_share = 0.9"));
    await page.getByText("No faults.").waitFor();
    await runButton().click();
    await page.waitForURL(/job=124&with=123/);
    await job().getByText("10 of 10 runs done").waitFor();
    await page
      .getByText(/from job 123/)
      .first()
      .waitFor();
    await until(async () => (await drawnBy(page, "runs")).points.length === 25);
    await page.getByRole("columnheader", { name: "Median, job 123" }).waitFor();
    await watched.expectAccessible();
    await expectNoWider();
    await closeQuietly();
  });
});

describe("the editor", () => {
  test("underlines what the check says, tells it in words, and lets nothing faulty run", async () => {
    await open("/epidemics");
    await page.getByText("No faults.").waitFor();
    await editor().fill((await editor().inputValue()).replace("24 * lognormal(1.9", "24 * lognormall(1.9"));
    await page.getByText("1 fault", { exact: true }).waitFor();
    await page.getByText("there is no function lognormall; the nearest known is lognormal").waitFor();
    expect(await page.locator(".editor-paint .faulty").allTextContents()).toEqual(["lognormall"]);
    expect(await runButton().isDisabled()).toBe(true);
    await watched.expectAccessible();
    await page.getByRole("button", { name: /main\.fred:\d+/ }).click();
    await until(async () => (await page.evaluate("getSelection().toString()")) === "lognormall");
    await page.keyboard.type("lognormal");
    await page.getByText("No faults.").waitFor();
    expect(await runButton().isDisabled()).toBe(false);
    await closeQuietly();
  });
});

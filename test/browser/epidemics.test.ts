import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { signedScopes, writeToken } from "../../src/systems/epistemix";
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
    expect(await page.title()).toBe("influenza, job 123 · Epidemics · Foresight");
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

describe("what there is of a job beside its curves", () => {
  const TABS = [
    ["Figures", "columnheader", "Median"],
    ["Places", "cell", "neighborhood"],
    ["Runs", "button", "Log of 988"],
    ["Log", "region", "logs.txt"],
    ["Files", "button", "EXPOSURES/INFLUENZA.csv"],
    ["Model", "button", "Edit a copy"],
    ["All jobs", "button", "with job 124"],
  ] as const;

  test("stands behind a tab each", async () => {
    await open("/epidemics?job=124");
    for (const [title, role, name] of TABS) {
      await page.getByRole("tab", { name: title, exact: true }).click();
      await page.getByRole(role, { name, exact: true }).first().waitFor();
      await watched.expectAccessible();
      await expectNoWider();
    }
    await closeQuietly();
  });

  test("is a link, in narrow and dark too", async () => {
    await open("/epidemics?job=124&with=123&tab=places&run=990", VIEWS[3]);
    await page.getByRole("cell", { name: "neighborhood" }).first().waitFor();
    await page.locator("#chart-places canvas").waitFor();
    expect(await page.getByRole("combobox", { name: /^Run/ }).inputValue()).toBe("990");
    await watched.expectAccessible();
    await expectNoWider();
    await page.locator(".epidemic-results").scrollIntoViewIfNeeded();
    await page.locator("#chart-runs").evaluate((element) => element.scrollIntoView());
    await expectAsPictured(browser, page, "epidemics-compare-narrow-dark");
    await closeQuietly();
  });

  test("Report shows a PDF in the page", async () => {
    await open("/epidemics?job=123");
    // The headless browser has no viewer of its own; what the page hands to one is looked at.
    await page.evaluate("Object.defineProperty(navigator, 'pdfViewerEnabled', { value: true })");
    await job().getByRole("button", { name: "Report", exact: true }).click();
    const frame = page.locator("iframe.pdf");
    await frame.waitFor();
    expect(await frame.getAttribute("src")).toStartWith("blob:");
    await page.keyboard.press("Escape");
    await closeQuietly();
  });

  test("a run that fails says why, and is deleted with its job", async () => {
    await open("/epidemics?runs=1");
    await editor().fill("startup { print(1 / 0) }");
    await page.getByText("No faults.").waitFor();
    await runButton().click();
    await job().getByText("failed", { exact: true }).waitFor();
    await job()
      .getByText(/division by zero/)
      .waitFor();
    await job().getByRole("button", { name: "Delete", exact: true }).click();
    await job().getByRole("alert").getByRole("button", { name: "Delete", exact: true }).click();
    await job().getByText("10 of 10 runs done").waitFor();
    await closeQuietly();
  });

  test("what cannot be run is told at the button, and no job is left of it", async () => {
    await open("/epidemics?in=Jeferson_County_PA");
    await page.getByText("No faults.").waitFor();
    await runButton().click();
    await model()
      .getByRole("alert")
      .getByText(/there is no location Jeferson_County_PA/)
      .waitFor();
    await watched.expectAccessible();
    await page.getByRole("tab", { name: "All jobs", exact: true }).click();
    await page.getByRole("button", { name: "123", exact: true }).waitFor();
    expect(await page.getByRole("row").count()).toBe(3);
    await watched.close();
  });
});

test("a job that a notebook begins appears while the page is open", async () => {
  await open("/epidemics?tab=jobs");
  await page.getByRole("cell", { name: "influenza" }).first().waitFor();
  const session = await fetch(`${program.url}/api/epidemics/session`, { method: "POST" });
  const { token } = (await session.json()) as { token: string };
  const registered = await fetch(`${program.url}/epistemix/jobs/register`, {
    method: "POST",
    headers: {
      "offline-token": `Bearer ${token}`,
      "content-type": "application/json",
      "fredcli-version": "0.4.0",
      "user-agent": "epx_client_1.2.2",
    },
    body: JSON.stringify({ tags: ["from a notebook"] }),
  });
  expect(registered.status).toBe(200);
  await page.getByRole("cell", { name: "from a notebook" }).waitFor();
  await closeQuietly();
});

test("a closed server asks for a token, with which its user sees his jobs", async () => {
  const env = { EPISTEMIX_TOKEN_SECRET: "secret of the test" };
  const closed = await serve(["--only", "epistemix", "--host", "0.0.0.0"], { env });
  const sights = await openPage(browser, `${closed.url.replace("0.0.0.0", "127.0.0.1")}/epidemics`);
  await sights.page
    .getByRole("textbox", { name: "Token", exact: true })
    .fill(writeToken(7, signedScopes(7, "secret of the test")));
  await sights.expectAccessible();
  await sights.page.getByRole("button", { name: "Enter", exact: true }).click();
  await sights.page.getByText("No faults.").waitFor();
  await sights.page.getByText("No runs yet.").waitFor();
  await sights.close();
  expect(await closed.stop()).toBe(0);
  await rm(closed.dataDir, { recursive: true });
});

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS, type WatchedPage } from "./harness";
import { columnOf, drawnBy } from "./plots";
import { expectAsPictured } from "./screenshots";

// The page of forecasts as the program serves it: a sample at once, then files as people have them.

setDefaultTimeout(90_000);

let program: Served;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  [program, browser] = await Promise.all([serve(["--only", "forecasting"]), startBrowser()]);
  // Pages are bundled when the first one is asked for, and the browser warms up with its first one.
  await (await openPage(browser, `${program.url}/forecast`)).close();
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

/** Waits until the page is at rest: everything that it asked has been answered. */
async function settled(): Promise<void> {
  await page.locator('.results[aria-busy="false"] #chart-forecast canvas').waitFor();
  await page.locator(".loading").waitFor({ state: "detached" });
}

async function choose(name: string, content: string | Buffer): Promise<void> {
  const buffer = typeof content === "string" ? Buffer.from(content) : content;
  await page.getByLabel("File to forecast").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
}

const daily = (count: number, value: (day: number) => string | number, from = Date.UTC(2024, 0, 1)) =>
  Array.from(
    { length: count },
    (_, day) => `${new Date(from + day * 86_400_000).toISOString().slice(0, 10)},${value(day)}`,
  );
const firstForecast = async () => (await columnOf(page, "forecast", 1)).filter(Number.isFinite).slice(1);

describe("the first sight", () => {
  test.each(VIEWS.map((view) => [view.name, view] as const))(
    "in %s is a sample with its forecast, quiet, accessible and as pictured",
    async (name, view) => {
      await open("/forecast", view);
      await settled();
      await watched.expectWithinBudget();
      await watched.expectAccessible();
      const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      expect(wider).toBe(0);
      await expectAsPictured(browser, page, `forecast-${name}`);
      await closeQuietly();
    },
  );

  test("draws history, forecast and two bands that hold it", async () => {
    await open("/forecast");
    await settled();
    const { points, title } = await drawnBy(page, "forecast");
    expect([title, new Set(points).size, points.length]).toEqual(["sales", 1, 7]);
    const [, ahead, , low, high] = await Promise.all(
      [0, 1, 2, 3, 4].map((column) => columnOf(page, "forecast", column)),
    );
    for (const step of [-1, -6, -12]) {
      expect(low!.at(step)).toBeLessThan(ahead!.at(step)!);
      expect(high!.at(step)).toBeGreaterThan(ahead!.at(step)!);
    }
    await closeQuietly();
  });
});

describe("a file", () => {
  test("that is chosen is forecast, and is still there when the page is loaded anew", async () => {
    await open("/forecast");
    await choose("shop.csv", `Datum;Umsatz\n13.01.2024;1.234,5\n14.01.2024;1.235,5\n15.01.2024;1.236,5\n`);
    await page.getByRole("heading", { name: "Umsatz" }).waitFor();
    await settled();
    await page.getByRole("cell", { name: "16.01.2024" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Umsatz" }).waitFor();
    expect(new URL(page.url()).searchParams.get("file")).toBe("shop.csv");
    await closeQuietly();
  });

  test("that is dropped on the page is taken, a workbook too", async () => {
    await open("/forecast");
    await settled();
    const bytes = await Bun.file(join(import.meta.dir, "../golden/forecasting/workbooks/openpyxl.xlsx")).bytes();
    await page.evaluate((base64) => {
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], "store.xlsx"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, Buffer.from(bytes).toString("base64"));
    await page.getByRole("heading", { name: 'Store "A"' }).waitFor();
    await page.getByRole("tab", { name: "Data and repairs" }).click();
    await page.getByRole("cell", { name: "2024-01-05" }).waitFor();
    await page.getByText("Sales", { exact: true }).waitFor();
    await closeQuietly();
  });

  test("with a gap and a word for nothing shows each repair with the value that was used", async () => {
    await open("/forecast?tab=repairs");
    const rows = daily(20, (day) => (day === 7 ? "NA" : 10 + day)).filter((_, day) => day !== 4);
    await choose("gaps.csv", `date,y\n${rows.join("\n")}\n`);
    for (const cells of [/2024-01-05 . no row \(empty\) 14/, /2024-01-08 7 no value NA 17/]) {
      await page.getByRole("row", { name: cells }).waitFor();
    }
    await closeQuietly();
  });

  test("of several series is refused with the remedy as a button, which forecasts each", async () => {
    await open("/forecast");
    const rows = daily(30, (day) => day % 7).flatMap((row) => [
      row.replace(",", ",north,"),
      row.replace(",", ",south,1"),
    ]);
    await choose("stores.csv", `date,store,y\n${rows.join("\n")}\n`);
    await page.getByRole("button", { name: "Forecast each store" }).click();
    await page.getByRole("heading", { name: "y of north" }).waitFor();
    await page.getByLabel("Series shown").selectOption("south");
    await page.getByRole("heading", { name: "y of south" }).waitFor();
    expect(JSON.parse(new URL(page.url()).searchParams.get("read")!)).toEqual({ id: "store", series: "south" });
    await watched.close();
  });

  test("with two rows of one date offers what to do with them", async () => {
    await open("/forecast");
    await choose("twice.csv", "date,y\n2024-01-01,1\n2024-01-02,2\n2024-01-03,5\n2024-01-03,9\n");
    await page.getByRole("button", { name: "Add them up" }).click();
    await settled();
    await page.getByText("duplicates joined").waitFor();
    await until(async () => (await columnOf(page, "forecast", 2)).includes(14));
    await watched.close();
  });

  test("with dates that can be read in two ways says so, and is read the other way on request", async () => {
    await open("/forecast");
    const dates = Array.from({ length: 12 }, (_, k) => `${String(k + 1).padStart(2, "0")}/02/2024,${k}`);
    await choose("days.csv", `date,y\n${dates.join("\n")}\n`);
    await page.getByText("ambiguous dates").waitFor();
    await page.getByText("How the file is written").click();
    await page.getByLabel("Dates", { exact: true }).selectOption("dmy");
    await page.getByRole("cell", { name: "13/02/2024" }).waitFor();
    await closeQuietly();
  });

  test.each([
    ["a word where a number belongs", "date,y\n2024-01-01,1\n2024-01-02,n/k\n2024-01-03,2\n", "`n/k` is not a number"],
    ["no numbers at all", "a,b\nx,y\n", "No column holds numbers"],
    ["nothing in it", "", "The file is empty"],
  ])("with %s is refused at once, in words", async (_, text, told) => {
    await open("/forecast");
    await choose("odd.csv", text);
    await page.getByRole("alert").getByText(told).waitFor();
    await watched.close();
  });
});

describe("what is asked for", () => {
  test("is changed by the form and stands in the address, so that a link is a view", async () => {
    await open("/forecast");
    await settled();
    await page.getByLabel("Steps ahead").fill("5");
    await until(async () => (await firstForecast()).length === 5);
    await page.getByLabel("Forecast by").selectOption("theta");
    await page.getByRole("checkbox", { name: "Seasonal naive" }).check();
    await until(async () => (await drawnBy(page, "forecast")).points.length === 8);
    const link = page.url();
    expect(new URL(link).search).toContain("model=theta");
    await watched.close();
    await open(link.slice(program.url.length));
    await until(async () => (await drawnBy(page, "forecast")).points.length === 8);
    expect((await firstForecast()).length).toBe(5);
    await closeQuietly();
  });

  test("holding back the end shows what came beside the forecast", async () => {
    await open("/forecast?sample=elnino_monthly&from=before");
    await settled();
    await page.getByRole("columnheader", { name: "Actual" }).waitFor();
    const actual = (await columnOf(page, "forecast", 3)).filter(Number.isFinite);
    expect(actual.length).toBe(13);
    await closeQuietly();
  });

  test("values ahead of a covariate can be changed, and the forecast follows", async () => {
    await open("/forecast?tab=what-if");
    await settled();
    const cell = page.getByLabel("promotion on 2024-12-30");
    expect(await cell.inputValue()).toBe("0");
    const before = await firstForecast();
    await cell.fill("1");
    await until(async () => (await firstForecast())[0]! > before[0]! + 10);
    expect((await firstForecast())[1]).toBeCloseTo(before[1]!, 6);
    await page.getByText(/^Sum over 28 steps: .*\+.* against the file\.$/).waitFor();
    await page.reload();
    await until(async () => (await page.getByLabel("promotion on 2024-12-30").inputValue()) === "1");
    await closeQuietly();
  });
});

describe("a forecast is judged", () => {
  test("in words at once, against the seasonal naive one", async () => {
    await open("/forecast");
    await settled();
    await page.getByText(/MASE \d\.\d\d; seasonal naive \d\.\d\d: \d+ % better; the band held \d+ %\./).waitFor();
    await closeQuietly();
  });

  test("beside other models, in a table and in one chart of the past", async () => {
    await open("/forecast?sample=nile_yearly&tab=compare&horizon=5");
    for (const name of ["ensemble", "theta", "drift", "seasonal_naive"])
      await page.getByRole("cell", { name, exact: true }).waitFor();
    const { points } = await drawnBy(page, "windows");
    expect(points.length).toBe(7);
    const ensemble = await columnOf(page, "windows", 1);
    expect(ensemble.filter(Number.isFinite).length).toBe(15);
    await watched.expectAccessible();
    await closeQuietly();
  });

  test("not where the history is too short, and says so", async () => {
    await open("/forecast?tab=compare");
    await choose("short.csv", "t,y\n1,5\n2,6\n3,7\n");
    await page.getByText("The history is too short to judge a forecast of 12 steps.").waitFor();
    await page.getByText("short history").waitFor();
    await closeQuietly();
  });

  test("by its past: a value that nobody expected is named", async () => {
    await open("/forecast?tab=anomalies");
    const rows = daily(80, (day) => (day === 60 ? 400 : 50 + (day % 7) * 3 + ((day * 13) % 5)));
    await choose("odd.csv", `date,y\n${rows.join("\n")}\n`);
    await page.getByRole("cell", { name: "2024-03-01" }).waitFor();
    await page.getByText(/unusual\. \d+ came too early to be judged\./).waitFor();
    await watched.expectAccessible();
    await closeQuietly();
  });
});

test("a service that is closed asks for its key, and goes on with it", async () => {
  const env = { API_SECRET_KEY: "a key of more than thirty-two characters" };
  const closed = await serve(["--only", "forecasting", "--host", "0.0.0.0"], { env });
  const port = new URL(closed.url).port;
  const there = await openPage(browser, `http://127.0.0.1:${port}/forecast`);
  const field = there.page.getByLabel("Key of this service");
  await field.fill(env.API_SECRET_KEY);
  await there.page.getByRole("button", { name: "Go on" }).click();
  await there.page.locator("#chart-forecast canvas").waitFor();
  await there.page.getByText(/MASE \d/).waitFor();
  expect(await there.page.locator(".fault").count()).toBe(0);
  await there.close();
  await closed.stop();
  await rm(closed.dataDir, { recursive: true });
});

describe("the models", () => {
  test("are cards; one that the hub does not give says why, and can be forgotten", async () => {
    await open("/forecast?tab=models");
    await page.getByRole("region", { name: "theta" }).getByRole("button", { name: "Use it" }).click();
    await until(() => page.url().includes("model=theta"));
    await page.getByLabel("Get a larger model").fill("no/thing/here");
    await page.getByRole("button", { name: "Pull", exact: true }).click();
    await page
      .getByRole("alert")
      .getByText(/is no model id/)
      .waitFor();
    await watched.close();
  });
});

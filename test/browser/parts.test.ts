import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { type FixtureServer, startFixtureServer } from "./fixtureServer";
import { openPage, startBrowser, until, VIEWS, type View, type WatchedPage } from "./harness";
import { expectAsPictured } from "./screenshots";

setDefaultTimeout(30_000);

let server: FixtureServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  server = startFixtureServer();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function open(query = "", view: View = VIEWS[0]): Promise<void> {
  watched = await openPage(browser, `${server.url}/parts${query}`, view);
  page = watched.page;
}

afterEach(async () => {
  watched.expectNoFaults();
  await watched.close();
});

const parameter = (name: string) => new URL(page.url()).searchParams.get(name);
const rowsInPage = () => page.locator("tbody tr:not(.spacer)").count();
const firstCell = () => page.locator("tbody tr:not(.spacer) td").first().textContent();

test.each(VIEWS)("all parts together are accessible, small, quick and as pictured in $name", async (view) => {
  await open("", view);
  await page.locator("#chart-error canvas").first().waitFor();
  await watched.expectWithinBudget();
  await watched.expectAccessible();
  const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
  expect(scrollWidth).toBe(clientWidth);
  await expectAsPictured(browser, page, `parts-${view.name}`);
});

describe("a table of five thousand rows", () => {
  test("has only those in sight in the page, and scrolls to the last one", async () => {
    await open();
    expect(await rowsInPage()).toBeLessThan(60);
    const scroller = page.getByRole("region", { name: "Table of offers" });
    const height = await scroller.evaluate((element) => element.scrollHeight);
    expect(Math.abs(height - 5001 * 28)).toBeLessThan(40);
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.locator("tr[aria-rowindex='5001']").waitFor();
    expect(await rowsInPage()).toBeLessThan(60);
  });

  test("sorts by a column at a click and the other way at the next, and keeps that in the address", async () => {
    await open();
    const header = page.getByRole("columnheader", { name: /Hash rate/ });
    await header.getByRole("button").click();
    expect(await header.getAttribute("aria-sort")).toBe("ascending");
    await header.getByRole("button").click();
    expect(await header.getAttribute("aria-sort")).toBe("descending");
    await page.waitForURL(/offers\.sort=-rate/);
    expect(await page.locator("tbody tr:not(.spacer) td:nth-child(4)").first().textContent()).toMatch(/^4.\d{3}$/);
    await page.reload();
    expect(await page.getByRole("columnheader", { name: /Hash rate/ }).getAttribute("aria-sort")).toBe("descending");
  });

  test("filters by words and by columns, and says how many are left", async () => {
    await open();
    const filter = page.getByRole("searchbox", { name: "Filter offers" });
    await filter.fill("a100 price<0.1");
    await page.getByText(/^1\d\d of 5.000 rows$/).waitFor();
    await page.waitForURL(/offers\.filter=/);
    await filter.fill("nothing-like-it");
    await page.getByText(/^0 of 5.000 rows$/).waitFor();
  });

  test("shows the columns that are chosen", async () => {
    await open();
    const header = page.getByRole("columnheader", { name: "Note" });
    expect(await header.count()).toBe(0);
    await page.getByText("Columns").click();
    await page.getByLabel("Note").check();
    await header.waitFor();
    await page.getByLabel("GPU").uncheck();
    expect(await page.getByRole("columnheader", { name: "GPU" }).count()).toBe(0);
    await page.waitForURL(/offers\.hidden=gpu/);
  });

  test("gives CSV of what is filtered and shown, and no cell that a spreadsheet would run", async () => {
    await open("?offers.hidden=&offers.filter=worker%3Dworker-3");
    const waiting = page.waitForEvent("download");
    await page.locator(".table-tools").getByRole("button", { name: "CSV" }).click();
    const text = await Bun.file(await (await waiting).path()).text();
    expect(text).toBe(
      "Worker,GPU,Price (XNM/min),Hash rate (H/s),Note\r\nworker-3,RTX 4090,0.111,4757,'=HYPERLINK(1)\r\n",
    );
  });

  test("shows text as text, never as HTML", async () => {
    await open("?offers.hidden=&offers.filter=worker%3Dworker-4");
    expect(await page.locator("td", { hasText: "bold" }).textContent()).toBe("<b>bold</b>");
    expect(await page.locator("td b").count()).toBe(0);
  });

  test("keeps its order under the pointer when somebody sorts elsewhere", async () => {
    await open();
    const before = await firstCell();
    await page.locator("tbody tr:not(.spacer)").first().hover();
    await page.evaluate(() => history.pushState(null, "", "?offers.sort=-price"));
    await page.evaluate(() => dispatchEvent(new PopStateEvent("popstate")));
    expect(await firstCell()).toBe(before);
    await page.mouse.move(5, 5);
    await until(async () => (await firstCell()) !== before);
  });
});

describe("a form from a schema", () => {
  test("sends what was filled in, with the types of the schema and its defaults", async () => {
    await open();
    await page.getByLabel("Name").fill("night");
    await page.getByLabel("Count").fill("7");
    await page.getByLabel("Kind").selectOption("sweep");
    await page.getByLabel("Quick").uncheck();
    await page.getByLabel("Seeds").fill("1, 2\n3");
    await page.getByLabel("Region").fill("north");
    await page.getByRole("button", { name: "Submit" }).click();
    const sent = JSON.parse((await page.getByLabel("Sent").textContent()) ?? "");
    expect(sent).toEqual({
      ...{ name: "night", count: 7, kind: "sweep", quick: false, seeds: [1, 2, 3] },
      where: { region: "north" },
    });
  });

  test("sends nothing while something is wrong, and says at the field what was expected", async () => {
    await open();
    await page.getByRole("button", { name: "Submit" }).click();
    expect(await page.getByLabel("Name").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("Name").fill("night");
    await page.getByLabel("Count").fill("11");
    await page.getByText("Expected 10 or less, got 11").waitFor();
    await page.getByRole("button", { name: "Submit" }).click();
    expect(await page.getByLabel("Sent").textContent()).toBe("");
    await watched.expectAccessible();
    await page.getByLabel("Count").fill("10");
    await page.getByRole("button", { name: "Submit" }).click();
    expect(await page.getByLabel("Sent").textContent()).toContain('"count":10');
  });
});

describe("a slider", () => {
  const number = () => page.getByRole("textbox", { name: "Onboarded power" });
  const slider = () => page.getByRole("slider", { name: "Onboarded power" });

  test("takes a typed number, and says when it is outside the limits", async () => {
    await open();
    await number().fill("12.5");
    expect(await slider().inputValue()).toBe("12.5");
    await page.waitForURL(/rbp=12\.5/);
    await number().fill("99");
    await page.getByText("Expected 0 to 20").waitFor();
    expect(await slider().inputValue()).toBe("12.5");
    await number().blur();
    expect(await number().inputValue()).toBe("12.5");
  });

  test("goes by the keys; a whole drag is one step Back", async () => {
    await open();
    await slider().focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
    expect(await number().inputValue()).toBe("3.9");
    await page.waitForURL(/rbp=3\.9/);
    await page.goBack();
    expect(parameter("rbp")).toBeNull();
    await until(async () => (await number().inputValue()) === "3.4");
  });

  test("reads its value from the address, and takes nonsense there for none", async () => {
    await open("?rbp=7");
    expect(await number().inputValue()).toBe("7");
    await page.goto(`${server.url}/parts?rbp=1e9`);
    expect(await number().inputValue()).toBe("3.4");
  });

  test("marks the median and the range of the history on its track", async () => {
    await open();
    const track = (await slider().boundingBox())!;
    const median = (await page.locator(".slider-median").boundingBox())!;
    const share = (median.x + median.width / 2 - track.x - 8) / (track.width - 16);
    expect(share).toBeCloseTo(3.4 / 20, 2);
    await page.getByText("History: median 3.40, 1.20 to 9.80").waitFor();
  });
});

test("a dialog keeps the focus inside, closes on Esc, and gives the focus back", async () => {
  await open();
  const opener = page.getByRole("button", { name: "Open a dialog" });
  await opener.click();
  const dialog = page.getByRole("dialog", { name: "A dialog" });
  await dialog.waitFor();
  await watched.expectAccessible();
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press("Tab");
    const inside = await page.evaluate(() => {
      const focused = document.activeElement;
      return focused === document.body || document.querySelector("dialog")!.contains(focused);
    });
    expect(inside).toBe(true);
  }
  await page.keyboard.press("Escape");
  expect(await dialog.count()).toBe(0);
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
});

test("a part that breaks leaves a fault and the shell, not an empty page", async () => {
  await open();
  await page.getByRole("button", { name: "Break" }).click();
  const fault = page.getByRole("alert");
  await fault.getByText("The part is broken.").waitFor();
  await watched.expectAccessible();
  expect(await page.locator(".rail a").count()).toBeGreaterThan(2);
  await fault.getByRole("button", { name: "Try again" }).click();
  await page.locator("#chart-supply canvas").waitFor();
});

test("a menu closes on Esc with the focus back on it, and on a click beside it", async () => {
  await open();
  const [menu, summary] = [page.locator("details.menu"), page.locator("details.menu summary")];
  await summary.click();
  await page.getByLabel("GPU").focus();
  await page.keyboard.press("Escape");
  expect(await menu.getAttribute("open")).toBeNull();
  expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true);
  await summary.click();
  await page.getByRole("heading", { name: "Parts" }).click();
  expect(await menu.getAttribute("open")).toBeNull();
});

test("an empty part says what would be here and offers the one action that fills it", async () => {
  await open();
  await page.getByText("Offers would be here.").waitFor();
  await page.getByRole("button", { name: "Start a fleet" }).click();
  await page.getByRole("status").getByText("Fleet started").waitFor();
});

test("a socket that breaks is opened again and goes on after the last message", async () => {
  await open();
  const output = page.getByLabel("Socket");
  await until(async () => (await output.textContent()) === "1 2 3 4 5 6 7 8 9");
});

import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { type FixtureServer, startFixtureServer } from "./fixtureServer";
import { openPage, startBrowser, until, VIEWS, type WatchedPage } from "./harness";
import { colourAt, columnOf, drawnBy, hasColourNear } from "./plots";
import { DAYS, days, FIRST_DAY_S, HISTORY_DAYS, path } from "./series";

setDefaultTimeout(30_000);

const DAY_S = 86_400;
const BLUE = [0x00, 0x72, 0xb2] as const;
const dayAt = (day: number) => FIRST_DAY_S + day * DAY_S;

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

async function open(query = "", view: (typeof VIEWS)[number] = VIEWS[0]): Promise<void> {
  watched = await openPage(browser, `${server.url}/parts${query}`, view);
  page = watched.page;
  await page.locator("#chart-supply canvas").waitFor();
}

afterEach(async () => {
  watched.expectNoFaults();
  await watched.close();
});

describe("what a chart draws", () => {
  test("is the data it was given, every day of it", async () => {
    await open();
    const { points, x, title } = await drawnBy(page, "supply");
    expect(points).toEqual([DAYS, DAYS, DAYS, DAYS, DAYS, DAYS]);
    expect(x).toEqual([dayAt(0), dayAt(DAYS - 1)]);
    expect(title.replaceAll("\u202f", " ")).toBe("Circulating supplyM FIL");
    expect(await columnOf(page, "supply", 0)).toEqual([...days()]);
    expect(await columnOf(page, "supply", 1)).toEqual([...path(1, 480e6, 890e6, 0.01)]);
  });

  test("stands on the canvas where the values are, in the colour of the series", async () => {
    await open();
    const values = await columnOf(page, "supply", 1);
    for (const day of [1200, 2400, 3600]) {
      const at = { x: dayAt(day), y: values[day]!, withinPx: 3 };
      expect(await hasColourNear(page, "supply", at, BLUE), `day ${day}`).toBe(true);
      expect(await hasColourNear(page, "supply", { ...at, y: at.y * 1.2 }, BLUE), `above day ${day}`).toBe(false);
    }
  });

  test.each([VIEWS[0], VIEWS[1]])("shades the history and not the forecast, in %p", async (view) => {
    await open("", view);
    const { y } = await drawnBy(page, "rewards");
    const corner = y[0] + (y[1] - y[0]) * 0.06;
    const history = await colourAt(page, "rewards", dayAt(30), corner);
    const forecast = await colourAt(page, "rewards", dayAt(HISTORY_DAYS + 200), corner);
    expect(history[3]).toBe(255);
    expect(forecast[3]).toBe(0);
  });

  test("fills bands with the colour of their series at 12 % and, inside, at 24 % more", async () => {
    await open();
    const day = 3400;
    const [high, innerHigh] = [await columnOf(page, "supply", 3), await columnOf(page, "supply", 5)];
    const values = await columnOf(page, "supply", 1);
    const outer = await colourAt(page, "supply", dayAt(day), (high[day]! + innerHigh[day]!) / 2);
    const inner = await colourAt(page, "supply", dayAt(day), (values[day]! + innerHigh[day]!) / 2);
    expect(outer[3]! / 255).toBeCloseTo(0.12, 1);
    expect(inner[3]! / 255).toBeCloseTo(1 - 0.88 * 0.76, 1);
    expect(await page.locator("#chart-supply .legend-band").allTextContents()).toEqual(["5 to 95 %", "25 to 75 %"]);
  });

  test("is drawn anew in the colours of the other scheme", async () => {
    await open();
    const background = () => page.evaluate(() => getComputedStyle(document.body.parentElement!).backgroundColor);
    const before = await background();
    await page.getByRole("button", { name: /^Colours/ }).click();
    await page.getByRole("button", { name: /^Colours/ }).click();
    expect(await background()).not.toBe(before);
    const history = await colourAt(page, "rewards", dayAt(30), (await drawnBy(page, "rewards")).y[0] * 1.05);
    expect(Math.max(...history.slice(0, 3))).toBeLessThan(64);
  });
});

describe("reading", () => {
  test("the pointer in one chart reads every chart over the same dates, with date and unit", async () => {
    await open();
    const plot = (await page.locator("#chart-supply .u-over").boundingBox())!;
    await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height / 2);
    const day = Math.round((DAYS - 1) / 2);
    const date = new Date(dayAt(day) * 1000).toISOString().slice(0, 7);
    for (const name of ["supply", "power", "rewards"]) {
      const chart = page.locator(`#chart-${name}`);
      expect(await textWhen(chart.locator(".reading-at"), (text) => text.startsWith(date))).toStartWith(date);
    }
    expect(await page.locator("#chart-power .reading").first().textContent()).toMatch(/^[\d.\u202f]+ EiB$/);
    expect(await page.locator("#chart-error .reading-at").textContent()).toBe("365 days");
    await page.mouse.move(5, 5);
    const last = new Date(dayAt(DAYS - 1) * 1000).toISOString().slice(0, 10);
    expect(await textWhen(page.locator("#chart-power .reading-at"), (text) => text === last)).toBe(last);
  });

  test("the arrow keys read day by day, and say it", async () => {
    await open();
    const plot = page.locator("#chart-rewards .chart-plot");
    await plot.focus();
    await page.keyboard.press("ArrowLeft");
    const yesterday = new Date(dayAt(DAYS - 2) * 1000).toISOString().slice(0, 10);
    const spoken = page.locator("#chart-rewards .spoken");
    expect(await textWhen(spoken, (text) => text !== "")).toMatch(new RegExp(`^${yesterday}: reward [\\d.]+ µ`));
    const elsewhere = page.locator("#chart-supply .reading-at");
    expect(await textWhen(elsewhere, (text) => text === yesterday)).toBe(yesterday);
    await page.keyboard.press("Shift+ArrowLeft");
    const month = new Date(dayAt(DAYS - 32) * 1000).toISOString().slice(0, 10);
    expect(await textWhen(spoken, (text) => text.startsWith(month))).toStartWith(month);
  });
});

describe("zooming", () => {
  async function dragAcross(name: string, from: number, to: number): Promise<void> {
    const plot = (await page.locator(`#chart-${name} .u-over`).boundingBox())!;
    const middle = plot.y + plot.height / 2;
    await page.mouse.move(plot.x + plot.width * from, middle);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * to, middle, { steps: 4 });
    await page.mouse.up();
  }
  const zoomOf = () => new URL(page.url()).searchParams.get("zoom");

  test("a drag zooms every chart over dates and stands in the address; Back undoes it", async () => {
    await open();
    await dragAcross("supply", 0.25, 0.5);
    await page.waitForURL(/zoom=/);
    const wanted = dayAt((DAYS - 1) / 4);
    for (const name of ["supply", "power", "rewards"]) {
      const [from, to] = (await drawnBy(page, name)).x;
      expect(Math.abs(from - wanted) / DAY_S).toBeLessThan(20);
      expect((to - from) / DAY_S).toBeCloseTo((DAYS - 1) / 4, -2);
    }
    expect((await drawnBy(page, "error")).x).toEqual([1, 365]);
    await page.goBack();
    expect(zoomOf()).toBeNull();
    await until(async () => (await drawnBy(page, "power")).x[0] === dayAt(0));
  });

  test("a link with a zoom shows that zoom, and a double click everything again", async () => {
    await open("?zoom=2026-01-01..2027-01-01");
    expect((await drawnBy(page, "supply")).x).toEqual([Date.UTC(2026, 0, 1) / 1000, Date.UTC(2027, 0, 1) / 1000]);
    await page.locator("#chart-supply .u-over").dblclick();
    await until(async () => (await drawnBy(page, "rewards")).x[1] === dayAt(DAYS - 1));
    await page.waitForURL((url) => !url.search.includes("zoom"));
  });

  test("Ctrl and the wheel zoom at the pointer, the wheel alone scrolls the page", async () => {
    await open();
    const plot = (await page.locator("#chart-supply .u-over").boundingBox())!;
    await page.mouse.move(plot.x + plot.width * 0.75, plot.y + 20);
    await page.mouse.wheel(0, -200);
    expect(zoomOf()).toBeNull();
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -400);
    await page.keyboard.up("Control");
    await until(async () => (await drawnBy(page, "power")).x[0] > dayAt(0));
    const [from, to] = (await drawnBy(page, "power")).x;
    expect((dayAt((DAYS - 1) * 0.75) - from) / (to - from)).toBeCloseTo(0.75, 1);
  });

  test("the scale fits what is in sight", async () => {
    await open("?zoom=2022-12-15..2023-01-15");
    const [low, high] = (await drawnBy(page, "supply")).y;
    expect(low).toBeGreaterThan(460e6);
    expect(high).toBeLessThan(510e6);
  });
});

describe("the tools of a chart", () => {
  test("Log turns the scale logarithmic and back", async () => {
    await open();
    const log = page.locator("#chart-power").getByRole("button", { name: "Log" });
    await log.click();
    await until(async () => (await drawnBy(page, "power")).logarithmic);
    await page.waitForURL(/power\.scale=log/);
    expect(await log.getAttribute("aria-pressed")).toBe("true");
    await log.click();
    await until(async () => !(await drawnBy(page, "power")).logarithmic);
  });

  test("a click on a name switches its series off, with Alt it alone stays", async () => {
    await open();
    const key = (name: string) => page.locator("#chart-power .legend-key", { hasText: name });
    const shows = (...wanted: boolean[]) =>
      until(async () => (await drawnBy(page, "power")).shown.join() === wanted.join());
    await key("baseline").click();
    await shows(false, true, true);
    expect((await drawnBy(page, "power")).y[1]).toBeLessThan(40);
    await key("raw power").click({ modifiers: ["Alt"] });
    await shows(false, true, false);
    await page.waitForURL(/power\.off=baseline%2Cquality-adjusted/);
    await page.reload();
    await page.locator("#chart-power canvas").waitFor();
    await shows(false, true, false);
    await key("raw power").click({ modifiers: ["Alt"] });
    await shows(true, true, true);
  });

  test("CSV has every day at full precision, with the unit in the header", async () => {
    await open();
    const text = await downloaded("supply", "CSV", "supply.csv").then((bytes) => new TextDecoder().decode(bytes));
    const lines = text.trimEnd().split("\r\n");
    expect(lines).toHaveLength(DAYS + 1);
    expect(lines[0]).toBe(
      "date,median (FIL),median 5 to 95 % low (FIL),median 5 to 95 % high (FIL),median 25 to 75 % low (FIL),median 25 to 75 % high (FIL)",
    );
    const values = await columnOf(page, "supply", 1);
    const cells = lines[1]!.split(",");
    expect(cells.slice(0, 2)).toEqual(["2022-12-15", String(values[0])]);
    expect(cells.slice(2)).toEqual(["", "", "", ""]);
  });

  test("PNG is a picture with title and lines on a ground of its own", async () => {
    await open();
    const bytes = await downloaded("power", "PNG", "power.png");
    expect([...bytes.subarray(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const canvas = await page
      .locator("#chart-power canvas")
      .evaluate((element) => (element as HTMLCanvasElement).width);
    expect(view.getUint32(16)).toBe(canvas + 24);
    expect(bytes.length).toBeGreaterThan(5000);
  });

  test("Copy as curl puts the command on the clipboard and says so", async () => {
    await open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await page.getByText("Command copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("curl -s http://127.0.0.1:8080/simulate");
  });

  async function downloaded(chart: string, button: string, name: string): Promise<Uint8Array> {
    const waiting = page.waitForEvent("download");
    await page.locator(`#chart-${chart}`).getByRole("button", { name: button, exact: true }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe(name);
    return Bun.file(await download.path()).bytes();
  }
});

test("a chart is as wide as its place, also after the window has changed", async () => {
  await open();
  const widthOf = () => page.locator("#chart-supply canvas").evaluate((canvas) => canvas.getBoundingClientRect().width);
  const before = await widthOf();
  await page.setViewportSize({ width: 700, height: 900 });
  await until(async () => (await widthOf()) !== before);
  const place = await page.locator("#chart-supply .chart-plot").evaluate((element) => element.clientWidth);
  expect(await widthOf()).toBe(place);
});

async function textWhen(locator: ReturnType<Page["locator"]>, fits: (text: string) => boolean): Promise<string> {
  await until(async () => fits((await locator.textContent()) ?? ""));
  return (await locator.textContent()) ?? "";
}

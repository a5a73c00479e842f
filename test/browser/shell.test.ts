import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { type FixtureServer, startFixtureServer } from "./fixtureServer";
import { openPage, startBrowser, until, VIEWS, type WatchedPage } from "./harness";

setDefaultTimeout(30_000);

let server: FixtureServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(() => browser.close());

async function open(path = "/", view: (typeof VIEWS)[number] = VIEWS[0]): Promise<void> {
  server = startFixtureServer();
  watched = await openPage(browser, server.url + path, view);
  page = watched.page;
}

afterEach(async () => {
  await watched.close();
  await server.stop();
});

const railTitles = () => page.locator(".rail a").allTextContents();

describe("the rail", () => {
  test("has a place for each system with a page, and one that is switched off is absent", async () => {
    await open();
    expect(await railTitles()).toEqual([
      ...["Start", "Filecoin", "Market", "Forecast", "Jobs", "Epidemics", "Broker", "System"],
    ]);
    server.send({ ...server.status, systems: server.status.systems.filter(({ name }) => name !== "market") });
    await until(async () => !(await railTitles()).includes("Market"));
    expect(await page.locator(".rail [aria-current=page]").textContent()).toBe("Start");
    watched.expectNoFaults();
  });

  test("at 360 px lies at the bottom with five places, the one that is open among them", async () => {
    await open("/system", VIEWS[2]);
    const shown = page.locator(".rail :is(a, button):visible");
    expect(await shown.allTextContents()).toEqual(["Start", "Filecoin", "Market", "System", "More"]);
    const bar = (await page.locator(".rail").boundingBox())!;
    expect(bar.y + bar.height).toBe(740);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("option", { name: /Epidemics/ }).waitFor();
  });
});

describe("the status bar", () => {
  test("says version, what each system tells of itself, work and how fresh all this is", async () => {
    await open();
    const words = await page.locator(".status-bar span").allTextContents();
    expect(words.slice(0, 5)).toEqual([
      ...["Foresight 0.1.0", "sample, to 2025-09-09", "CPU f64", "14 broker clients", "3 calculations running"],
    ]);
    expect(words[5]).toMatch(/^Live, last message \d s ago$/);
  });

  test("follows the server, and leaves out what is switched off", async () => {
    await open();
    const systems = server.status.systems.filter(({ name }) => name !== "broker");
    server.send({ ...server.status, systems, work: { running: 1, waiting: 0 } });
    await page.getByText("1 calculation running").waitFor();
    const words = await page.locator(".status-bar span").allTextContents();
    expect(words.slice(0, 4)).toEqual(["Foresight 0.1.0", "sample, to 2025-09-09", "CPU f64", "1 calculation running"]);
  });
});

test("a silent server makes the page say that it is stale; when it speaks again the page goes on where it was", async () => {
  server = startFixtureServer();
  const context = await browser.newContext({ locale: "en-US" });
  page = await context.newPage();
  await page.clock.install();
  await page.goto(server.url);
  await page.locator(".freshness.live").waitFor();
  watched = { page, close: () => context.close() } as WatchedPage;
  server.send({ ...server.status, version: "0.1.1" });
  await page.getByText("Foresight 0.1.1").waitFor();
  server.fallSilent();
  await page.clock.fastForward(16_000);
  await page.getByText(/^Stale, last message 1\d s ago$/).waitFor();
  const banner = page.getByText("Stale: the server has been silent.");
  await banner.waitFor();
  const [amber, text] = await banner.evaluate((element) => {
    const probe = document.createElement("i");
    probe.style.color = "var(--stale)";
    element.append(probe);
    return [getComputedStyle(probe).color, getComputedStyle(element).color];
  });
  expect(text).toBe(amber);
  server.speak();
  await page.clock.fastForward(30_000);
  await page.locator(".freshness.live").waitFor();
  expect(await banner.count()).toBe(0);
  expect(server.streamsFrom.at(-1)).toBe("1");
});

describe("the palette", () => {
  test("opens on /, finds pages, workers, jobs and documents, and goes there on Enter", async () => {
    await open();
    await page.keyboard.press("/");
    const field = page.getByRole("combobox", { name: "Page, run, worker" });
    await page.keyboard.type("work");
    expect(await field.inputValue()).toBe("work");
    await page.getByRole("option", { name: /worker-17/ }).waitFor();
    await field.fill("syst");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    expect(await page.locator("[role=option][aria-selected=true]").textContent()).toContain("System");
    await watched.expectAccessible();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/system$/);
    watched.expectNoFaults();
  });

  test("closes on Esc, gives the focus back, and does not open while somebody types", async () => {
    await open("/system?tab=logs");
    const opener = page.getByRole("button", { name: "Go to" });
    await opener.click();
    await page.getByRole("combobox", { name: "Page, run, worker" }).waitFor();
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog").count()).toBe(0);
    expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByPlaceholder("all requests").fill("");
    await page.getByPlaceholder("all requests").press("/");
    expect(await page.locator("dialog").count()).toBe(0);
    expect(await page.getByPlaceholder("all requests").inputValue()).toBe("/");
  });

  test("says so when the server cannot be searched", async () => {
    await open();
    server.refuse("/api/system/find", 503, { detail: "busy" });
    await page.keyboard.press("/");
    await page.getByRole("combobox", { name: "Page, run, worker" }).fill("x");
    await page.getByText("could not be searched").waitFor();
  });

  test("runs the commands of the page", async () => {
    await open();
    await page.keyboard.press("/");
    await page.getByRole("combobox", { name: "Page, run, worker" }).fill("colours");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("light");
  });
});

test("? shows the keys", async () => {
  await open();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await watched.expectAccessible();
  expect(await page.locator(".keys dt").allTextContents()).toContain("Esc");
  await page.keyboard.press("Escape");
  expect(await page.locator("dialog").count()).toBe(0);
});

test("every control is reached by Tab, in the order it is seen, with a visible focus", async () => {
  await open("/system");
  const seen: string[] = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return {
        words: element.textContent.trim(),
        body: element === document.body,
        outline: `${outlineStyle} ${outlineWidth}`,
      };
    });
    if (focused.body) break;
    expect(focused.outline, focused.words).toBe("solid 2px");
    seen.push(focused.words);
  }
  expect(seen.slice(0, 3)).toEqual(["To the content", "Start", "Filecoin"]);
  expect(seen).toContain("Health");
  expect(seen).toContain("Check again");
  expect(seen.indexOf("Go to /")).toBeLessThan(seen.indexOf("Health"));
});

describe("the colours", () => {
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  test("follow the system, or the choice, which is kept and in force before the first paint", async () => {
    await open();
    const light = await scheme();
    await page.getByRole("button", { name: /^Colours/ }).click();
    await page.getByRole("button", { name: /^Colours/ }).click();
    const dark = await scheme();
    expect(dark).not.toBe(light);
    await page.route("**/page-*.js", (route) => route.abort());
    await page.reload();
    expect(await scheme()).toBe(dark);
  });
});

describe("a fault", () => {
  test("says what was wrong, where, what to do, and leads to the log of that request", async () => {
    server = startFixtureServer();
    server.refuse("/api/system/doctor", 503, { detail: "The checks are under way for somebody else." });
    watched = await openPage(browser, server.url);
    page = watched.page;
    const fault = page.getByRole("alert");
    await fault.waitFor();
    expect(await fault.textContent()).toContain("The checks are under way for somebody else.");
    expect(await fault.textContent()).toContain("GET /api/system/doctor");
    const link = fault.getByRole("link", { name: "0198f1c2-test" });
    expect(await link.getAttribute("href")).toBe("/system?tab=logs&request_id=0198f1c2-test");
    await watched.expectAccessible();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await fault.getByRole("button", { name: "Copy" }).click();
    await page.getByText("Fault copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("Request id: 0198f1c2-test");
  });
});

describe("the system page", () => {
  test("shows the log of one request, by its id or by a click on it", async () => {
    await open("/system?tab=logs&request_id=0198f1c2-6998");
    await page.getByText("request failed").waitFor();
    expect(await page.locator("tbody tr").count()).toBe(2);
    await page.getByPlaceholder("all requests").fill("");
    await page.getByPlaceholder("all requests").press("Enter");
    await page.getByText("400 rows").waitFor();
    await page.getByRole("button", { name: "0198f1c2-6999" }).first().click();
    await page.getByText("2 rows").waitFor();
    await page.waitForURL(/request_id=0198f1c2-6999/);
  });

  test("shows levels from the chosen one up, and says where nothing is found", async () => {
    await open("/system?tab=logs");
    await page.getByLabel("From level").selectOption("error");
    await page.getByText("5 rows").waitFor();
    await page.getByPlaceholder("all requests").fill("nobody");
    await page.getByPlaceholder("all requests").press("Enter");
    await page.getByText("Lines of request nobody would be here.").waitFor();
    await page.getByRole("button", { name: "Show all requests" }).click();
    await page.getByText("5 rows").waitFor();
  });

  test("shows each setting with its origin, and no secret", async () => {
    await open("/system?tab=settings");
    const row = (name: string) => page.locator("tbody tr", { hasText: name });
    expect(await row("PORT").textContent()).toContain("9000 flag");
    expect(await row("SECRET_KEY").textContent()).toContain("(secret)");
    expect(await row("DATABASE_URL").textContent()).toContain("unset");
  });

  test("makes a backup and lists it", async () => {
    await open("/system?tab=storage");
    await page.getByText("would be here").waitFor();
    await page.getByRole("button", { name: "Back up now" }).click();
    await page.getByText("Backup foresight-20250910-101500.zip made, 4.20 MB").waitFor();
    await page.getByRole("cell", { name: "foresight-20250910-101500.zip" }).waitFor();
    watched.expectNoFaults();
  });

  test("its tabs go by the arrow keys, stand in the address, and Back returns", async () => {
    await open("/system");
    await page.getByRole("tab", { name: "Health" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/tab=logs/);
    expect(await page.getByRole("tab", { name: "Logs" }).getAttribute("aria-selected")).toBe("true");
    await page.goBack();
    await page.getByText("Takes requests.").first().waitFor();
  });
});

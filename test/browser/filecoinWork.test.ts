import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { startForecaster } from "./filecoinPage";
import { until, VIEWS } from "./harness";
import { colourAt, columnOf, drawnBy, hasColourNear } from "./plots";

setDefaultTimeout(30_000);

const BLUE = [0x00, 0x72, 0xb2] as const;
const DAY_S = 86_400;
const SLOW_SERVER_MS = 800;

const forecaster = startForecaster();
const page = () => forecaster.page;
const field = (label: string) => page().getByRole("textbox", { name: label, exact: true });

afterEach(() => forecaster.close());

/** Column and series of each of the four charts. */
const DRAWN = [
  ["supply", 1, "circ_supply", 1],
  ["supply", 2, "cum_network_reward", 1],
  ["supply", 3, "network_gas_burn", 1],
  ["power", 1, "network_RBP_EIB", 1],
  ["power", 2, "network_QAP_EIB", 1],
  ["power", 3, "network_baseline_EIB", 1],
  ["locked", 1, "network_locked", 1],
  ["locked", 2, "network_locked_pledge", 1],
  ["locked", 3, "network_locked_reward", 1],
  ["returns", 1, "1y_sector_roi", 100],
] as const;

/** Every column of every chart, against the API. */
async function expectAllOf(body: object): Promise<void> {
  const series = await forecaster.simulate({ ...body, output: DRAWN.map(([, , name]) => name) });
  for (const [chart, column, name, factor] of DRAWN) await forecaster.untilShown(chart, column, series[name]!, factor);
}

describe("the four charts", () => {
  test("show the default forecast, every day and digit of it as the API gives it", async () => {
    await forecaster.open();
    await expectAllOf({});
    const dates = (await (await fetch(`${forecaster.program.url}/sim-dates`)).json()) as Record<string, string>;
    const start = Date.parse(`${dates["start_date"]}T00:00:00Z`) / 1000;
    const x = await columnOf(page(), "supply", 0);
    expect(x[0]).toBe(start);
    expect(x[1]! - x[0]!).toBe(DAY_S);
  });

  test("stand on the canvas where the values are; the history is shaded, the forecast is not", async () => {
    await forecaster.open();
    const [x, supply] = [await columnOf(page(), "supply", 0), await columnOf(page(), "supply", 1)];
    for (const day of [500, 2000, 4000]) {
      const at = { x: x[day]!, y: supply[day]!, withinPx: 3 };
      expect(await hasColourNear(page(), "supply", at, BLUE), `day ${day}`).toBe(true);
    }
    const { y } = await drawnBy(page(), "returns");
    const corner = y[0] + (y[1] - y[0]) * 0.9;
    expect((await colourAt(page(), "returns", x[300]!, corner))[3]).toBe(255);
    expect((await colourAt(page(), "returns", x[1600]!, corner))[3]).toBe(0);
  });

  test("are read and zoomed together, and the zoom is in the address", async () => {
    await forecaster.open();
    const readings = () => page().locator(".sights .reading-at").allTextContents();
    await page()
      .locator("#chart-supply .u-over")
      .hover({ position: { x: 200, y: 50 } });
    await until(async () => new Set(await readings()).size === 1 && (await readings())[0] !== "2035-09-06");
    const box = (await page().locator("#chart-power .u-over").boundingBox())!;
    await page().mouse.move(box.x + 100, box.y + 50);
    await page().mouse.down();
    await page().mouse.move(box.x + 200, box.y + 50, { steps: 4 });
    await page().mouse.up();
    await page().waitForURL(/zoom=\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d/);
    const [power, returns] = [await drawnBy(page(), "power"), await drawnBy(page(), "returns")];
    expect(returns.x).toEqual(power.x);
    expect(power.x[1] - power.x[0]).toBeLessThan(6 * 365 * DAY_S);
    await page().locator("#chart-locked .u-over").dblclick();
    await until(async () => (await drawnBy(page(), "supply")).x[1] > power.x[1]);
  });

  test("power begins on a logarithmic scale, returns can be put on one", async () => {
    await forecaster.open();
    expect((await drawnBy(page(), "power")).logarithmic).toBe(true);
    expect((await drawnBy(page(), "returns")).logarithmic).toBe(false);
    await page().locator("#chart-returns").getByRole("button", { name: "Log" }).click();
    await page().waitForURL(/returns\.scale=log/);
    await until(async () => (await drawnBy(page(), "returns")).logarithmic);
  });

  test("give their figures as CSV, as a picture and as a command", async () => {
    await forecaster.open("?rbp=5&days=730");
    const chart = page().locator("#chart-supply");
    const saved = page().waitForEvent("download");
    await chart.getByRole("button", { name: "CSV" }).click();
    const lines = (await Bun.file(await (await saved).path()).text()).trim().split("\r\n");
    const supply = await columnOf(page(), "supply", 1);
    expect(lines[0]).toBe("date,circulating (FIL),minted (FIL),burnt (FIL)");
    expect(lines).toHaveLength(supply.length + 1);
    expect(Number(lines.at(-1)!.split(",")[1])).toBe(supply.at(-1)!);
    const picture = page().waitForEvent("download");
    await chart.getByRole("button", { name: "PNG" }).click();
    const bytes = await Bun.file(await (await picture).path()).bytes();
    expect([...bytes.slice(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
    await page().evaluate(() => {
      navigator.clipboard.writeText = async (text) => {
        document.title = text;
      };
    });
    await chart.getByRole("button", { name: "Copy as curl" }).click();
    await until(async () => (await page().title()).startsWith("curl"));
    const [, url, body] = /^curl -s '(\S+)' -H 'content-type: application\/json' -d '(.*)'$/.exec(
      await page().title(),
    )!;
    const told = await forecaster.post(url!.slice(forecaster.program.url.length), JSON.parse(body!));
    expect((told as Record<string, number[]>)["circ_supply"]).toEqual(supply);
  });
});

describe("the history of the server", () => {
  test("when it changes, everything is asked for anew", async () => {
    await forecaster.open();
    const status = await (await fetch(`${forecaster.program.url}/api/system/status`)).json();
    // Each answer ends, so that the page asks again; from the second on there is another history.
    let answers = 0;
    await page().route("**/api/system/events*", (route) => {
      const source = { name: "file", from: "2022-10-10", to: answers++ === 0 ? "2025-09-09" : "2025-09-10" };
      const body = `id: 1\ndata: ${JSON.stringify({ ...status, source })}\n\n`;
      return route.fulfill({ contentType: "text/event-stream", body });
    });
    const asked: string[] = [];
    page().on("request", (request) => asked.push(new URL(request.url()).pathname));
    const times = (path: string) => asked.filter((other) => other === path).length;
    await page().reload();
    await page().locator("#chart-returns canvas").waitFor();
    await until(() => times("/simulate") === 2 && times("/historical-data/full") === 2);
    expect(answers).toBeGreaterThan(1);
  });
});

describe("assumptions", () => {
  test("have the history's median and range marked, and the model's own values as defaults", async () => {
    await forecaster.open();
    const answer = await fetch(`${forecaster.program.url}/historical-data/full`);
    const { data } = (await answer.json()) as { data: Record<string, number & number[]> };
    const sorted = [...data["raw_byte_power"]!].sort((a, b) => a - b);
    const median = sorted[(sorted.length - 1) / 2]!;
    const words = `History: median ${median.toFixed(2)}, ${sorted[0]!.toFixed(2)} to ${sorted.at(-1)!.toFixed(2)}`;
    expect(await page().getByText(words).count()).toBe(1);
    expect(await field("Onboarding").inputValue()).toBe(
      String(Number(data["raw_byte_power_averaged_over_previous_30days"]!.toPrecision(6))),
    );
    expect(await page().locator(".slider-range").count()).toBe(4);
  });

  test("that change are run in the background and kept in the address; Back undoes them", async () => {
    await forecaster.open();
    await field("Onboarding").fill("6");
    await page().waitForURL(/rbp=6/);
    await forecaster.expectRunOf({ rbp: 6 });
    await field("Lock target").fill("0.2");
    await page().waitForURL(/lock=0\.2/);
    await field("Sector duration").fill("360");
    await forecaster.expectRunOf({ rbp: 6, lock_target: 0.2, sector_duration_days: 360 });
    await page().waitForURL(/sector=360/);
    await page().goBack();
    await forecaster.expectRunOf({ rbp: 6, lock_target: 0.2 });
    await page().reload();
    await forecaster.expectRunOf({ rbp: 6, lock_target: 0.2 });
    await page().getByRole("button", { name: "Reset" }).click();
    await forecaster.expectRunOf({});
    await until(() => new URL(page().url()).search === "");
  });

  test("a slider is followed while it is dragged", async () => {
    await forecaster.open();
    const box = (await page().getByRole("slider", { name: "Onboarding" }).boundingBox())!;
    await page().mouse.move(box.x + 30, box.y + 12);
    await page().mouse.down();
    for (const to of [60, 120]) {
      await page().mouse.move(box.x + to, box.y + 12, { steps: 4 });
      await forecaster.expectRunOf({ rbp: Number(await field("Onboarding").inputValue()) });
    }
    await page().mouse.up();
  });

  test("a whole drag of a slider is one step back", async () => {
    await forecaster.open();
    const slider = page().getByRole("slider", { name: "Onboarding" });
    const box = (await slider.boundingBox())!;
    await page().mouse.move(box.x + 30, box.y + 12);
    await page().mouse.down();
    await page().mouse.move(box.x + 200, box.y + 12, { steps: 12 });
    await page().mouse.up();
    const rbp = Number(await field("Onboarding").inputValue());
    expect(rbp).toBeGreaterThan(20);
    await forecaster.expectRunOf({ rbp });
    await page().waitForURL(`**rbp=${rbp}`);
    await page().goBack();
    await until(async () => (await field("Onboarding").inputValue()) !== String(rbp));
    await forecaster.expectRunOf({});
  });

  test("a run that is overtaken is called off, and the last one counts", async () => {
    await forecaster.open();
    const calledOff = page().waitForEvent("requestfailed");
    await page().route("**/simulate?shape=flat", async (route) => {
      await Bun.sleep(SLOW_SERVER_MS);
      // One that was called off meanwhile cannot go on.
      await route.continue().catch(() => undefined);
    });
    const first = page().waitForRequest("**/simulate?shape=flat");
    await field("Onboarding").fill("5");
    await first;
    await field("Onboarding").fill("6");
    expect(JSON.parse((await calledOff).postData()!).rbp).toBe(5);
    await forecaster.expectRunOf({ rbp: 6 });
  });

  test("a shorter horizon ends the charts earlier", async () => {
    await forecaster.open("?days=365");
    await forecaster.expectRunOf({ forecast_length_days: 365 });
    expect(await columnOf(page(), "supply", 0)).toHaveLength(1065 + 365);
  });

  test("policies show the line without them beside that with them", async () => {
    await forecaster.open();
    await page().getByLabel("FIP-100", { exact: true }).check();
    await page().waitForURL(/fip100=2025-04-14/);
    await forecaster.expectRunOf({ fip100: true });
    const plain = await forecaster.simulate({ output: ["circ_supply"] });
    await forecaster.untilShown("supply", 4, plain["circ_supply"]!);
    await page().getByLabel("FIP-100 in force from").fill("2027-01-01");
    await forecaster.expectRunOf({ fip100: { start: "2027-01-01" } });
    await page().getByLabel("FIP-81", { exact: true }).check();
    await forecaster.expectRunOf({ fip81: true, fip100: { start: "2027-01-01" } });
  });

  test("where the model has no number is said, with the reason", async () => {
    await forecaster.open("?rbp=0");
    await page()
      .getByText(/One-year return on pledge: no number on 3285 days.*no power is onboarded/)
      .waitFor();
  });

  test("a refusal of the server is shown in its words, and the page goes on", async () => {
    await forecaster.open();
    const refusal = { status: 200, headers: { "x-source": "none" }, json: {} };
    await page().route("**/simulate?shape=flat", (route) => route.fulfill(refusal));
    await field("Onboarding").fill("7");
    await page().getByRole("alert").getByText("does not say which days it is for").waitFor();
    await page().unroute("**/simulate?shape=flat");
    await field("Onboarding").fill("8");
    await forecaster.expectRunOf({ rbp: 8 });
    expect(await page().getByRole("alert").count()).toBe(0);
  });

  test("on a narrow screen fold away and stay above the charts while they are open", async () => {
    await forecaster.open("", VIEWS[2]);
    expect(await field("Onboarding").isVisible()).toBe(false);
    await page().getByRole("button", { name: "Change", exact: true }).click();
    await field("Onboarding").fill("9");
    await forecaster.expectRunOf({ rbp: 9 });
    await page().locator("#chart-locked").scrollIntoViewIfNeeded();
    expect(await page().getByRole("button", { name: "Done" }).isVisible()).toBe(true);
    await page().getByRole("button", { name: "Done" }).click();
    await page().getByText("Onboarding 9", { exact: true }).waitFor();
  });
});

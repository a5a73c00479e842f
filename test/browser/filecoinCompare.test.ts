import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { startForecaster } from "./filecoinPage";
import { until } from "./harness";
import { columnOf, drawnBy, hasColourNear } from "./plots";

setDefaultTimeout(30_000);

const PIN_PINK = [0xcc, 0x79, 0xa7] as const;

const forecaster = startForecaster();
const page = () => forecaster.page;
const field = (label: string) => page().getByRole("textbox", { name: label, exact: true });

afterEach(() => forecaster.close());

describe("a rate over time", () => {
  test("is drawn with the pointer, and kept in the address", async () => {
    await forecaster.open();
    let sent: { rbp?: number[] } = {};
    page().on("request", (request) => {
      if (request.url().endsWith("/simulate?shape=flat")) sent = JSON.parse(request.postData()!);
    });
    await page().getByRole("button", { name: "Draw Onboarding over time" }).click();
    const box = (await page().locator(".drawing svg").boundingBox())!;
    await page().mouse.move(box.x, box.y + box.height / 2);
    await page().mouse.down();
    await page().mouse.move(box.x + box.width, box.y + box.height / 4, { steps: 8 });
    await page().mouse.up();
    const text = await page().getByLabel("Values", { exact: true }).inputValue();
    const points = text.split("\n").map((line) => line.split(": ").map(Number));
    expect(points[0]).toEqual([0, 5]);
    expect(points.at(-1)![0]).toBe(3649);
    expect(points.at(-1)![1]).toBeCloseTo(7.5, 0);
    await page().keyboard.press("Escape");
    await until(() => sent.rbp?.length === 3650 && Math.abs(sent.rbp.at(-1)! - points.at(-1)![1]!) < 1e-9);
    const { rbp } = sent;
    await forecaster.expectRunOf({ rbp });
    await until(() =>
      page()
        .url()
        .includes(`3649%3A${points.at(-1)![1]}`),
    );
    await page().reload();
    await forecaster.expectRunOf({ rbp });
    await page().getByRole("button", { name: "Level again" }).click();
    await forecaster.expectRunOf({});
  });

  test("is pasted, and what cannot be read is said while the last good line stays", async () => {
    await forecaster.open("?days=400");
    await page().getByRole("button", { name: "Draw Renewal rate over time" }).click();
    const values = page().getByLabel("Values", { exact: true });
    await values.fill("0: 0.5\n399: 0.9");
    await values.fill("0: 0.5\n399: 1.9");
    await page().getByText("“1.9”: expected a number from 0 to 1.").waitFor();
    await page().keyboard.press("Escape");
    const rr = Array.from({ length: 400 }, (_, day) => 0.5 + ((0.9 - 0.5) * day) / 399);
    await forecaster.expectRunOf({ rr, forecast_length_days: 400 });
  });

  test("of many values stands behind the # of the address, and comes back", async () => {
    await forecaster.open("?days=400");
    await page().getByRole("button", { name: "Draw FIL+ rate over time" }).click();
    const fpr = Array.from({ length: 400 }, (_, day) => Number((0.5 + 0.4 * Math.sin(day)).toFixed(3)));
    await page().getByLabel("Values", { exact: true }).fill(fpr.join("\n"));
    await forecaster.expectRunOf({ fpr, forecast_length_days: 400 });
    await page().waitForURL(/\?days=400#fpr=/);
    await page().reload();
    await forecaster.expectRunOf({ fpr, forecast_length_days: 400 });
    await page().keyboard.press("Tab");
    await page().keyboard.press("Enter");
    expect(page().url()).toContain("#fpr=");
    expect(await page().evaluate(() => document.activeElement?.id)).toBe("main");
  });
});

describe("pins", () => {
  test("keep a scenario beside the page's, with its differences, until they are removed", async () => {
    await forecaster.open("?rbp=8");
    await page().getByRole("button", { name: "Pin this", exact: true }).click();
    await field("Onboarding").fill("3");
    const [now, pinned] = await Promise.all([
      forecaster.simulate({ rbp: 3, output: ["circ_supply"] }),
      forecaster.simulate({ rbp: 8, output: ["circ_supply"] }),
    ]);
    await forecaster.untilShown("supply", 1, now["circ_supply"]!);
    await forecaster.untilShown("supply", 4, pinned["circ_supply"]!);
    const x = await columnOf(page(), "supply", 0);
    const at = { x: x[2200]!, y: pinned["circ_supply"]![2200]!, withinPx: 6 };
    expect(await hasColourNear(page(), "supply", at, PIN_PINK)).toBe(true);
    const row = page().getByRole("row", { name: /^Circulating supply A/ });
    for (const [cell, day] of [1065 + 365, 1065 + 1095, 1065 + 1825, 1065 + 3649].entries()) {
      const [of, from] = [pinned["circ_supply"]![day]!, now["circ_supply"]![day]!];
      const share = 100 * (of / from - 1);
      const words = await row
        .locator("td")
        .nth(2 + cell)
        .textContent();
      expect(words).toContain(`${share < 0 ? "−" : "+"}${Math.abs(share).toFixed(2)} %`);
      expect(words).toContain((of / (of < 1e9 ? 1e6 : 1e9)).toPrecision(4));
    }
    await page().waitForURL(/pinA=rbp\*8/);
    await page().reload();
    await forecaster.untilShown("supply", 4, pinned["circ_supply"]!);
    await page().getByRole("button", { name: "A: Onboarding 8" }).click();
    await forecaster.untilShown("supply", 1, pinned["circ_supply"]!);
    await page().getByRole("button", { name: "Remove pin A" }).click();
    await until(async () => (await drawnBy(page(), "supply")).points.length === 4);
  });

  test("are four at most, each with its own letter and colour", async () => {
    await forecaster.open();
    const button = page().getByRole("button", { name: "Pin this", exact: true });
    for (const rbp of ["1", "2", "3", "4"]) {
      await field("Onboarding").fill(rbp);
      await button.click();
    }
    expect(await button.isDisabled()).toBe(true);
    await until(async () => (await drawnBy(page(), "power")).points.length === 8);
    await page().getByRole("button", { name: "Remove pin B" }).click();
    expect(await page().locator(".pins li .link").allTextContents()).toEqual([
      "A: Onboarding 1",
      "C: Onboarding 3",
      "D: Onboarding 4",
    ]);
  });
});

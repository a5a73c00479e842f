import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { startForecaster } from "./filecoinPage";
import { VIEWS } from "./harness";
import { axisNumbers } from "./plots";
import { expectAsPictured } from "./screenshots";

setDefaultTimeout(30_000);

const forecaster = startForecaster();

const TABS = ["compare", "futures", "sweep", "sensitivity", "backtest", "policies", "provider", "series", "data"];

/** Something of each tab that is there when it is complete. */
const COMPLETE: Record<string, string> = {
  compare: "text=Lock ratio >> nth=1",
  futures: "text=1\u202f000 of 1\u202f000 runs in",
  sweep: ".heat-cells rect >> nth=440",
  sensitivity: ".tornado-high >> nth=4",
  backtest: "#chart-past canvas",
  policies: "text=With both >> nth=9",
  provider: "#chart-cash canvas",
  series: "#chart-series canvas",
  data: "text=2022-10-10 to 2025-09-09",
};

/** The tabs whose studies are also drawn in the charts above. */
const BANDS: Record<string, string> = { futures: "&bands=futures", backtest: "&bands=errors" };

/** Those that are shown in the documents, tall enough to hold all of them. */
const PICTURED = ["futures", "sweep", "sensitivity", "backtest", "provider"];
const PICTURE_HEIGHT_PX = 1740;

const isWide = () =>
  forecaster.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe("first sight", () => {
  test.each(VIEWS.map((view) => [view.name, view] as const))(
    "in %s is quiet, accessible, small, quick, as wide as the screen, and as pictured",
    async (name, view) => {
      await forecaster.open("", view);
      await forecaster.page.locator(COMPLETE["compare"]!).waitFor();
      await forecaster.page.locator(".slider-median").first().waitFor({ state: "attached" });
      await forecaster.watched.expectWithinBudget();
      await forecaster.watched.expectAccessible();
      expect(await isWide()).toBe(false);
      await expectAsPictured(forecaster.browser, forecaster.page, `filecoin-${name}`);
      await forecaster.close();
    },
  );

  const cases = TABS.slice(1).flatMap((tab) => [VIEWS[0], VIEWS[3]].map((view) => [tab, view.name, view] as const));

  test.each(cases)(
    "%s in %s is quiet, accessible, small, as wide as the screen, and as pictured",
    async (tab, _, view) => {
      await forecaster.open(`?tab=${tab}&pinA=rbp*8${BANDS[tab] ?? ""}`, view);
      await forecaster.page.locator(COMPLETE[tab]!).first().waitFor({ state: "attached" });
      await forecaster.watched.expectWithinBudget();
      await forecaster.watched.expectAccessible();
      expect(await isWide()).toBe(false);
      if (PICTURED.includes(tab) && view.width > 1000) {
        await forecaster.page.setViewportSize({ width: view.width, height: PICTURE_HEIGHT_PX });
        await expectAsPictured(forecaster.browser, forecaster.page, `filecoin-${tab}`);
      }
      await forecaster.close();
    },
  );
});

test("the marks of an axis are as far apart as they read, whatever is zoomed to", async () => {
  let quarters = 0;
  for (const zoom of ["", "2026-01-01..2029-01-01", "2027-01-01..2033-01-01", "2026-03-01..2026-04-15"]) {
    await forecaster.open(zoom === "" ? "" : `?zoom=${zoom}`);
    for (const chart of ["supply", "locked", "returns"]) {
      const marks = await axisNumbers(forecaster.page, chart);
      const steps = marks.slice(1).map((mark, i) => mark - marks[i]!);
      expect(steps.length).toBeGreaterThan(0);
      for (const step of steps)
        expect(Math.abs(step / steps[0]! - 1), `${chart}, ${zoom}: ${marks}`).toBeLessThan(1e-6);
      if (steps[0]!.toExponential(1).startsWith("2.5")) quarters++;
    }
    await forecaster.close();
  }
  // Such steps need a decimal more than their size says.
  expect(quarters).toBeGreaterThan(0);
});

import { afterAll, beforeAll, expect } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import type { PlotElement } from "../../static/common/chart/chart";
import { RULES } from "../../static/filecoin/scenario";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, VIEWS, type View, type WatchedPage } from "./harness";
import { columnOf } from "./plots";

// The forecaster's page as the program serves it, on the sample that is inside, and the API beside it.

export type Series = Record<string, (number | null)[]>;

export interface Forecaster {
  browser: Browser;
  program: Served;
  watched: WatchedPage;
  page: Page;
  /** Opens the page and waits until all four charts are drawn. */
  open(query?: string, view?: View): Promise<void>;
  /** Closes it; fails for anything that the page must not have done. */
  close(): Promise<void>;
  post(path: string, body: object): Promise<unknown>;
  /** A run of the API, every series whole and daily. */
  simulate(body: object): Promise<Series>;
  /** Waits until the page shows what is locked in the run of `body`, which every assumption changes. */
  expectRunOf(body: object): Promise<void>;
  /** Waits until a column of a chart is exactly these values, times a factor; fails with both when it never is. */
  untilShown(chart: string, column: number, values: readonly (number | null)[], factor?: number): Promise<void>;
}

const SHOWN_WITHIN_MS = 5000;

/** One program and one browser for a file of tests. */
export function startForecaster(): Forecaster {
  const it = {} as Forecaster;
  beforeAll(async () => {
    [it.program, it.browser] = await Promise.all([serve(), startBrowser()]);
  });
  afterAll(async () => {
    await it.browser.close();
    expect(await it.program.stop()).toBe(0);
    await rm(it.program.dataDir, { recursive: true });
  });
  it.open = async (query = "", view = VIEWS[0]) => {
    it.watched = await openPage(it.browser, `${it.program.url}/filecoin${query}`, view);
    it.page = it.watched.page;
    await it.page.locator("#chart-returns canvas").waitFor();
  };
  it.close = async () => {
    it.watched.expectNoFaults();
    await it.watched.close();
  };
  it.post = async (path, body) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(it.program.url + path, {
      method: "POST",
      headers,
      body: JSON.stringify({ rules: RULES, ...body }),
    });
    expect(response.status).toBe(200);
    return response.json();
  };
  it.simulate = async (body) => (await it.post("/simulate?shape=flat", body)) as Series;
  it.untilShown = async (chart, column, values, factor = 1) => {
    const expected = values.map((value) => (value === null ? null : value * factor));
    // Looked at in the page itself, since thousands of values are long on their way.
    const isShown = ([name, at, wanted]: readonly [string, number, (number | null)[]]) => {
      const plot = document.querySelector<PlotElement>(`#chart-${name} .chart-plot`)?.plot;
      const shown = plot?.data[at];
      return wanted.every((value, day) => (value === null ? Number.isNaN(shown?.[day]) : shown?.[day] === value));
    };
    await it.page
      .waitForFunction(isShown, [chart, column, expected] as const, { timeout: SHOWN_WITHIN_MS, polling: 20 })
      .catch(async () => {
        const shown = await columnOf(it.page, chart, column);
        const day = expected.findIndex((value, at) => !Object.is(shown[at], value ?? Number.NaN));
        expect(`${chart} ${column}, day ${day}: ${shown[day]}`).toBe(
          `${chart} ${column}, day ${day}: ${expected[day]}`,
        );
      });
  };
  it.expectRunOf = async (body) => {
    const { network_locked } = await it.simulate({ ...body, output: ["network_locked"] });
    await it.untilShown("locked", 1, network_locked!);
  };
  return it;
}

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { freePort } from "../support/ports";
import { type Served, scratchFolder, serve } from "../support/program";
import { openPage, startBrowser, until } from "./harness";
import { columnOf } from "./plots";

// The server is killed under an open page and started again, with something changed: the page must find out by itself.

setDefaultTimeout(60_000);
const RECOVERED_WITHIN_MS = 30_000;

const dataDir = scratchFolder();
let browser: Browser;
let port: number;
let program: Served;

beforeAll(async () => {
  [browser, port] = await Promise.all([startBrowser(), freePort()]);
});
afterAll(async () => {
  await browser.close();
  await program.stop();
  await rm(dataDir, { recursive: true });
});

async function start(env: Record<string, string> = {}): Promise<void> {
  program = await serve(["--port", String(port)], { dataDir, env });
}

/** Opens a page, takes the server away from under it, and gives the page. */
async function leftAlone(path: string, complete: string, env: Record<string, string> = {}): Promise<Page> {
  await start(env);
  const { page } = await openPage(browser, program.url + path);
  await page.locator(complete).first().waitFor();
  await program.stop("SIGKILL");
  return page;
}

const shown = { timeout: RECOVERED_WITHIN_MS };

describe("when the server comes back", () => {
  test("the forecaster drops its fault and shows the figures that the server has now, of the same days", async () => {
    const golden = await Bun.file(join(import.meta.dir, "../golden/filecoin/sample/history.json")).json();
    const file = join(dataDir, "network.json");
    const env = { FILECOIN_HISTORY_FILE: file };
    await Bun.write(file, JSON.stringify(golden));
    const page = await leftAlone("/filecoin", "#chart-returns canvas", env);
    const before = await columnOf(page, "locked", 1);
    await page.getByRole("textbox", { name: "Onboarding" }).fill("9");
    const fault = page.locator(".results > .fault");
    await fault.getByText("The server does not answer.").waitFor(shown);
    const { offline_data } = golden;
    const locked = { ...offline_data, locked_fil_zero: offline_data.locked_fil_zero * 1.5 };
    await Bun.write(file, JSON.stringify({ ...golden, offline_data: locked }));
    await start(env);
    await fault.waitFor({ state: "detached", ...shown });
    const body = JSON.stringify({ rbp: 9, output: ["network_locked"] });
    const answer = await fetch(`${program.url}/simulate?shape=flat`, { method: "POST", body });
    const { network_locked } = (await answer.json()) as { network_locked: number[] };
    expect(network_locked).not.toEqual(before);
    await until(async () => Bun.deepEquals(await columnOf(page, "locked", 1), network_locked));
    await page.context().close();
    await program.stop();
  });

  test("the system page asks again for what it has shown", async () => {
    const page = await leftAlone("/system?tab=settings", "text=LOG_LEVEL");
    const level = page.getByRole("row", { name: /^LOG_LEVEL/ });
    expect(await level.textContent()).toContain("info");
    await start({ LOG_LEVEL: "debug" });
    await level.filter({ hasText: "debug" }).waitFor(shown);
    await page.context().close();
    await program.stop();
  });
});

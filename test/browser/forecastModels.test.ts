import { expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { serve } from "../support/program";
import { startHub } from "../systems/forecasting/library/localHub";
import { openPage, startBrowser, until } from "./harness";
import { drawnBy } from "./plots";

setDefaultTimeout(120_000);

test("a model is pulled in the page once its licence is accepted, forecasts, and can be removed", async () => {
  const hub = await startHub();
  hub.licence = "cc-by-nc-4.0";
  const env = { HF_ENDPOINT: hub.endpoint };
  const [program, browser] = await Promise.all([serve(["--only", "forecasting"], { env }), startBrowser()]);
  const watched = await openPage(browser, `${program.url}/forecast?tab=models&horizon=6`);
  const { page } = watched;
  page.setDefaultTimeout(60_000);
  await page.getByLabel("Get a larger model").fill("acme/forecaster");
  await page.getByRole("button", { name: "Pull", exact: true }).click();
  await page.getByRole("button", { name: "Accept the licence and pull" }).click();
  const card = page.getByRole("region", { name: "acme/forecaster" });
  await card.getByText("on disk", { exact: true }).waitFor();
  await card.getByText("cc-by-nc-4.0").waitFor();
  await card.getByRole("button", { name: "Load", exact: true }).click();
  await card.getByText("loaded", { exact: true }).waitFor();
  await card.getByRole("button", { name: "Use it" }).click();
  await page.locator("#chart-forecast").getByText("acme/forecaster").waitFor();
  await until(async () => (await drawnBy(page, "forecast")).points.length === 7);
  await watched.expectAccessible();
  await page.getByRole("region", { name: "theta" }).getByRole("button", { name: "Use it" }).click();
  await card.getByRole("button", { name: "Remove" }).click();
  await card.getByRole("alert").getByRole("button", { name: "Remove" }).click();
  await card.waitFor({ state: "detached" });
  watched.expectNoFaults();
  await browser.close();
  expect(await program.stop()).toBe(0);
  await hub.stop();
  await rm(program.dataDir, { recursive: true });
});

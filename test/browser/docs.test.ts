import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { type Served, serve } from "../support/program";
import { startBrowser, until } from "./harness";

let program: Served;
let browser: Browser;

beforeAll(async () => {
  [program, browser] = await Promise.all([serve(), startBrowser()]);
});

afterAll(async () => {
  await browser.close();
  expect(await program.stop()).toBe(0);
  await rm(program.dataDir, { recursive: true });
});

/** The page with what it must not do: messages on the console, requests to another host. */
async function openDocs(path: string): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ locale: "en-US" });
  const faults: string[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    const target = request.url();
    if (!target.startsWith(program.url) && !target.startsWith("data:")) faults.push(target);
  });
  await page.goto(program.url + path);
  return { page, faults };
}

describe("the API's page", () => {
  test.each(["/docs", "/redoc"])("%s shows every operation of the document, offline and quietly", async (path) => {
    const { page, faults } = await openDocs(path);
    const document = await (await fetch(`${program.url}/openapi.json`)).json();
    const operations = Object.values(document.paths).flatMap((methods) => Object.keys(methods as object));
    await page.locator(".opblock").first().waitFor();
    expect(await page.locator(".opblock").count()).toBe(operations.length);
    expect(faults).toEqual([]);
    await page.close();
  });

  test("Authorize takes a token, which then goes with a request that is tried", async () => {
    const { page, faults } = await openDocs("/docs#/filecoin");
    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByRole("textbox").first().fill("token-of-the-test");
    await page.locator(".auth-btn-wrapper .authorize").first().click();
    await page.locator(".btn-done").first().click();
    const sent = page.waitForRequest((request) => request.url().endsWith("/sim-dates"));
    const block = page.locator(".opblock", { hasText: "/sim-dates" });
    await block.locator(".opblock-summary").click();
    await block.getByRole("button", { name: "Try it out" }).click();
    await block.getByRole("button", { name: "Execute" }).click();
    expect((await sent).headers()["authorization"]).toBe("Bearer token-of-the-test");
    await until(
      async () => (await block.locator(".live-responses-table").textContent())?.includes("2025-09-09") ?? false,
    );
    expect(faults).toEqual([]);
    await page.close();
  });

  test("the body of POST /simulate is described with its members, limits and examples", async () => {
    const document = await (await fetch(`${program.url}/openapi.json`)).json();
    const { schema } = document.paths["/simulate"].post.requestBody.content["application/json"];
    expect(schema.properties.forecast_length_days).toMatchObject({ type: "integer", minimum: 1, maximum: 3650 });
    expect(Object.keys(schema.properties)).toContain("lock_target");
    expect(JSON.stringify(document)).not.toContain("~standard");
  });
});

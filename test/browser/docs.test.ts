import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import type { ApiDocument } from "../../src/platform/http/api/document";
import { type Served, serve } from "../support/program";
import { openPage, startBrowser, until, VIEWS, type WatchedPage } from "./harness";

setDefaultTimeout(30_000);

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

const FIRST_GROUP = ".opblock-tag-section >> nth=0";

const openDocs = (path: string, view = VIEWS[0] as (typeof VIEWS)[number]): Promise<WatchedPage> =>
  openPage(browser, program.url + path, view, FIRST_GROUP);

const namesOf = (page: Page) =>
  page.locator(".opblock-tag").evaluateAll((tags) => tags.map((tag) => tag.dataset["tag"]));

describe("the API's page", () => {
  test.each(["/docs", "/redoc"])(
    "%s shows every operation of the document by group, offline and quietly",
    async (path) => {
      const { page, expectNoFaults, close } = await openDocs(path);
      const document = await (await fetch(`${program.url}/openapi.json`)).json();
      const operations = Object.values(document.paths as ApiDocument["paths"]).flatMap((methods) =>
        Object.values(methods),
      );
      expect(await namesOf(page)).toEqual(document.tags.map(({ name }: { name: string }) => name));
      for (const { name } of document.tags) {
        // One at a time: of very many operations Swagger UI has only those in sight in the page.
        const group = page.locator(`.opblock-tag[data-tag="${name}"]`);
        await group.click();
        const own = operations.filter(({ tags }) => tags?.[0] === name);
        await until(async () => (await page.locator(".opblock").count()) === own.length);
        await group.click();
        await until(async () => (await page.locator(".opblock").count()) === 0);
      }
      expectNoFaults();
      await close();
    },
  );

  test.each(VIEWS)("is accessible and as wide as the screen in $name, also with an operation open", async (view) => {
    const { page, expectAccessible, expectNoFaults, close } = await openDocs("/docs", view);
    await expectAccessible();
    await page.locator('.opblock-tag[data-tag="chain"]').click();
    await page.locator(".opblock", { hasText: "/verify" }).locator(".opblock-summary").click();
    await page.getByRole("button", { name: "Execute" }).waitFor();
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
    expectNoFaults();
    await close();
  });

  test("leads back, and takes the colours that the other pages have", async () => {
    const { page, expectNoFaults, close } = await openDocs("/docs");
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const isDark = () => page.evaluate(() => document.documentElement.classList.contains("dark-mode"));
    const light = await ground();
    expect(await isDark()).toBe(false);
    for (const name of ["Auto", "Light"]) await page.getByRole("button", { name: `Colours: ${name}` }).click();
    await until(isDark);
    expect(await ground()).not.toBe(light);
    await page.getByRole("link", { name: "Back to Foresight" }).click();
    await page.locator(".cards .card").first().waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
    expectNoFaults();
    await close();
  });

  test("describes a system alone below its own path", async () => {
    const { page, expectNoFaults, close } = await openDocs("/api/v1/docs");
    expect(await namesOf(page)).toEqual(["jobs"]);
    expect(await page.getByRole("link", { name: "OpenAPI file" }).getAttribute("href")).toBe("/api/v1/openapi.json");
    expectNoFaults();
    await close();
  });

  test("comes gzipped, and not again while it is the same", async () => {
    const { page, close } = await openDocs("/docs");
    const sizes = await page.evaluate(() =>
      (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).map(
        ({ name, encodedBodySize, decodedBodySize }) => ({ name, encodedBodySize, decodedBodySize }),
      ),
    );
    // Answers as small as that of the start address are sent as they are.
    const texts = sizes.filter(({ decodedBodySize }) => decodedBodySize > 4000);
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.filter(({ encodedBodySize, decodedBodySize }) => encodedBodySize >= decodedBodySize)).toEqual([]);
    await close();
    const first = await fetch(`${program.url}/openapi.json`);
    const etag = first.headers.get("etag")!;
    const again = await fetch(`${program.url}/openapi.json`, { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
  });

  test("Authorize takes a token, which then goes with a request that asks for one", async () => {
    const { page, close } = await openDocs("/docs");
    await page.getByRole("button", { name: "Authorize" }).click();
    const scheme = page.locator(".auth-container", { hasText: "walletToken" });
    await scheme.getByRole("textbox").fill("token-of-the-test");
    await scheme.locator(".authorize").click();
    await page.locator(".btn-done").first().click();
    const sent = page.waitForRequest((request) => request.url().endsWith("/api/auth/me"));
    await page.locator('.opblock-tag[data-tag="market: sign in"]').click();
    const block = page.locator(".opblock", { hasText: "/api/auth/me" });
    await block.locator(".opblock-summary").click();
    await block.getByRole("button", { name: "Execute" }).click();
    expect((await sent).headers()["authorization"]).toBe("Bearer token-of-the-test");
    await until(async () => (await block.locator(".live-responses-table").textContent())?.includes("401") ?? false);
    await close();
  });

  test("the body of POST /simulate is described with its members, limits and examples", async () => {
    const document = await (await fetch(`${program.url}/openapi.json`)).json();
    const { schema } = document.paths["/simulate"].post.requestBody.content["application/json"];
    expect(schema.properties.forecast_length_days).toMatchObject({ type: "integer", minimum: 1, maximum: 3650 });
    expect(Object.keys(schema.properties)).toContain("lock_target");
    expect(JSON.stringify(document)).not.toContain("~standard");
  });
});

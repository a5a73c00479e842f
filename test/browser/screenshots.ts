import { expect } from "bun:test";
import { exists } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";

const folder = join(import.meta.dir, "../../docs/screenshots");

/** Ages in seconds and antialiasing may differ from run to run; a moved or missing part differs by more. */
const MAX_DIFFERENT = 0.02;
/** What a page still draws or moves is done by then. */
const MAX_SETTLING_MS = 5000;

/**
 * Holds the page against its picture in docs/screenshots, and fails when more than 2 % of the pixels differ: then
 * either the page is wrong or the picture is old. `SCREENSHOTS=write bun test test/browser` writes the pictures anew.
 */
export async function expectAsPictured(browser: Browser, page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  await page.evaluate("document.fonts.ready");
  if (process.env["SCREENSHOTS"] === "write") {
    await Bun.write(path, await pictureOf(page));
    return;
  }
  expect(await exists(path), `${path} is missing; SCREENSHOTS=write makes it`).toBe(true);
  const kept = Buffer.from(await Bun.file(path).bytes());
  const deadline = performance.now() + MAX_SETTLING_MS;
  let different = 1;
  do different = await differentShare(browser, kept, await pictureOf(page));
  while (different >= MAX_DIFFERENT && performance.now() < deadline);
  expect(different, `${path} shows another page`).toBeLessThan(MAX_DIFFERENT);
}

/**
 * The page with one identifier in the place of all: without a font of equal widths (a bare machine has none) another
 * identifier is as long as it likes, breaks its line elsewhere and moves all that follows.
 */
async function pictureOf(page: Page): Promise<Buffer> {
  await page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode as Text;
      const same = text.data.replace(
        /\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/g,
        "2ad06efa-9d1b-4c37-8f20-5b7e6c1d0a94",
      );
      const shown = same.replace(/\b(?=\d*[a-f])(?=[a-f]*\d)[\da-f]{8}\b/g, "2ad06efa");
      if (shown !== text.data) text.data = shown;
    }
  });
  return page.screenshot();
}

/** The share of pixels that differ visibly, 1 where the sizes differ. The browser itself reads the pictures. */
async function differentShare(browser: Browser, one: Buffer, other: Buffer): Promise<number> {
  const page = await browser.newPage();
  try {
    return await page.evaluate(
      async ([first, second]) => {
        const pixelsOf = async (base64: string) => {
          const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height);
        };
        const [a, b] = [await pixelsOf(first!), await pixelsOf(second!)];
        if (a.width !== b.width || a.height !== b.height) return 1;
        let different = 0;
        for (let i = 0; i < a.data.length; i += 4) {
          const distance =
            Math.abs(a.data[i]! - b.data[i]!) +
            Math.abs(a.data[i + 1]! - b.data[i + 1]!) +
            Math.abs(a.data[i + 2]! - b.data[i + 2]!);
          if (distance > 48) different++;
        }
        return different / (a.width * a.height);
      },
      [one.toString("base64"), other.toString("base64")],
    );
  } finally {
    await page.close();
  }
}

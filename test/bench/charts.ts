/**
 * Frames per second of charts while the pointer moves over them and while Ctrl and the wheel zoom: ten years of 44
 * series in four scenarios, as 44 charts on one page and as one chart with all 176 lines. The headless browser draws
 * in software, so a desktop's is faster.
 *
 * usage: bun test/bench/charts.ts
 */
import type { Browser } from "playwright-core";
import { startFixtureServer } from "../browser/fixtureServer";
import { openPage, startBrowser } from "../browser/harness";

const FRAMES = 120;

interface Pace {
  framesPerS: number;
  /** The gap between two frames that one in twenty exceeds. */
  p95Ms: number;
}

const server = startFixtureServer();
const browser = await startBrowser();
for (const [what, path] of [
  ["44 charts of 4 lines", "/crowd"],
  ["1 chart of 176 lines", "/crowd?alone"],
] as const) {
  const { pointer, wheel } = await measure(browser, server.url + path);
  console.log(`${what}: pointer ${words(pointer)}; zoom ${words(wheel)}`);
}
await browser.close();
await server.stop();

function words({ framesPerS, p95Ms }: Pace): string {
  return `${framesPerS.toFixed(1)} frames/s, 95 % of gaps under ${p95Ms.toFixed(1)} ms`;
}

async function measure(browser: Browser, url: string): Promise<{ pointer: Pace; wheel: Pace }> {
  const { page, close } = await openPage(browser, url);
  await page.locator("canvas").last().waitFor();
  const measured = await page.evaluate(async (frames) => {
    const over = document.querySelector<HTMLElement>(".u-over")!;
    const { left, top } = over.getBoundingClientRect();
    async function pace(act: (frame: number) => void): Promise<Pace> {
      const gaps: number[] = [];
      let last = await new Promise<number>(requestAnimationFrame);
      for (let frame = 0; frame < frames; frame++) {
        act(frame);
        const now = await new Promise<number>(requestAnimationFrame);
        gaps.push(now - last);
        last = now;
      }
      const total = gaps.reduce((sum, gap) => sum + gap, 0);
      gaps.sort((a, b) => a - b);
      return { framesPerS: (1000 * frames) / total, p95Ms: gaps[Math.floor(frames * 0.95)]! };
    }
    const at = (x: number) => ({ clientX: left + x, clientY: top + 50, bubbles: true, cancelable: true });
    over.dispatchEvent(new MouseEvent("mouseenter", at(10)));
    const pointer = await pace((frame) => over.dispatchEvent(new MouseEvent("mousemove", at(50 + 2 * frame))));
    const wheel = await pace((frame) => {
      const deltaY = frame < frames / 2 ? -40 : 40;
      over.dispatchEvent(new WheelEvent("wheel", { ctrlKey: true, deltaY, ...at(200) }));
    });
    return { pointer, wheel };
  }, FRAMES);
  await close();
  return measured;
}

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fontPath from "@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf" with { type: "file" };
import { barChart, heatMap, lineChart, svgToPng } from "../../../src/platform/charts";
import { textWidth } from "../../../src/platform/charts/fontMetrics";
import { readPng } from "./pngReading";

setDefaultTimeout(30_000);

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "foresight-charts-"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

const line = (title: string, scheme: "light" | "dark" = "light") =>
  lineChart({
    title,
    unit: "FIL",
    x: { startDay: 20_000 },
    series: [
      { name: "supply", values: [1, 3, 2] },
      { name: "locked", values: [3, 1, 1] },
    ],
    scheme,
  });

describe("a picture", () => {
  test("has the size of the chart times its scale, and the lines in their colours", async () => {
    for (const scale of [1, 2, 0.5]) {
      const png = readPng(await svgToPng(line("Supply"), { scale }));
      expect([png.width, png.height]).toEqual([800 * scale, 400 * scale]);
      expect(png.count("#ffffff")).toBeGreaterThan(png.width * png.height * 0.8);
      if (scale >= 1) expect(png.count("#0072b2")).toBeGreaterThan(300 * scale);
      if (scale >= 1) expect(png.count("#d55e00")).toBeGreaterThan(100 * scale);
    }
  });

  test("is twice as large as the chart unless told otherwise", async () => {
    expect(readPng(await svgToPng(line("Supply")))).toMatchObject({ width: 1600, height: 800 });
  });

  test("is dark on a dark page", async () => {
    const png = readPng(await svgToPng(line("Supply", "dark"), { scale: 1 }));
    expect(png.count("#161a20")).toBeGreaterThan(800 * 400 * 0.8);
    expect(png.count("#ffffff")).toBe(0);
  });

  test("has its words in the embedded font", async () => {
    const inked = async (title: string) => {
      const png = readPng(await svgToPng(line(title), { scale: 2 }));
      return png.count("#1a1e24");
    };
    const [none, some] = [await inked(""), await inked("Circulating supply, FIL")];
    expect(none).toBe(0);
    expect(some).toBeGreaterThan(300);
  });

  test("of bars and of cells has their colours", async () => {
    const bars = barChart({ title: "t", unit: "", bars: [{ name: "a", low: -1, high: 2 }] });
    expect(readPng(await svgToPng(bars)).count("#d55e00")).toBeGreaterThan(1000);
    const axis = { name: "n", unit: "", values: [1, 2] };
    const cells = heatMap({ title: "t", unit: "", x: axis, y: axis, values: [0, 1, 1, 0] });
    const png = readPng(await svgToPng(cells, { scale: 1 }));
    const [ground, first, second] = [...png.colours.entries()].sort((a, b) => b[1] - a[1]);
    expect([first, second, ground].every((entry) => entry![1] > 20_000)).toBe(true);
  });

  test("is refused where it would be too large, and its size is named", async () => {
    await expect(svgToPng(line("Supply"), { scale: 100 })).rejects.toThrow(
      "expected at most 24000000 pixels, got 3200000000",
    );
    for (const scale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(svgToPng(line("Supply"), { scale })).rejects.toThrow(
        `scale: expected a positive number, got ${scale}`,
      );
    }
  });

  test("what is no SVG is refused, and the next picture is drawn", async () => {
    for (const text of ["", "<svg", "<html></html>", "\u0000"]) {
      await expect(svgToPng(text)).rejects.toThrow("The document is no SVG that can be drawn");
    }
    expect(readPng(await svgToPng(line("Supply"), { scale: 1 })).width).toBe(800);
  });

  test("many asked for at once load the renderer once", async () => {
    const pictures = await Promise.all(Array.from({ length: 8 }, () => svgToPng(line("Supply"), { scale: 1 })));
    expect(new Set(pictures.map((png) => Bun.hash(png))).size).toBe(1);
  });

  test("is the same from a Worker", async () => {
    const worker = new Worker(new URL("./png.worker.ts", import.meta.url));
    try {
      const answer = new Promise<Uint8Array>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      });
      worker.postMessage(line("Supply"));
      expect(Bun.hash(await answer)).toBe(Bun.hash(await svgToPng(line("Supply"), { scale: 1 })));
    } finally {
      worker.terminate();
    }
  });

  test("is drawn by an executable in an empty folder, with nothing else at hand", async () => {
    const [executable, empty] = [join(base, "charts"), join(base, "empty")];
    await mkdir(empty);
    const built = await Bun.build({
      entrypoints: [join(import.meta.dir, "png.fixture.ts")],
      target: "bun",
      compile: { outfile: executable },
    });
    expect(built.success).toBe(true);
    const child = Bun.spawn([executable], { cwd: empty, env: {}, stdout: "pipe", stderr: "pipe" });
    const [read, complaints] = await Promise.all([
      new Response(child.stdout).json(),
      new Response(child.stderr).text(),
    ]);
    expect([await child.exited, complaints]).toEqual([0, ""]);
    for (const path of read) expect(path).not.toContain("node_modules");
    expect(await readdir(empty)).toEqual(["chart.png"]);
    const png = readPng(await Bun.file(join(empty, "chart.png")).bytes());
    expect(png).toMatchObject({ width: 800, height: 400 });
    expect(png.count("#0072b2")).toBeGreaterThan(300);
    expect(png.count("#1a1e24")).toBeGreaterThan(50);
  }, 60_000);
});

/** Advance widths in thousandths of an em, from the tables `cmap` (format 4), `hmtx`, `hhea` and `head` of OpenType. */
async function widthsOfFont(): Promise<(code: number) => number> {
  const bytes = await Bun.file(fontPath).bytes();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, number>();
  for (let at = 12; at < 12 + view.getUint16(4) * 16; at += 16) {
    tables.set(String.fromCharCode(...bytes.subarray(at, at + 4)), view.getUint32(at + 8));
  }
  const cmap = tables.get("cmap")!;
  const offsets = Array.from({ length: view.getUint16(cmap + 2) }, (_, i) => cmap + view.getUint32(cmap + 8 + i * 8));
  const map = offsets.find((at) => view.getUint16(at) === 4)!;
  const twice = view.getUint16(map + 6);
  const glyphOf = (code: number): number => {
    let end = map + 14;
    while (view.getUint16(end) < code) end += 2;
    const [start, delta, range] = [end + twice + 2, end + 2 * twice + 2, end + 3 * twice + 2];
    if (view.getUint16(start) > code) return 0;
    if (view.getUint16(range) === 0) return (code + view.getUint16(delta)) & 0xffff;
    return view.getUint16(range + view.getUint16(range) + (code - view.getUint16(start)) * 2);
  };
  const unitsPerEm = view.getUint16(tables.get("head")! + 18);
  const measured = view.getUint16(tables.get("hhea")! + 34);
  return (code) =>
    (view.getUint16(tables.get("hmtx")! + Math.min(glyphOf(code), measured - 1) * 4) * 1000) / unitsPerEm;
}

test("words are as wide as the embedded font says, and all figures are of one width", async () => {
  const widthOf = await widthsOfFont();
  const signs = [...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), ..."\u00a0\u2006\u202f−–…"];
  for (const sign of signs) expect([sign, textWidth(sign, 1000)]).toEqual([sign, widthOf(sign.codePointAt(0)!)]);
  for (const digit of "0123456789") expect(textWidth(digit, 1000)).toBe(600);
  for (const word of ["Überprüfung", "Προσφορά", "Предложение", "25 µs²"]) {
    const width = [...word].reduce((sum, sign) => sum + widthOf(sign.codePointAt(0)!), 0);
    expect(textWidth(word, 1000)).toBeWithin(width, width * 1.3);
  }
});

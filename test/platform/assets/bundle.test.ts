import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { appendFile, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bundle, bundlePages } from "../../../src/platform/assets/bundle";

setDefaultTimeout(30_000);

const sources = join(import.meta.dir, "../../../static");
const BUDGET_BYTES = 60_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foresight-pages-"));
  await cp(sources, join(folder, "static"), { recursive: true });
  // The sources import preact and uplot by name.
  await Bun.$`ln -s ${join(sources, "../node_modules")} ${join(folder, "node_modules")}`.quiet();
  // And tables of plain data by their place.
  await Bun.$`ln -s ${join(sources, "../src")} ${join(folder, "src")}`.quiet();
});

afterAll(() => rm(folder, { recursive: true }));

describe("bundling the pages", () => {
  test("each page folder becomes a page that loads its own entry, the shared chunks and the style", async () => {
    const { pages, files, manifest } = await bundlePages(sources);
    expect(pages.map(({ name }) => name)).toContain("start");
    expect(pages.map(({ name }) => name)).not.toContain("common");
    const names = new Set(files.map(({ name }) => name));
    for (const page of pages) {
      const html = text(page.plain);
      const loaded = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map(([, name]) => name!);
      for (const name of loaded) expect(names).toContain(name);
      const { scripts, styles } = manifest[page.name]!;
      expect(loaded).toEqual(expect.arrayContaining([...scripts, ...styles]));
    }
  });

  test("no page has a script or a style of its own inside, and nothing points to another host", async () => {
    const { pages } = await bundlePages(sources);
    for (const page of pages) {
      const html = text(page.plain);
      expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
      expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
      expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    }
  });

  test("what two pages share is in a chunk that both load", async () => {
    const { manifest } = await bundlePages(sources);
    const shared = manifest["start"]!.scripts.filter((name) => manifest["system"]!.scripts.includes(name));
    expect(shared.some((name) => name.startsWith("chunk-"))).toBe(true);
  });

  test("what a page imports when it is needed is a file of its own that the page does not ask for at first", async () => {
    const { pages, files, manifest } = await bundlePages(sources);
    const late = files.filter(({ plain }) => text(plain).includes("Cash flow of one TiB"));
    expect(late).toHaveLength(1);
    expect(manifest["filecoin"]!.scripts).not.toContain(late[0]!.name);
    const page = pages.find(({ name }) => name === "filecoin")!;
    expect(text(page.plain)).not.toContain(late[0]!.name);
  });

  test("the scripts of a page are at most 60 kB over the wire", async () => {
    const { files, manifest } = await bundlePages(sources);
    for (const [page, { scripts }] of Object.entries(manifest)) {
      const bytes = scripts.reduce((sum, name) => sum + wireBytes(files, name), 0);
      expect(bytes, page).toBeGreaterThan(0);
      expect(bytes, page).toBeLessThan(BUDGET_BYTES);
    }
  });

  test("the gzipped form is the same bytes, and only kept where it is smaller", async () => {
    const { files } = await bundlePages(sources);
    for (const { name, plain, gzip } of files) {
      if (gzip === undefined) continue;
      expect(gzip.length, name).toBeLessThan(plain.length);
      expect(Bun.gunzipSync(gzip)).toEqual(plain);
    }
  });

  test("a change of shared code gives new names to the chunk and to every entry that loads it", async () => {
    const before = await bundlePages(join(folder, "static"));
    await appendFile(join(folder, "static/common/shell.tsx"), "\ndocument.title += location.hash;\n");
    const after = await bundlePages(join(folder, "static"));
    const old = new Set(before.files.map(({ name }) => name));
    const [chunk] = after.files.filter(({ plain }) => text(plain).includes("document.title+=location.hash"));
    expect(old.has(chunk!.name)).toBe(false);
    for (const page of ["start", "system"]) {
      const scripts = after.manifest[page]!.scripts;
      expect(scripts).toContain(chunk!.name);
      expect(old.has(scripts[0]!), page).toBe(false);
    }
  });

  test("a page inside another's folder is a page of its own name, and no two pages have one name", async () => {
    const { manifest } = await bundlePages(sources);
    expect(Object.keys(manifest)).toContain("dashboard");
    expect(await Bun.file(join(sources, "market/dashboard/page.tsx")).exists()).toBe(true);
    await cp(join(folder, "static/market/dashboard"), join(folder, "static/start/dashboard"), { recursive: true });
    const fault = await bundlePages(join(folder, "static")).catch((thrown: unknown) => thrown);
    await rm(join(folder, "static/start/dashboard"), { recursive: true });
    expect(String(fault)).toContain("Two pages have one name");
    expect(String(fault)).toContain("start/dashboard");
  });

  test("a fault in the sources is thrown with its file and line", async () => {
    await Bun.write(join(folder, "static/broken/page.tsx"), "export const a = 1;\nconst = 2;\n");
    const fault = await bundlePages(join(folder, "static")).catch((thrown: unknown) => thrown);
    await rm(join(folder, "static/broken"), { recursive: true });
    expect(fault).toBeInstanceOf(AggregateError);
    expect(Bun.inspect(fault)).toMatch(/broken\/page\.tsx:2/);
  });
});

function wireBytes(files: Bundle["files"], name: string): number {
  const file = files.find((each) => each.name === name)!;
  return (file.gzip ?? file.plain).length;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

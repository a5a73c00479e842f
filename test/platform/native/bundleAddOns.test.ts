import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleAddOns, withOwnLoader } from "../../../src/platform/native/bundleAddOns";
import { lacks } from "../../support/lacks";

setDefaultTimeout(30_000);

let base: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "foresight-bundle-"));
});

afterAll(() => rm(base, { recursive: true, force: true }));

const source = { name: "thing", script: "thing/index.js", search: /require\(path\)/g, files: ["thing.node"] };

test("a library's search for its add-on is replaced by ours, the rest of its module is kept", async () => {
  await Bun.write(join(base, "thing.node"), "native");
  const text = withOwnLoader(source, join(base, "index.js"), "const x = require(path);\nexport { x };");
  expect(text).toContain(`from "packed:${join(base, "thing.node")}" with { type: "file" }`);
  expect(text).toContain('const x = loadAddOn({ name: "thing"');
  expect(text).toContain("sizeBytes: 6");
  expect(text).toEndWith("export { x };");
});

test("another add-on gets another folder name", async () => {
  const hashOf = async (bytes: string) => {
    await Bun.write(join(base, "thing.node"), bytes);
    return /contentHash: "(\w+)"/.exec(withOwnLoader(source, join(base, "index.js"), "require(path)"))?.[1];
  };
  const [first, again, other] = [await hashOf("a"), await hashOf("a"), await hashOf("b")];
  expect(first).toMatch(/^[0-9a-f]{16}$/);
  expect(again).toBe(first!);
  expect(other).not.toBe(first!);
});

test.each(["load(path)", "require(path); require(path)"])(
  "the build ends when a library searches otherwise: %s",
  (text) => {
    expect(() => withOwnLoader(source, "/x/index.js", text)).toThrow("/x/index.js: expected one search");
  },
);

test("a platform without known add-ons is refused with the ones that are known", () => {
  expect(() => bundleAddOns("sunos-sparc")).toThrow(
    "An executable for sunos-sparc cannot be built: expected one of linux-x64. Run from source there.",
  );
});

const hasAddOns = `${process.platform}-${process.arch}` === "linux-x64";

test.skipIf(lacks("Linux on x64, which the add-ons are for", hasAddOns))(
  "an executable loads both add-ons with the packages out of reach",
  async () => {
    const repository = join(import.meta.dir, "../../..");
    const entry = join(repository, "test/platform/native/bothAddOns.fixture.ts");
    const executable = join(base, "alone/both");
    await mkdir(join(base, "alone"));
    const build = await Bun.build({
      entrypoints: [entry],
      target: "bun",
      compile: { outfile: executable },
      plugins: [bundleAddOns("linux-x64")],
    });
    expect(build.success).toBe(true);
    const run = Bun.spawn([executable], {
      cwd: join(base, "alone"),
      env: { PATH: "/usr/bin:/bin", XDG_CACHE_HOME: join(base, "cache") },
      stdout: "pipe",
      stderr: "inherit",
    });
    const report = JSON.parse(await new Response(run.stdout).text());
    expect(await run.exited).toBe(0);
    expect(report.backends).toContain("cpu");
    expect(report.gpu).toBe("function");
    expect(report.opened).toEqual([
      expect.stringContaining(base),
      expect.stringContaining(base),
      expect.stringContaining(base),
    ]);
  },
);

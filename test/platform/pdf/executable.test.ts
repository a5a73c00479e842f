import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractText } from "unpdf";
import { packFiles } from "../../../src/platform/packFiles";

setDefaultTimeout(30_000);

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "foresight-pdf-"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

test("an executable in an empty folder sets documents with the compiler and fonts that it carries compressed", async () => {
  const [executable, empty] = [join(base, "typeset"), join(base, "empty")];
  await mkdir(empty);
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, "typeset.fixture.ts")],
    target: "bun",
    plugins: [packFiles],
    compile: { outfile: executable },
  });
  expect(built.success).toBe(true);
  const child = Bun.spawn([executable], { cwd: empty, env: {}, stdout: "pipe", stderr: "pipe" });
  const [said, complaints] = await Promise.all([new Response(child.stdout).json(), new Response(child.stderr).text()]);
  expect([await child.exited, complaints]).toEqual([0, ""]);
  expect(said.path).not.toContain("node_modules");
  expect(said.packedBytes).toBeLessThan(10e6);
  expect(said.missing).toEqual(["漢"]);
  expect(await readdir(empty)).toEqual(["document.pdf"]);
  const { text } = await extractText(await Bun.file(join(empty, "document.pdf")).bytes(), { mergePages: true });
  expect(text).toBe("Łódź");
}, 60_000);

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../support/ports";
import { type Served, scratchFolder, serve } from "../support/program";

setDefaultTimeout(60_000);

const root = join(import.meta.dir, "../..");
const FIRST = "API=http://localhost:8080/api/v1";
const own = freePort();
let server: Served;
beforeAll(async () => {
  server = await serve(["--only", "jobs"], { env: { JOBS_PORT: `${own}` } });
});
afterAll(() => server.stop());

/** The lines of a document from the one that names the server, as one copies them. */
function linesOf(document: string): string {
  const lines = readFileSync(join(root, document), "utf8").split("\n");
  const from = lines.indexOf(`    ${FIRST}`);
  const length = lines.slice(from).findIndex((line) => !line.startsWith("    "));
  const copied = lines.slice(from, from + length).map((line) => line.trim());
  expect(copied[0]).toBe(FIRST);
  return copied.join("\n");
}

async function runLines(document: string, base: string) {
  const folder = scratchFolder();
  const script = linesOf(document).replace("http://localhost:8080", base);
  const shell = Bun.spawn(["sh", "-u", "-c", script], { cwd: folder, stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([
    new Response(shell.stdout).text(),
    new Response(shell.stderr).text(),
    shell.exited,
  ]);
  return { out, err, code, pdf: await Bun.file(join(folder, "report.pdf")).text() };
}

test.each([
  ["README.md", "the main port", () => server.url],
  ["README.md", "JOBS_PORT", () => `http://localhost:${own}`],
  ["docs/jobs.md", "the main port", () => server.url],
  ["docs/jobs.md", "JOBS_PORT", () => `http://localhost:${own}`],
])("the lines of curl of %s work as copied on %s, and once more", async (document, _, base) => {
  const { out, err, code, pdf } = await runLines(document, base());
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain('"result":{');
  expect(out.match(/"status":"COMPLETED"/g)!.length).toBeGreaterThanOrEqual(2);
  expect(out).not.toContain('"status":"FAILED"');
  expect(pdf).toStartWith("%PDF-1.");
});

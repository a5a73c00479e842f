import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveWork } from "../../../src/platform/compute/serveWork";

// The compiler reads the program's types.
setDefaultTimeout(60_000);

const root = join(import.meta.dir, "../../..");
const MARK = "@ts-expect-error";

/** The numbers of the lines with a fault, as the compiler tells them of that text. */
async function faultyLines(text: string): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), "kinds-"));
  try {
    writeFileSync(join(folder, "kinds.ts"), text);
    const compilerOptions = { typeRoots: [join(root, "node_modules/@types")], types: ["bun"] };
    const config = { extends: join(root, "tsconfig.json"), compilerOptions, include: [], files: ["kinds.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const compiler = [process.execPath, join(root, "node_modules/typescript/bin/tsc")];
    const running = Bun.spawn([...compiler, "-p", folder, "--pretty", "false"], { stdout: "pipe", stderr: "inherit" });
    const faults = [...(await new Response(running.stdout).text()).matchAll(/^.*\((\d+),\d+\): error.*$/gm)];
    const elsewhere = faults.map(([fault]) => fault).filter((fault) => !/(^|\/)kinds\.ts/.test(fault));
    expect(elsewhere).toEqual([]);
    return [...new Set(faults.map(([, line]) => Number(line)))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a kind that nobody serves, a wrong input and a wrong answer do not compile", async () => {
  const source = readFileSync(join(import.meta.dir, "workKinds.fixture.ts"), "utf8");
  const expected = source.split("\n").flatMap((line, i) => (line.includes(`// ${MARK}`) ? [i + 2] : []));
  expect(expected).toHaveLength(4);
  const unmarked = source.replaceAll(MARK, "expected").replaceAll('"../../../', `"${root}/`);
  expect(await faultyLines(unmarked.replaceAll('"../../', `"${root}/test/`))).toEqual(expected);
});

test("a kind of work with two owners is refused when a thread starts", () => {
  const work = { "tides.turn": () => 0 };
  expect(() => serveWork(work, work)).toThrow("Work of kind tides.turn has two owners.");
});

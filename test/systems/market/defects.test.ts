import { expect, test } from "bun:test";
import { join } from "node:path";

const tests = join(import.meta.dir, "../..");
const DEFECTS = 26;

test("each of the original's defects is named by a test that would find it again", async () => {
  const named = new Set<number>();
  for await (const path of new Bun.Glob("**/*.test.ts").scan(tests)) {
    const text = await Bun.file(join(tests, path)).text();
    for (const [, number] of text.matchAll(/(?:test|describe)\("defect (\d+):/g)) named.add(Number(number));
  }
  expect([...named].sort((a, b) => a - b)).toEqual(Array.from({ length: DEFECTS }, (_, i) => i + 1));
});

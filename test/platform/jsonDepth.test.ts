import { expect, test } from "bun:test";
import { tooDeepAt } from "../../src/platform/jsonDepth";

const cases: [json: string, levels: number, at: number | undefined][] = [
  ["", 0, undefined],
  ["7", 0, undefined],
  ["[]", 0, 0],
  ["[]", 1, undefined],
  ['{"a":[{}]}', 3, undefined],
  ['{"a":[{}]}', 2, 6],
  ["[[],[],[]]", 2, undefined],
  ['"[[[["', 0, undefined],
  ['["[[\\"[["]', 1, undefined],
  ['["\\\\",[]]', 1, 6],
  ["[".repeat(101), 100, 100],
  ["]]]]]]", 0, undefined],
];

for (const [json, levels, at] of cases) {
  test(`${json.slice(0, 20) || "nothing"} against ${levels} levels`, () => {
    expect(tooDeepAt(levels, json)).toBe(at);
  });
}

import { expect, test } from "bun:test";
import { isDeeperThan } from "../../src/platform/jsonDepth";

const cases: [json: string, levels: number, isDeeper: boolean][] = [
  ["", 0, false],
  ["7", 0, false],
  ["[]", 0, true],
  ["[]", 1, false],
  ['{"a":[{}]}', 3, false],
  ['{"a":[{}]}', 2, true],
  ["[[],[],[]]", 2, false],
  ['"[[[["', 0, false],
  ['["[[\\"[["]', 1, false],
  ['["\\\\",[]]', 1, true],
  ["[".repeat(101), 100, true],
  ["]]]]]]", 0, false],
];

for (const [json, levels, isDeeper] of cases) {
  test(`${json.slice(0, 20) || "nothing"} is ${isDeeper ? "" : "not "}deeper than ${levels}`, () => {
    expect(isDeeperThan(levels, json)).toBe(isDeeper);
  });
}

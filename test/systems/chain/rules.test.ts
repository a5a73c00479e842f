import { describe, expect, test } from "bun:test";
import { blockTypeOf, difficultyAfter, heldDifficulty, inXuniWindow, keyFault } from "../../../src/systems/chain/rules";

describe("keys", () => {
  test("have at least 64 hex digits and nothing else", () => {
    expect(keyFault("")).toBe("Key is empty");
    expect(keyFault("ab")).toBe("Key too short: 2 chars (need >= 64)");
    for (const bad of [
      "g".repeat(64),
      `0x${"a".repeat(64)}`,
      `+${"1".repeat(64)}`,
      `${"1".repeat(64)} `,
      "1_".repeat(32),
    ]) {
      expect(keyFault(bad)).toBe("Key contains non-hex characters");
    }
    for (const good of ["a".repeat(64), "0123456789ABCDEFabcdef".repeat(4)]) expect(keyFault(good)).toBeUndefined();
  });
});

describe("kinds of blocks", () => {
  const capitals = (count: number) => "Q".repeat(count);
  const cases: [hash: string, marker: string, expected: ReturnType<typeof blockTypeOf>][] = [
    ["aaXEN11bb", "XEN11", "normal"],
    [`XEN11${capitals(46)}`, "XEN11", "normal"],
    [`XEN11${capitals(47)}`, "XEN11", "super"],
    [`XUNI7${capitals(60)}`, "XEN11", "xuni"],
    ["XUNI7 XEN11", "XEN11", "normal"],
    ["XUNIx", "XEN11", undefined],
    ["xen11", "XEN11", undefined],
    ["aab", "b", "normal"],
    ["", "XEN11", undefined],
  ];
  for (const [hash, marker, expected] of cases) {
    test(`${hash.slice(0, 12)} with ${marker} is ${expected}`, () => expect(blockTypeOf(hash, marker)).toBe(expected));
  }
});

describe("difficulty", () => {
  test("grows by a twentieth, rounded down, after each full interval and at no other time", () => {
    expect(difficultyAfter(1727, 49, 50)).toBe(1727);
    expect(difficultyAfter(1727, 50, 50)).toBe(1813);
    expect(difficultyAfter(1813, 51, 50)).toBe(1813);
  });

  test("is held within 100 and 100000", () => {
    expect(difficultyAfter(99_999, 50, 50)).toBe(100_000);
    expect(difficultyAfter(1, 50, 50)).toBe(100);
    expect([heldDifficulty(1), heldDifficulty(1e9)]).toEqual([100, 100_000]);
  });
});

test("XUNI counts from five minutes before to five after the hour", () => {
  const at = (minute: number, second = 0) => inXuniWindow(new Date(2026, 0, 1, 12, minute, second).getTime());
  expect([at(0), at(4, 59), at(5), at(54, 59), at(55), at(59, 59)]).toEqual([true, true, false, false, true, true]);
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { DEFAULT_LIMITS } from "../../../src/mqtt";
import { matches, parseFilter } from "../../../src/mqtt/topic/rules";
import { createFilterTree } from "../../../src/mqtt/topic/tree";

const name = fc
  .array(fc.constantFrom("a", "b", "c", "", "$SYS"), { minLength: 1, maxLength: 4 })
  .map((levels) => levels.join("/"));
const filter = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "c", "", "+", "$SYS"), { maxLength: 4 }), fc.boolean())
  .map(([levels, hasHash]) => (hasHash ? [...levels, "#"] : levels).join("/"))
  .filter((text) => text !== "");

test("the tree finds what a comparison with every filter finds, also after removals", () => {
  const operation = fc.record({ filter, value: fc.nat({ max: 3 }), isRemoval: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 40 }),
      fc.array(name, { minLength: 1, maxLength: 8 }),
      (operations, names) => {
        const tree = createFilterTree<number>();
        const model = new Map<string, Set<number>>();
        for (const { filter: text, value, isRemoval } of operations) {
          const values = model.get(text) ?? new Set();
          model.set(text, values);
          const levels = text.split("/");
          if (isRemoval) expect(tree.remove(levels, value)).toBe(values.delete(value));
          else {
            expect(tree.add(levels, value)).toBe(!values.has(value));
            values.add(value);
          }
        }
        for (const topic of names) {
          const found: number[] = [];
          tree.match(topic, (value) => found.push(value));
          const expected = [...model]
            .filter(([text]) => matches(text.split("/"), topic))
            .flatMap(([, values]) => [...values]);
          expect(found.sort()).toEqual(expected.sort());
        }
      },
    ),
    { numRuns: 500 },
  );
});

describe("matching by the standard's own examples", () => {
  const cases: [filter: string, topic: string, isMatch: boolean][] = [
    ["sport/tennis/player1/#", "sport/tennis/player1", true],
    ["sport/tennis/player1/#", "sport/tennis/player1/ranking", true],
    ["sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true],
    ["sport/#", "sport", true],
    ["sport/tennis/+", "sport/tennis/player1", true],
    ["sport/tennis/+", "sport/tennis/player1/ranking", false],
    ["sport/+", "sport", false],
    ["sport/+", "sport/", true],
    ["+/+", "/finance", true],
    ["/+", "/finance", true],
    ["+", "/finance", false],
    ["#", "$SYS/broker", false],
    ["+/monitor/Clients", "$SYS/monitor/Clients", false],
    ["$SYS/#", "$SYS/broker", true],
    ["$SYS/monitor/+", "$SYS/monitor/Clients", true],
    ["ACCOUNTS", "Accounts", false],
  ];
  test.each(cases)("%s and %s: %p", (text, topic, isMatch) => {
    const { levels } = parseFilter(text, DEFAULT_LIMITS);
    const tree = createFilterTree<string>();
    tree.add(levels, text);
    const found: string[] = [];
    tree.match(topic, (value) => found.push(value));
    expect(found.length === 1).toBe(isMatch);
    expect(matches(levels, topic)).toBe(isMatch);
  });
});

test.each([
  "a/#/b",
  "a#",
  "#/",
  "a+",
  "+a/b",
  "a/b+",
  "",
  "$share//a",
  "$share/g",
  "$share/g/",
  "$share/+/a",
  "$share/g#/a",
  "a".repeat(1025),
  "/".repeat(64),
])("%p is no topic filter", (text) => {
  expect(() => parseFilter(text, DEFAULT_LIMITS)).toThrow(/topic|shared|level/);
});

test("a shared filter is taken apart into its group and what it matches", () => {
  expect(parseFilter("$share/group/a/+", DEFAULT_LIMITS)).toEqual({ levels: ["a", "+"], group: "group" });
});

import { expect, test } from "bun:test";
import fc from "fast-check";
import { createBroker, DEFAULT_LIMITS } from "../../../src/mqtt";
import { matches, parseFilter } from "../../../src/mqtt/topic/rules";
import { createFilterTree } from "../../../src/mqtt/topic/tree";
import { systemClock } from "../../../src/platform/clock";
import { seededRandom } from "../../../src/platform/random";

const level = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("a", "b", "", "$SYS", "$share", "ü", ".*", "a.b", "[a]", "%2F") },
  fc.string({ maxLength: 3 }).map((text) => text.replace(/[+#/\0]/g, "")),
);
const topicName = fc
  .array(level, { minLength: 1, maxLength: 5 })
  .map((levels) => levels.join("/"))
  .filter((name) => name !== "");
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant("+")), { maxLength: 5 }), fc.boolean())
  .map(([levels, hasHash]) => (hasHash ? [...levels, "#"] : levels).join("/"))
  .filter((text) => text !== "" && !text.startsWith("$share/"));

/** The rules of section 4.7 told once more, as a regular expression: slow, and short enough to be read at a glance. */
function naiveMatch(filterText: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filterText)) return false;
  const parts = filterText
    .replace(/[.*?^${}()|[\]\\]/g, "\\$&")
    .replace(/(^|\/)\+(?=\/|$)/g, "$1[^/]*")
    .replace(/^#$/, ".*")
    .replace(/\/#$/, "(/.*)?");
  return new RegExp(`^${parts}$`, "su").test(topic);
}

/** Mostly topics that have something to do with the filter, since chance alone seldom meets one. */
const related = filter.chain((text) =>
  fc.record({
    text: fc.constant(text),
    topic: fc.oneof(
      topicName,
      fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => {
        let next = 0;
        const taken = () => levels[next++ % levels.length]!;
        const filled = text.replace(/\+/g, taken).replace(/#$/, levels.join("/"));
        return filled === "" ? "a" : filled;
      }),
      fc.constant(text.replace(/\/?#$/, "").replaceAll("+", "a") || "a"),
    ),
  }),
);

test("the rule, the tree and a regular expression agree on what a filter matches", () => {
  let matched = 0;
  fc.assert(
    fc.property(related, ({ text, topic }) => {
      const expected = naiveMatch(text, topic);
      if (expected) matched++;
      const { levels } = parseFilter(text, DEFAULT_LIMITS);
      expect(matches(levels, topic)).toBe(expected);
      const tree = createFilterTree<string>();
      tree.add(levels, text);
      const found: string[] = [];
      tree.match(topic, (value) => found.push(value));
      expect(found).toEqual(expected ? [text] : []);
    }),
    { numRuns: 3000 },
  );
  // Were nearly all pairs strangers, agreement would say little.
  expect(matched).toBeGreaterThan(500);
});

test("a tree of many filters finds exactly those that match, and nothing once they are gone", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(filter, { maxLength: 30 }),
      fc.array(topicName, { minLength: 1, maxLength: 10 }),
      (filters, topics) => {
        const tree = createFilterTree<string>();
        for (const text of filters) tree.add(text.split("/"), text);
        for (const topic of topics) {
          const found: string[] = [];
          tree.match(topic, (text) => found.push(text));
          expect(found.sort()).toEqual(filters.filter((text) => naiveMatch(text, topic)).sort());
        }
        for (const text of filters) expect(tree.remove(text.split("/"), text)).toBe(true);
        for (const topic of topics) tree.match(topic, (text) => expect(text).toBe("nothing"));
      },
    ),
    { numRuns: 200 },
  );
});

test("retained messages are found by the same rule", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(topicName, { maxLength: 20 }), filter, async (topics, text) => {
      const broker = createBroker({ clock: systemClock, random: seededRandom(1) });
      const client = broker.client("self");
      for (const topic of topics) client.publish(topic, "x", { retain: true });
      const found = broker.retained(text, 100).map(({ topic }) => topic);
      expect(found.sort()).toEqual(topics.filter((topic) => naiveMatch(text, topic)).sort());
      for (const topic of topics) client.publish(topic, "", { retain: true });
      expect(broker.stats()).toMatchObject({ retainedMessages: 0, retainedBytes: 0 });
      await broker.stop();
    }),
    { numRuns: 100 },
  );
});

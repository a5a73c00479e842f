import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { exampleOf } from "../../../../src/platform/http/api/example";
import { describeSchema, noComponents } from "../../../../src/platform/http/api/schemas";

function exampleFor(schema: z.ZodType): unknown {
  const components = noComponents();
  const described = describeSchema(schema, "output", "X", components);
  const example = exampleOf(described, components.schemas);
  return JSON.parse(JSON.stringify(example));
}

const tree: z.ZodType = z.strictObject({
  name: z.string().meta({ examples: ["root"] }),
  get parts() {
    return z.array(tree);
  },
  get parent() {
    return tree.optional();
  },
});

const CASES: [what: string, schema: z.ZodType, example: unknown][] = [
  ["its own example", z.string().meta({ examples: ["worker-1", "worker-2"] }), "worker-1"],
  ["its default", z.number().default(50), 50],
  ["its constant", z.literal("sent"), "sent"],
  ["its first choice", z.enum(["normal", "super"]), "normal"],
  ["its least number", z.number().int().min(3), 3],
  ["a text of its format", z.iso.datetime(), "2025-09-09T12:00:00Z"],
  ["what is there rather than null", z.union([z.null(), z.boolean()]), true],
  ["as many items as there must be", z.array(z.number().min(1)).length(3), [1, 1, 1]],
  ["one entry of a record", z.record(z.string().meta({ examples: ["w1"] }), z.number().min(2)), { w1: 2 }],
  ["the examples of its members", z.strictObject({ a: z.literal(1), b: z.array(z.literal("x")) }), { a: 1, b: ["x"] }],
  ["one round of what holds itself", tree, { name: "root", parts: [] }],
];

describe("the example of a schema", () => {
  test.each(CASES)("is %s, which fits", (_, schema, example) => {
    expect(exampleFor(schema)).toEqual(example);
    expect(schema.safeParse(example).success).toBe(true);
  });
});

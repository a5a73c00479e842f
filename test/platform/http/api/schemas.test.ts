import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { describeSchema, membersOf, noComponents } from "../../../../src/platform/http/api/schemas";

const branch: z.ZodType = z.strictObject({
  name: z.string(),
  get parts() {
    return z.array(branch).optional();
  },
});

describe("a schema in the API document", () => {
  test("is JSON Schema without the address of its dialect", () => {
    const described = describeSchema(
      z.strictObject({ size: z.number().int().min(1) }),
      "input",
      "Order",
      noComponents(),
    );
    expect(described).toEqual({
      type: "object",
      properties: { size: { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER } },
      required: ["size"],
      additionalProperties: false,
    });
  });

  test("asks for what a caller must send, and promises what the server answers", () => {
    const schema = z.object({ limit: z.number().default(50) });
    expect(describeSchema(schema, "input", "X", noComponents())["required"]).toBeUndefined();
    expect(describeSchema(schema, "output", "X", noComponents())["required"]).toEqual(["limit"]);
  });

  test("keeps the examples of what is sent, also where it is read into something else", () => {
    const read = z
      .unknown()
      .transform(Number)
      .meta({ type: "number", examples: ["3"] })
      .prefault("1");
    const described = describeSchema(z.object({ read }), "input", "X", noComponents());
    expect(described["properties"]).toMatchObject({ read: { type: "number", examples: ["3"] } });
  });

  test("that holds itself is a component", () => {
    const components = noComponents();
    expect(describeSchema(branch, "output", "Branch", components)).toEqual({ $ref: "#/components/schemas/Branch" });
    expect(components.schemas["Branch"]).toMatchObject({
      properties: { parts: { items: { $ref: "#/components/schemas/Branch" } } },
    });
  });

  test("that holds a recursive one refers to it as a component", () => {
    const components = noComponents();
    const described = describeSchema(z.strictObject({ root: branch }), "output", "Tree", components);
    expect(described["properties"]).toEqual({ root: { $ref: "#/components/schemas/Tree1" } });
    expect(components.schemas["Tree1"]).toMatchObject({
      properties: { parts: { items: { $ref: "#/components/schemas/Tree1" } } },
    });
  });

  test("with an id is a component of that name, however often it is used", () => {
    const lease = z.strictObject({ seconds: z.number() }).meta({ id: "Lease" });
    const components = noComponents();
    describeSchema(z.array(lease), "output", "Leases", components);
    const described = describeSchema(z.strictObject({ lease }), "output", "One", components);
    expect(described["properties"]).toEqual({ lease: { $ref: "#/components/schemas/Lease" } });
    expect(Object.keys(components.schemas)).toEqual(["Lease"]);
    expect(components.schemas["Lease"]).not.toHaveProperty("id");
  });

  test("must not take the name of another", () => {
    const components = noComponents();
    components.add("Lease", { type: "string" });
    expect(() => components.add("Lease", { type: "number" })).toThrow("called Lease");
  });
});

describe("members of a query", () => {
  test("are those of the object", () => {
    const schema = { properties: { q: { type: "string" } }, required: ["q"] };
    expect(membersOf(schema)).toEqual(schema);
  });

  test("of a union are those of all its objects, required where each asks for them", () => {
    const union = z.union([
      z.object({ kind: z.literal("page"), page: z.number(), limit: z.number() }),
      z.object({ kind: z.literal("offset"), offset: z.number(), limit: z.number().optional() }),
    ]);
    const { properties, required } = membersOf(describeSchema(union, "input", "Page", noComponents()));
    expect(Object.keys(properties)).toEqual(["kind", "page", "limit", "offset"]);
    expect(properties["kind"]).toEqual({
      anyOf: [
        { type: "string", const: "page" },
        { type: "string", const: "offset" },
      ],
    });
    expect(properties["limit"]).toEqual({ type: "number" });
    expect(required).toEqual(["kind"]);
  });
});

import { describe, expect, test } from "bun:test";
import { z } from "zod";
import {
  fieldShape,
  flag,
  integer,
  nullable,
  number,
  object,
  optional,
  required,
  text,
} from "../../../src/platform/http/fields";
import { type InvalidInput, MalformedJson, valid } from "../../../src/platform/http/input";

const schema = z.object({
  name: required(text({ longest: 10, pattern: /^[a-z]*$/ }), "A name"),
  count: optional(integer({ least: 1, most: 9 }), 3, "How many"),
  price: optional(number(), 0.5, "XNM"),
  only: optional(flag(), true, "Only some"),
  worker: optional(nullable(text({ longest: 10 })), null, "A worker"),
  config: optional(object(), {}, "Anything"),
});

function faults(input: unknown, part: "body" | "query" = "body") {
  try {
    valid(schema, input, part);
  } catch (error) {
    const { body } = fieldShape.invalid(error as InvalidInput);
    return (body as { detail: Record<string, unknown>[] }).detail;
  }
  throw new Error("it was valid");
}

describe("members", () => {
  test("what is left out has its standard", () => {
    expect(valid(schema, { name: "a" }, "body")).toEqual({
      name: "a",
      count: 3,
      price: 0.5,
      only: true,
      worker: null,
      config: {},
    });
  });

  test("numbers are read from text, whole numbers from 7.0, flags from words; unknown members are dropped", () => {
    const input = { name: "a", count: "7.0", price: " 1e2 ", only: "Off", worker: "w", extra: 1 };
    expect(valid(schema, input, "body")).toEqual({
      name: "a",
      count: 7,
      price: 100,
      only: false,
      worker: "w",
      config: {},
    });
  });

  const wrong: [member: string, value: unknown, type: string, ctx?: Record<string, unknown>][] = [
    ["name", 7, "string_type"],
    ["name", "abcdefghijk", "string_too_long", { max_length: 10 }],
    ["name", "A", "string_pattern_mismatch", { pattern: "^[a-z]*$" }],
    ["count", 1.5, "int_from_float"],
    ["count", "x", "int_parsing"],
    ["count", "1e400", "int_parsing"],
    ["count", 0, "greater_than_equal", { ge: 1 }],
    ["count", 1e30, "less_than_equal", { le: 9 }],
    ["count", null, "int_type"],
    ["count", Number.POSITIVE_INFINITY, "finite_number"],
    ["price", "NaN", "float_parsing"],
    ["price", Number.NaN, "finite_number"],
    ["price", "1e999", "finite_number"],
    ["price", [], "float_type"],
    ["only", "maybe", "bool_parsing"],
    ["only", null, "bool_parsing"],
    ["worker", 7, "string_type"],
    ["config", [], "dict_type"],
    ["config", null, "dict_type"],
  ];
  for (const [member, value, type, ctx] of wrong) {
    test(`${member} = ${String(JSON.stringify(value) ?? value)} is ${type}`, () => {
      const [fault, ...others] = faults({ name: "a", [member]: value });
      expect(others).toEqual([]);
      expect(fault).toMatchObject({ type, loc: ["body", member], ...(ctx && { ctx }) });
    });
  }

  test("every fault is told, a missing member with what came instead", () => {
    const input = { count: "x", price: "y" };
    const missing = { type: "missing", loc: ["query", "name"], msg: "Field required", input };
    expect(faults(input, "query")).toEqual([
      missing,
      expect.objectContaining({ type: "int_parsing", input: "x" }),
      expect.objectContaining({ type: "float_parsing", input: "y" }),
    ]);
  });

  test("no body, and a body that is no object", () => {
    expect(faults(undefined)).toMatchObject([{ type: "missing", loc: ["body"] }]);
    for (const body of [[], "x", 7, null]) expect(faults(body)).toMatchObject([{ type: "dict_type", loc: ["body"] }]);
  });

  test("what is large is not echoed, and a prototype is no member", () => {
    expect(faults({ name: "a", count: "9".repeat(1000) })[0]).toMatchObject({ type: "int_parsing", input: null });
    expect(faults(JSON.parse('{"__proto__": {"name": "a"}}'))[0]).toMatchObject({ type: "missing" });
  });

  test("a body that is not JSON", () => {
    const { status, body } = fieldShape.invalid(new MalformedJson("not JSON"));
    expect([status, body]).toEqual([
      422,
      { detail: [{ type: "json_invalid", loc: ["body", 0], msg: "not JSON", input: {} }] },
    ]);
  });
});

test("the description for the API document says type, limits and standard", () => {
  const described = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  expect(described.required).toEqual(["name"]);
  expect(described.properties).toMatchObject({
    name: { type: "string", maxLength: 10, description: "A name" },
    count: { type: "integer", minimum: 1, maximum: 9, default: 3 },
    worker: { anyOf: [{ type: "string", maxLength: 10 }, { type: "null" }] },
  });
});

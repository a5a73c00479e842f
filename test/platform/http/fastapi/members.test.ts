import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { fastApiErrors } from "../../../../src/platform/http/fastapi/errors";
import { nullish, optional, refuse, required } from "../../../../src/platform/http/fastapi/members";
import { flag, integer, nullable, number, object, secret, text } from "../../../../src/platform/http/fastapi/readers";
import { type InputPart, type InvalidInput, valid } from "../../../../src/platform/http/input";

const schema = z.object({
  name: required(text({ longest: 10, pattern: /^[a-z]*$/ }), "A name"),
  count: optional(integer({ least: 1, most: 9 }), 3, "How many"),
  price: optional(number(), 0.5, "XNM"),
  only: optional(flag(), true, "Only some"),
  worker: optional(nullable(text({ longest: 10 })), null, "A worker"),
  config: optional(object(), {}, "Anything"),
});

function faultsIn(of: z.ZodType, input: unknown, part: InputPart = "body") {
  try {
    valid(of, input, part);
  } catch (error) {
    const { body } = fastApiErrors.invalid(error as InvalidInput);
    return (body as { detail: Record<string, unknown>[] }).detail;
  }
  throw new Error("it was valid");
}
const faults = (input: unknown, part: InputPart = "body") => faultsIn(schema, input, part);

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

  test("every fault is told, a missing member with what came instead", () => {
    const input = { count: "x", price: "y" };
    const missing = { type: "missing", loc: ["body", "name"], msg: "Field required", input };
    expect(faults(input)).toEqual([
      missing,
      expect.objectContaining({ type: "int_parsing", input: "x" }),
      expect.objectContaining({ type: "float_parsing", input: "y" }),
    ]);
  });

  test("what is large is not echoed, and a prototype is no member", () => {
    const [large] = faults({ name: "a", count: "9".repeat(1000) });
    expect(large).toMatchObject({ type: "int_parsing", input: `${"9".repeat(60)}...` });
    expect(faults(JSON.parse('{"__proto__": {"name": "a"}}'))[0]).toMatchObject({ type: "missing" });
  });

  test("null counts as left out where the two are the same", () => {
    const same = z.object({ rate: nullish(number(), "A rate") });
    for (const given of [{}, { rate: null }]) expect(valid(same, given, "body").rate).toBeUndefined();
    expect(faultsIn(same, { rate: "x" })).toMatchObject([{ type: "float_parsing", input: "x" }]);
  });

  test("a member is refused for what another says", () => {
    const pair = z
      .object({ low: required(number(), "Low"), high: required(number(), "High") })
      .superRefine(({ low, high }, context) => {
        if (low > high) refuse(context, high, "expected low below high", ["high"]);
      });
    const msg = "Value error, expected low below high";
    expect(faultsIn(pair, { low: 2, high: 1 })).toMatchObject([
      { type: "value_error", loc: ["body", "high"], msg, input: 1 },
    ]);
  });

  test("secrets are never told again: not where they are faulty, not beside what is missing", () => {
    const login = z.object({
      user: required(text({ longest: 9 }), "Who"),
      password: required(secret(text({ shortest: 8, longest: 99 })), "Known to them alone"),
    });
    const worked = login.transform((given) => given);
    for (const of of [login, worked]) {
      for (const given of [
        { password: "hunter2-hunter2" },
        { user: "a", password: "hunter2" },
        { password: 7_263_514 },
      ]) {
        const told = JSON.stringify(faultsIn(of, given));
        expect(told).not.toMatch(/hunter2|7263514/);
        expect(told).toMatch(/missing|string_too_short/);
      }
    }
    expect(z.toJSONSchema(login, { io: "input", unrepresentable: "any" }).properties!["password"]).toMatchObject({
      format: "password",
      writeOnly: true,
    });
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

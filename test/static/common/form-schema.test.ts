import { describe, expect, test } from "bun:test";
import { z } from "zod";
import {
  fieldKind,
  initialValue,
  type JsonSchema,
  presentSchema,
  readTyped,
  writeTyped,
} from "../../../static/common/form-schema";

const request = z.object({
  rbp: z.number().min(0).max(1000).default(3.5),
  days: z.int().gt(0).lt(3651),
  output: z.enum(["supply", "power"]).nullable().optional(),
  lock: z.union([z.number(), z.array(z.number()).max(3)]).optional(),
  quick: z.boolean(),
  note: z.string().min(2).max(500),
  start: z.iso.date(),
  fip81: z.object({ floor: z.number().default(0.7) }),
});
const schema = z.toJSONSchema(request, { io: "input" }) as JsonSchema;
const member = (name: string) => presentSchema(schema.properties![name]!);

test("a schema as zod writes it is drawn by kind", () => {
  const kinds = Object.keys(schema.properties!).map((name) => [name, fieldKind(member(name))]);
  expect(Object.fromEntries(kinds)).toEqual({
    rbp: "number",
    days: "number",
    output: "choice",
    lock: "list",
    quick: "toggle",
    note: "long-text",
    start: "date",
    fip81: "group",
  });
});

test("a form begins with the defaults, and with a required toggle off", () => {
  expect(initialValue(schema)).toEqual({ rbp: 3.5, quick: false, fip81: { floor: 0.7 } });
});

describe("what is typed", () => {
  test.each([
    ["rbp", "4.25", 4.25],
    ["rbp", " 1e2 ", 100],
    ["days", "3650", 3650],
    ["lock", "0.3, 0.2\n0.1", [0.3, 0.2, 0.1]],
    ["lock", "0.3", [0.3]],
    ["output", "power", "power"],
    ["note", "two", "two"],
    ["rbp", "", undefined],
  ])("into %s as %p is %p", (name, text, expected) => {
    expect(readTyped(member(name), text, false)).toEqual({ value: expected });
  });

  test.each([
    ["rbp", "-1", "Expected 0 or more, got -1"],
    ["rbp", "1001", "Expected 1000 or less, got 1001"],
    ["rbp", "much", "Expected a number, got much"],
    ["rbp", "Infinity", "Expected a number, got Infinity"],
    ["days", "1.5", "Expected a whole number, got 1.5"],
    ["days", "0", "Expected more than 0, got 0"],
    ["days", "3651", "Expected less than 3651, got 3651"],
    ["lock", "1 2 3 4", "Expected at most 3 items, got 4"],
    ["lock", "1 x", "Item 2: Expected a number, got x"],
    ["note", "a", "Expected at least 2 characters, got 1"],
    ["note", "a".repeat(501), "Expected at most 500 characters, got 501"],
  ])("into %s as %p is refused", (name, text, fault) => {
    expect(readTyped(member(name), text, false)).toEqual({ fault });
  });

  test("an empty field is refused only where a value is required", () => {
    expect(readTyped(member("days"), "  ", true)).toEqual({ fault: "Expected a value" });
  });

  test.each([3.5, "text", [1, 2, 3], undefined])("%p is written so that it reads as itself", (value) => {
    const kinds: Record<string, string> = { number: "rbp", string: "note", object: "lock", undefined: "rbp" };
    expect(readTyped(member(kinds[typeof value]!), writeTyped(value), false)).toEqual({ value });
  });
});

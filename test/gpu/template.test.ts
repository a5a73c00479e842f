import { expect, test } from "bun:test";
import { fillTemplate } from "../../src/gpu/template";

const TEMPLATE = [
  "a {{x}}",
  "//#if one",
  "b",
  "//#if two",
  "c",
  "//#else",
  "d",
  "//#end",
  "//#else",
  "e",
  "//#end",
].join("\n");

test("a template keeps the parts that are asked for, one inside another, and fills in texts", () => {
  const filled = (...kept: string[]) => fillTemplate(TEMPLATE, { x: "1" }, new Set(kept)).split("\n").join(" ");
  expect(filled()).toBe("a 1 e");
  expect(filled("one")).toBe("a 1 b d");
  expect(filled("one", "two")).toBe("a 1 b c");
  expect(filled("two")).toBe("a 1 e");
});

test("a template without a text, or with a part that does not close, is refused", () => {
  expect(() => fillTemplate("{{y}}", {}, new Set())).toThrow("y");
  expect(() => fillTemplate("//#if one", {}, new Set())).toThrow("not closed");
});

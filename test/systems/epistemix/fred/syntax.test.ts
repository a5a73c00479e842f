import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { checkModel } from "../../../../src/systems/epistemix/fred";
import { parseProgram } from "../../../../src/systems/epistemix/fred/syntax/program";

const read = (text: string, more: Record<string, string> = {}) =>
  parseProgram({ files: { "main.fred": text, ...more }, main: "main.fred" });

/** The first fault as `line:column message`. */
const faultOf = (text: string, more: Record<string, string> = {}) => {
  const [fault] = read(text, more).faults;
  return fault && `${fault.line}:${fault.column} ${fault.message}`;
};

describe("a program", () => {
  test("is read with comments, continued lines and blocks on one line", () => {
    const { program, faults } = read(`
      comment HEAD { anything { nested } isn't read }
      # a comment
      condition INF { transmissibility = 0.6 }
      condition INF {
        start_state = S # not of the value
        state S {
          x = 1 + \\
              2
          wait()
          next()
        }
      }`);
    expect(faults).toEqual([]);
    expect(program.conditions).toHaveLength(1);
    const [inf] = program.conditions;
    expect(inf!.properties.map(({ name, value }) => `${name}=${value}`)).toEqual([
      "transmissibility=0.6",
      "start_state=S",
    ]);
    expect(inf!.states[0]!.body.map(({ kind }) => kind)).toEqual(["assign", "wait", "next"]);
  });

  test("adds later blocks to the first, also a state outside of its condition", () => {
    const { program } = read("condition A { state S { wait() } }\nstate A.S { x = 1 }\ncondition A { state T { } }");
    expect(program.conditions[0]!.states.map(({ name, body }) => [name, body.length])).toEqual([
      ["S", 2],
      ["T", 0],
    ]);
  });

  test("includes files by paths beside the file that names them", () => {
    const files = { "parts/a.fred": "include ../b.fred", "b.fred": "condition B { }" };
    expect(read("include parts/a.fred", files).program.conditions.map(({ name }) => name)).toEqual(["B"]);
  });

  test("knows the older words of declarations", () => {
    const { program } = read("variables {\n global g\n personal_list p\n shared numeric s = 2\n g.output = 1\n}");
    expect(program.variables.map(({ name, scope, shape }) => `${scope} ${shape} ${name}`)).toEqual([
      "shared numeric g",
      "agent list p",
      "shared numeric s",
    ]);
    expect(program.variableProperties).toMatchObject([{ variable: "g", name: "output", value: "1" }]);
  });
});

test.each([
  ["an endless comment", "comment { a", "1:1 this comment is never closed: a } is missing"],
  ["a circle", "include main.fred", "1:9 main.fred includes itself: main.fred -> main.fred"],
  ["a way out", "include ../x.fred", "1:9 ../x.fred lies outside of the model"],
  ["a missing file", "include mian.fred", "1:9 there is no file mian.fred; the nearest known is main.fred"],
  [
    "a library",
    "use FRED::Influenza",
    "1:5 the library that holds FRED::Influenza is not public; add such a file and write: include influenza.fred",
  ],
  [
    "an unknown block",
    "conditoin A { }",
    "1:1 expected a block; the nearest known is condition; here stands conditoin",
  ],
  ["an open bracket", "startup {\n x = (1 + 2\n}", "2:12 expected ) to close this bracket; the line ends"],
  ["an open block", "startup {\n x = 1\n", "3:1 expected } to end a block; the file ends"],
  ["an if without then", "startup { if (1) x = 1 }", "1:18 expected then after the condition; here stands x"],
])("%s is told with its place", (_, text, told) => {
  expect(faultOf(text)).toBe(told);
});

test("every fault of a program is told, each once, with its line", () => {
  const faults = checkModel({ files: { "m.fred": "startup {\n x = \n y = 2\n z = )\n}" }, main: "m.fred" });
  expect(faults.map(({ line, text }) => [line, text])).toEqual([
    [2, " x ="],
    [3, " y = 2"],
    [4, " z = )"],
  ]);
});

test("no text makes the reader fail or go on for ever", () => {
  const words = [
    "condition",
    "A",
    "{",
    "}",
    "state",
    "(",
    ")",
    "\n",
    "=",
    "if",
    "then",
    "1",
    "include",
    "comment",
    "\\",
    '"',
    ".",
    "else",
  ];
  const program = fc
    .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })))
    .map((parts) => parts.join(" "));
  fc.assert(
    fc.property(program, (text) => {
      expect(Array.isArray(read(text).faults)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("depth is limited with a sentence", () => {
  expect(faultOf(`startup { x = ${"(".repeat(5000)} }`)).toContain("more than 100 brackets or signs");
  expect(faultOf(`startup { x = ${"-".repeat(5000)}1 }`)).toContain("more than 100 brackets or signs");
  expect(faultOf(`startup { ${"if (1) then ".repeat(5000)} x = 1 }`)).toContain("more than 100 blocks");
});

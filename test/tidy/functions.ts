import { type ArrowFunctionExpression, type Function as FunctionNode, Visitor } from "oxc-parser";
import { eachSource, type Rule } from "./rule";
import type { Source } from "./tree";

const MAX_LINES = 60;

/** Lines of each function that is too long, from its first to its last, blank ones left out; functions in it count. */
function longFunctions({ text, parsed }: Source): string[] {
  const found: string[] = [];
  const look = ({ start, end }: FunctionNode | ArrowFunctionExpression) => {
    const lines = text
      .slice(start, end)
      .split("\n")
      .filter((line) => line.trim() !== "").length;
    if (lines > MAX_LINES) found.push(`line ${text.slice(0, start).split("\n").length}: a function of ${lines} lines`);
  };
  if (parsed === undefined) return [];
  new Visitor({ FunctionDeclaration: look, FunctionExpression: look, ArrowFunctionExpression: look }).visit(
    parsed.program,
  );
  return found;
}

const lines = (count: number) => "  a();\n".repeat(count);

/** What a function may be. */
export const functionRules: readonly Rule[] = [
  {
    name: `A function has at most ${MAX_LINES} lines, blank ones apart.`,
    offences: eachSource((source) => (source.path.startsWith("test/") ? [] : longFunctions(source))),
    refused: [
      { "src/platform/a.ts": `export function f() {\n${lines(MAX_LINES - 1)}}\n` },
      { "src/platform/a.ts": `export const f = () => {\n${lines(MAX_LINES - 1)}};\n` },
      { "src/platform/a.ts": `export const f = {\n  g() {\n${lines(MAX_LINES)}\n  },\n};\n` },
      { "src/platform/a.tsx": `export const F = () => (\n  <p>\n${"    <b />\n".repeat(MAX_LINES)}  </p>\n);\n` },
      { "src/platform/a.ts": `export function f() {\n  function g() {\n${lines(MAX_LINES - 3)}  }\n  g();\n}\n` },
    ],
    allowed: [{ "src/platform/a.ts": `export function f() {\n${lines(MAX_LINES - 2)}\n\n}\n` }],
  },
];

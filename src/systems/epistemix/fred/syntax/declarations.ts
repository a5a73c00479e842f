import type { Program, Property, Scope, Shape, VariableDeclaration } from "./ast";
import {
  atOf,
  type Cursor,
  endStatement,
  expect,
  expectName,
  is,
  peek,
  skipLines,
  take,
  takeRaw,
  wrong,
} from "./cursor";
import { parseExpression } from "./expressions";
import { SourceError } from "./source";
import { passOver } from "./statements";

/** First words of a declaration, today's and the older ones, with what they mean. */
const KINDS: Readonly<Record<string, readonly [Scope, Shape]>> = {
  global: ["shared", "numeric"],
  global_list: ["shared", "list"],
  personal: ["agent", "numeric"],
  personal_list: ["agent", "list"],
  table: ["shared", "table"],
  list_table: ["shared", "list_table"],
};

const SHAPES: readonly string[] = ["numeric", "list", "table", "list_table", "string"] satisfies Shape[];

/** Reads what stands between two braces, one `item` after another; a faulty one is passed over. */
export function parseItems(cursor: Cursor, item: (cursor: Cursor) => void): void {
  expect(cursor, "{", "to begin a block");
  skipLines(cursor);
  while (!is(cursor, "}")) {
    if (peek(cursor).kind === "end") throw wrong(cursor, "expected } to end a block");
    try {
      item(cursor);
      endStatement(cursor);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      cursor.fault(error);
      passOver(cursor);
    }
  }
  take(cursor);
}

/** `name = value`, the value to the end of the line or block. */
export function parseProperty(cursor: Cursor): Property {
  const at = atOf(cursor);
  const name = expectName(cursor, "the name of a property").text;
  expect(cursor, "=", `to give ${name} a value`);
  const { text, at: valueAt } = takeRaw(cursor, (here) => is(here, "}"));
  if (text === "") throw wrong(cursor, `${name} has no value`);
  return { name, value: text, at, valueAt };
}

/** One line of a `variables` block. */
export function parseVariable(cursor: Cursor, program: Program): void {
  const declared = parseDeclaration(cursor);
  if (declared !== undefined) {
    program.variables.push(declared);
    if (is(cursor, "=")) assignment(cursor, program, declared.name, declared.at);
    while (peek(cursor).kind === "name")
      program.variables.push({ ...declared, at: atOf(cursor), name: take(cursor).text });
    return;
  }
  const at = atOf(cursor);
  const name = expectName(cursor, "a declaration or a value").text;
  if (!is(cursor, ".")) {
    assignment(cursor, program, name, at);
    return;
  }
  take(cursor);
  program.variableProperties.push({ variable: name, ...parseProperty(cursor) });
}

function parseDeclaration(cursor: Cursor): VariableDeclaration | undefined {
  const first = peek(cursor).text;
  // A variable may be called as a kind is, where a value follows.
  if (is(cursor, "=", 1) || is(cursor, ".", 1)) return undefined;
  let kind: readonly [Scope, Shape] | undefined;
  if (first === "shared" || first === "agent") {
    take(cursor);
    if (!SHAPES.includes(peek(cursor).text)) throw wrong(cursor, `expected one of ${SHAPES.join(", ")}`);
    kind = [first, take(cursor).text as Shape];
  } else if (Object.hasOwn(KINDS, first)) {
    take(cursor);
    kind = KINDS[first];
  }
  if (kind === undefined) return undefined;
  const at = atOf(cursor);
  return { name: expectName(cursor, "the name of a variable").text, at, scope: kind[0], shape: kind[1] };
}

function assignment(cursor: Cursor, program: Program, name: string, at: VariableDeclaration["at"]): void {
  if (is(cursor, "[")) {
    take(cursor);
    const index = parseExpression(cursor);
    expect(cursor, "]", "after a key");
    expect(cursor, "=", "to give a value");
    const target = { kind: "index", at, of: { kind: "name", at, name }, index } as const;
    program.assignments.push({ kind: "assign", at, target, value: parseExpression(cursor) });
    return;
  }
  expect(cursor, "=", `to give ${name} a value`);
  program.assignments.push({ kind: "assign", at, target: { kind: "name", at, name }, value: parseExpression(cursor) });
}

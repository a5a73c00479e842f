import type { BinaryOperator, Expression } from "./ast";
import { atOf, type Cursor, expect, expectName, is, MAX_DEPTH, peek, take, takeRaw, wrong } from "./cursor";
import { SourceError } from "./source";
import { MONTHS } from "./tokens";

/** Operators from the loosest to the tightest; those of one row group from the left. */
const LEVELS: readonly Readonly<Record<string, BinaryOperator>>[] = [
  { "|": "or", "||": "or", or: "or" },
  { "&": "and", "&&": "and", and: "and" },
  { "==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=" },
  { "+": "+", "-": "-" },
  { "*": "*", "/": "/", "%": "%" },
];

const COMPARISONS = new Map(Object.entries({ "=": "==", ...LEVELS[2] }) as [string, BinaryOperator][]);

/** Functions and actions whose first arguments are names of files, as many as stated. */
const FILES_FIRST: Readonly<Record<string, number>> = {
  open_csv: 1,
  print_csv: 1,
  open_file: 1,
  print_file: 1,
  read: 1,
  read_agent_file: 1,
  read_place_file: 1,
};

/** Functions that read a file by its second argument. */
const FILES_SECOND = new Set(["read_table", "read_list_table", "read_list"]);

/** What is calculated, up to the first token that belongs to no expression. */
export function parseExpression(cursor: Cursor, depth = 0): Expression {
  if (depth > MAX_DEPTH)
    throw new SourceError(atOf(cursor), `more than ${MAX_DEPTH} brackets or signs stand in one another`);
  return parseLevel(cursor, 0, depth + 1);
}

function parseLevel(cursor: Cursor, level: number, depth: number): Expression {
  if (level === LEVELS.length) return parseUnary(cursor, depth);
  let left = parseLevel(cursor, level + 1, depth);
  for (;;) {
    const token = peek(cursor);
    const operator = token.kind === "mark" || token.kind === "name" ? operatorOf(level, token.text) : undefined;
    if (operator === undefined) return left;
    const at = atOf(cursor);
    take(cursor);
    left = { kind: "binary", at, operator, left, right: parseLevel(cursor, level + 1, depth) };
  }
}

function operatorOf(level: number, text: string): BinaryOperator | undefined {
  const row = LEVELS[level]!;
  return Object.hasOwn(row, text) ? row[text] : undefined;
}

function parseUnary(cursor: Cursor, depth: number): Expression {
  if (depth > MAX_DEPTH)
    throw new SourceError(atOf(cursor), `more than ${MAX_DEPTH} brackets or signs stand in one another`);
  const at = atOf(cursor);
  if (is(cursor, "-") || is(cursor, "+")) {
    const minus = take(cursor).text === "-";
    const of = parseUnary(cursor, depth + 1);
    return minus ? { kind: "minus", at, of } : of;
  }
  if (is(cursor, "!") || (is(cursor, "not") && !is(cursor, "(", 1))) {
    take(cursor);
    return { kind: "not", at, of: parseUnary(cursor, depth + 1) };
  }
  return parsePower(cursor, depth);
}

function parsePower(cursor: Cursor, depth: number): Expression {
  const base = parsePostfix(cursor, depth);
  if (!is(cursor, "^")) return base;
  const at = atOf(cursor);
  take(cursor);
  return { kind: "binary", at, operator: "^", left: base, right: parseUnary(cursor, depth + 1) };
}

function parsePostfix(cursor: Cursor, depth: number): Expression {
  let value = parsePrimary(cursor, depth);
  while (is(cursor, "[")) {
    const at = atOf(cursor);
    take(cursor);
    const index = parseExpression(cursor, depth);
    expect(cursor, "]", "after an index");
    value = { kind: "index", at, of: value, index };
  }
  return value;
}

function parsePrimary(cursor: Cursor, depth: number): Expression {
  const token = peek(cursor);
  const at = atOf(cursor);
  if (token.kind === "number") return { kind: "number", at, value: parseNumber(cursor) };
  if (token.kind === "text") return { kind: "text", at, value: take(cursor).text.slice(1, -1) };
  if (token.kind === "date") {
    const [month, day] = take(cursor).text.split("-") as [string, string];
    return { kind: "date", at, month: MONTHS.indexOf(month) + 1, day: Number(day) };
  }
  if (is(cursor, "(")) {
    take(cursor);
    const inside = parseExpression(cursor, depth);
    expect(cursor, ")", "to close this bracket");
    return inside;
  }
  if (token.kind === "name") return parseNamed(cursor, depth);
  throw wrong(cursor, "expected a number, a name or a bracket");
}

/** A number, or an hour of the day such as 10pm. */
function parseNumber(cursor: Cursor): number {
  const value = Number(take(cursor).text);
  if (!is(cursor, "am") && !is(cursor, "pm")) return value;
  return (value % 12) + (take(cursor).text === "pm" ? 12 : 0);
}

function parseNamed(cursor: Cursor, depth: number): Expression {
  const at = atOf(cursor);
  const name = take(cursor).text;
  if (name === "_") return { kind: "blank", at };
  if (is(cursor, ".")) {
    take(cursor);
    return { kind: "member", at, owner: name, name: expectName(cursor, `a name after ${name}.`).text };
  }
  return is(cursor, "(")
    ? { kind: "call", at, name, args: parseArguments(cursor, name, depth) }
    : { kind: "name", at, name };
}

/** What stands in brackets after the name of a function or action. */
export function parseArguments(cursor: Cursor, name: string, depth = 0): Expression[] {
  expect(cursor, "(", `after ${name}`);
  const args: Expression[] = [];
  while (!is(cursor, ")")) {
    args.push(isFile(name, args.length) ? parseFileName(cursor) : parseArgument(cursor, depth));
    if (!is(cursor, ",")) break;
    take(cursor);
  }
  expect(cursor, ")", `to end what ${name} is given`);
  return args;
}

function isFile(name: string, index: number): boolean {
  const first = Object.hasOwn(FILES_FIRST, name) ? FILES_FIRST[name]! : 0;
  return index < first || (index === 1 && FILES_SECOND.has(name));
}

function parseFileName(cursor: Cursor): Expression {
  const { text, at } = takeRaw(cursor, (here) => is(here, ",") || is(here, ")"));
  if (text === "") throw wrong(cursor, "expected the name of a file");
  return { kind: "text", at, value: text.replace(/^(["'])(.*)\1$/, "$2") };
}

function parseArgument(cursor: Cursor, depth: number): Expression {
  const operator = COMPARISONS.get(peek(cursor).text);
  const at = atOf(cursor);
  if (operator !== undefined && (is(cursor, ",", 1) || is(cursor, ")", 1))) {
    take(cursor);
    return { kind: "operator", at, operator };
  }
  return parseExpression(cursor, depth);
}

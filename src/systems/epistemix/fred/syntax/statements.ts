import type { Expression, Statement } from "./ast";
import {
  atOf,
  type Cursor,
  endStatement,
  expect,
  expectName,
  is,
  MAX_DEPTH,
  peek,
  skipLines,
  take,
  takeIf,
  wrong,
} from "./cursor";
import { parseArguments, parseExpression } from "./expressions";
import { SourceError } from "./source";

type Parse = (cursor: Cursor, depth: number) => Statement;

const KEYWORDS: Readonly<Record<string, Parse>> = {
  if: parseIf,
  for: parseFor,
  while: parseWhile,
  wait: parseWait,
  next: parseNext,
  default: parseDefault,
};

/**
 * The statements between two braces, the first of which is next. A faulty statement is told to the cursor's `fault` and
 * passed over to the end of its line.
 */
export function parseBody(cursor: Cursor, depth = 0): Statement[] {
  expect(cursor, "{", "to begin a block");
  const body: Statement[] = [];
  skipLines(cursor);
  while (!is(cursor, "}")) {
    if (peek(cursor).kind === "end") throw wrong(cursor, "expected } to end a block");
    try {
      body.push(parseStatement(cursor, depth));
      endStatement(cursor);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      cursor.fault(error);
      passOver(cursor);
    }
  }
  take(cursor);
  return body;
}

/** Goes to the next line, or to the brace that ends the block. */
export function passOver(cursor: Cursor): void {
  let depth = 0;
  for (;;) {
    const { kind } = peek(cursor);
    if (kind === "end" || (depth === 0 && (kind === "line" || is(cursor, "}")))) break;
    if (is(cursor, "{")) depth++;
    if (is(cursor, "}")) depth--;
    take(cursor);
  }
  skipLines(cursor);
}

function parseStatement(cursor: Cursor, depth: number): Statement {
  if (depth > MAX_DEPTH) throw new SourceError(atOf(cursor), `more than ${MAX_DEPTH} blocks stand in one another`);
  const token = peek(cursor);
  if (token.kind !== "name") throw wrong(cursor, "expected a statement");
  if (is(cursor, "(", 1) && Object.hasOwn(KEYWORDS, token.text)) return KEYWORDS[token.text]!(cursor, depth + 1);
  const at = atOf(cursor);
  if (is(cursor, "(", 1)) {
    const name = take(cursor).text;
    return { kind: "action", at, name, args: parseArguments(cursor, name) };
  }
  const target = parseTarget(cursor);
  expect(cursor, "=", "to give a value");
  return { kind: "assign", at, target, value: parseExpression(cursor) };
}

/** What can be given a value: `x`, `C.sus`, `table[key]`. */
function parseTarget(cursor: Cursor): Expression {
  const at = atOf(cursor);
  const name = expectName(cursor, "a name").text;
  if (takeIf(cursor, ".")) return { kind: "member", at, owner: name, name: expectName(cursor, "a name").text };
  if (!takeIf(cursor, "[")) return { kind: "name", at, name };
  const index = parseExpression(cursor);
  expect(cursor, "]", "after an index");
  return { kind: "index", at, of: { kind: "name", at, name }, index };
}

/** One statement, or several between braces. */
function parseBranch(cursor: Cursor, depth: number): Statement[] {
  return is(cursor, "{") ? parseBody(cursor, depth) : [parseStatement(cursor, depth)];
}

function parseBracketed(cursor: Cursor, word: string): Expression {
  expect(cursor, "(", `after ${word}`);
  const condition = parseExpression(cursor);
  expect(cursor, ")", `to end what ${word} asks`);
  return condition;
}

function parseIf(cursor: Cursor, depth: number): Statement {
  const at = atOf(cursor);
  take(cursor);
  const condition = parseBracketed(cursor, "if");
  expect(cursor, "then", "after the condition");
  const then = parseBranch(cursor, depth);
  return { kind: "if", at, condition, then, otherwise: elseFollows(cursor) ? parseElse(cursor, depth) : [] };
}

/** `else` may stand on a line of its own. */
function elseFollows(cursor: Cursor): boolean {
  let ahead = 0;
  while (peek(cursor, ahead).kind === "line") ahead++;
  return is(cursor, "else", ahead);
}

function parseElse(cursor: Cursor, depth: number): Statement[] {
  skipLines(cursor);
  take(cursor);
  return parseBranch(cursor, depth);
}

function parseFor(cursor: Cursor, depth: number): Statement {
  const at = atOf(cursor);
  take(cursor);
  expect(cursor, "(", "after for");
  const variable = expectName(cursor, "the variable that goes through the list").text;
  expect(cursor, ",", "before the list");
  const list = parseExpression(cursor);
  expect(cursor, ")", "after the list");
  takeIf(cursor, "do");
  return { kind: "for", at, variable, list, body: parseBranch(cursor, depth) };
}

function parseWhile(cursor: Cursor, depth: number): Statement {
  const at = atOf(cursor);
  take(cursor);
  const condition = parseBracketed(cursor, "while");
  takeIf(cursor, "do");
  return { kind: "while", at, condition, body: parseBranch(cursor, depth) };
}

function parseWait(cursor: Cursor): Statement {
  const at = atOf(cursor);
  take(cursor);
  const [hours, ...more] = parseArguments(cursor, "wait");
  if (more.length > 0) throw new SourceError(at, "wait takes one number of hours, or nothing for ever");
  return { kind: "wait", at, hours };
}

function stateArgument(cursor: Cursor, word: string): string | undefined {
  expect(cursor, "(", `after ${word}`);
  const state = is(cursor, ")") ? undefined : expectName(cursor, "the name of a state").text;
  expect(cursor, ")", "after the name of a state");
  return state;
}

function parseNext(cursor: Cursor): Statement {
  const at = atOf(cursor);
  take(cursor);
  const state = stateArgument(cursor, "next");
  if (!takeIf(cursor, "with")) return { kind: "next", at, state, probability: undefined };
  expect(cursor, "prob", "after with");
  return { kind: "next", at, state, probability: parseBracketed(cursor, "prob") };
}

function parseDefault(cursor: Cursor): Statement {
  const at = atOf(cursor);
  take(cursor);
  return { kind: "default", at, state: stateArgument(cursor, "default") };
}

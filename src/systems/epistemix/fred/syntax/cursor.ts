import { type At, SourceError, type SourceFile } from "./source";
import { type Token, tokensOf } from "./tokens";

/** Where the reading of a file stands. */
export interface Cursor {
  readonly file: SourceFile;
  readonly tokens: readonly Token[];
  position: number;
  /** Told of each fault that is passed over. */
  readonly fault: (error: SourceError) => void;
}

/** How deep blocks and expressions may stand in one another. */
export const MAX_DEPTH = 100;

export function openCursor(file: SourceFile, fault: Cursor["fault"]): Cursor {
  return { file, tokens: tokensOf(file), position: 0, fault };
}

export function peek(cursor: Cursor, ahead = 0): Token {
  return cursor.tokens[Math.min(cursor.position + ahead, cursor.tokens.length - 1)]!;
}

export function take(cursor: Cursor): Token {
  const token = peek(cursor);
  if (token.kind !== "end") cursor.position++;
  return token;
}

export function atOf(cursor: Cursor, token = peek(cursor)): At {
  return { file: cursor.file, offset: token.start };
}

/** Whether the next token is this mark or word. */
export function is(cursor: Cursor, text: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.text === text && token.kind !== "text";
}

export function takeIf(cursor: Cursor, text: string): boolean {
  if (!is(cursor, text)) return false;
  cursor.position++;
  return true;
}

export function expect(cursor: Cursor, text: string, why: string): Token {
  if (!is(cursor, text)) throw wrong(cursor, `expected ${text} ${why}`);
  return take(cursor);
}

export function expectName(cursor: Cursor, what: string): Token {
  if (peek(cursor).kind !== "name") throw wrong(cursor, `expected ${what}`);
  return take(cursor);
}

export function skipLines(cursor: Cursor): void {
  while (peek(cursor).kind === "line") cursor.position++;
}

/** A statement ends with its line, or with the block that it stands in. */
export function endStatement(cursor: Cursor): void {
  const { kind } = peek(cursor);
  if (kind === "end" || is(cursor, "}")) return;
  if (kind !== "line") throw wrong(cursor, "expected the end of the line");
  skipLines(cursor);
}

/** The text from here to a comma or bracket that closes: names of files, which are no expressions. */
export function takeRaw(cursor: Cursor, ends: (cursor: Cursor) => boolean): { text: string; at: At } {
  const at = atOf(cursor);
  let end = at.offset;
  while (!ends(cursor) && peek(cursor).kind !== "line" && peek(cursor).kind !== "end") end = take(cursor).end;
  return { text: cursor.file.text.slice(at.offset, end).trim(), at };
}

export function wrong(cursor: Cursor, message: string): SourceError {
  const token = peek(cursor);
  const got = { line: "the line ends", end: "the file ends" }[token.kind as string] ?? `here stands ${token.text}`;
  return new SourceError(atOf(cursor), `${message}; ${got}`);
}

import { type At, SourceError, type SourceFile } from "./source";

export interface Token {
  kind: "name" | "number" | "text" | "date" | "mark" | "unknown" | "line" | "end";
  text: string;
  /** Characters from the beginning of the file. */
  start: number;
  end: number;
}

export const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const MONTH_DAY = `(?:${MONTHS.join("|")})-\\d{1,2}(?![\\w.])`;

/** Tried in order at one place; the first that fits is the token. */
const KINDS: readonly (readonly [Token["kind"] | "blank", RegExp])[] = [
  ["blank", /(?:[ \t\r]+|\\[ \t\r]*(?:#[^\n]*)?\n|#[^\n]*)+/y],
  ["line", /\n/y],
  ["date", new RegExp(MONTH_DAY, "y")],
  ["name", /[A-Za-z_]\w*/y],
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["text", /"[^"\n]*"|'[^'\n]*'/y],
  ["mark", /==|!=|<=|>=|&&|\|\||[-+*/%^=<>!&|(){}[\],.]/y],
  ["unknown", /./sy],
];

const COMMENT = /comment\b[ \t]*\w*\s*\{/y;

/** The tokens of a file, an end of the line as one too, and `end` as the last; comments and continued lines are gone. */
export function tokensOf(file: SourceFile): Token[] {
  const { text } = file;
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < text.length) {
    if (startsStatement(tokens.at(-1))) {
      const after = afterComment(file, offset);
      if (after > offset) {
        offset = after;
        continue;
      }
    }
    const token = tokenAt(text, offset);
    offset = token.end;
    if (token.kind !== "blank") tokens.push(token as Token);
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

function tokenAt(text: string, start: number): Omit<Token, "kind"> & { kind: Token["kind"] | "blank" } {
  for (const [kind, pattern] of KINDS) {
    pattern.lastIndex = start;
    const found = pattern.exec(text);
    if (found !== null) return { kind, text: found[0], start, end: start + found[0].length };
  }
  throw new Error("one pattern takes any character");
}

function startsStatement(last: Token | undefined): boolean {
  return last === undefined || last.kind === "line" || last.text === "{" || last.text === "}";
}

/** Where a `comment { }` that begins at `start` ends; `start` where none does. Braces within it come in pairs. */
function afterComment(file: SourceFile, start: number): number {
  COMMENT.lastIndex = start;
  const opened = COMMENT.exec(file.text);
  if (opened === null) return start;
  let depth = 1;
  for (let k = start + opened[0].length; k < file.text.length; k++) {
    const character = file.text[k];
    if (character === "{") depth++;
    if (character === "}" && --depth === 0) return k + 1;
  }
  const at: At = { file, offset: start };
  throw new SourceError(at, "this comment is never closed: a } is missing");
}

/** Where a text breaks the rules of JSON (RFC 8259), in characters from its beginning, and what was expected there. */
export interface JsonFault {
  offset: number;
  message: string;
}

const NUMBER = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const WORDS = ["true", "false", "null"];
const [QUOTE, BACKSLASH, LAST_CONTROL] = [0x22, 0x5c, 0x1f];

/**
 * The first fault of a text that a parser refused, in the words of Python's `json`, which clients of the originals
 * know; undefined where this finds none. The text must not be nested deeper than `JSON_LEVELS`.
 */
export function jsonFaultIn(json: string): JsonFault | undefined {
  try {
    const end = skipped(json, SPACE, valueEnd(json, skipped(json, SPACE, 0)));
    return end === json.length ? undefined : faultAt(json, end, "Extra data");
  } catch (thrown) {
    if (thrown instanceof Broken) return faultAt(json, thrown.at, thrown.message);
    throw thrown;
  }
}

class Broken extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Characters, where JavaScript counts some twice. */
function faultAt(json: string, at: number, message: string): JsonFault {
  let offset = 0;
  for (let i = 0; i < at; i += json.codePointAt(i)! > 0xffff ? 2 : 1) offset++;
  return { offset, message };
}

/** The place behind the value that begins at `at`. */
function valueEnd(json: string, at: number): number {
  const first = json[at];
  if (first === '"') return textEnd(json, at);
  if (first === "{") return membersEnd(json, at + 1, "}", memberEnd);
  if (first === "[") return membersEnd(json, at + 1, "]", valueEnd);
  const word = WORDS.find((one) => json.startsWith(one, at));
  const end = word === undefined ? skipped(json, NUMBER, at) : at + word.length;
  if (end === at) throw new Broken(at, "Expecting value");
  return end;
}

function membersEnd(json: string, from: number, close: string, entryEnd: typeof valueEnd): number {
  let at = skipped(json, SPACE, from);
  if (json[at] === close) return at + 1;
  for (;;) {
    at = skipped(json, SPACE, entryEnd(json, at));
    if (json[at] === close) return at + 1;
    if (json[at] !== ",") throw new Broken(at, "Expecting ',' delimiter");
    at = skipped(json, SPACE, at + 1);
  }
}

function memberEnd(json: string, at: number): number {
  if (json[at] !== '"') throw new Broken(at, "Expecting property name enclosed in double quotes");
  const colon = skipped(json, SPACE, textEnd(json, at));
  if (json[colon] !== ":") throw new Broken(colon, "Expecting ':' delimiter");
  return valueEnd(json, skipped(json, SPACE, colon + 1));
}

function textEnd(json: string, begin: number): number {
  for (let at = begin + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code <= LAST_CONTROL) throw new Broken(at, "Invalid control character at");
    if (code === BACKSLASH) at = escapeEnd(json, at, begin);
  }
  throw new Broken(begin, "Unterminated string starting at");
}

/** The place of the last character of an escape. */
function escapeEnd(json: string, at: number, begin: number): number {
  const kind = json[at + 1];
  if (kind === undefined) throw new Broken(begin, "Unterminated string starting at");
  if (kind === "u") {
    if (/^[0-9a-fA-F]{4}$/.test(json.slice(at + 2, at + 6))) return at + 5;
    throw new Broken(at + 1, "Invalid \\uXXXX escape");
  }
  if ('"\\/bfnrt'.includes(kind)) return at + 1;
  throw new Broken(at, "Invalid \\escape");
}

function skipped(json: string, form: RegExp, at: number): number {
  form.lastIndex = at;
  return form.test(json) ? form.lastIndex : at;
}

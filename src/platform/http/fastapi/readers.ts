/**
 * Values of requests as servers made with FastAPI read them (docs/fastapi.md): numbers also as text, true and false as
 * 1 and 0, whole numbers also as 90.0. Faults have the names, words and limits of that contract.
 */

/** Reads one value. */
export interface Reader<T> {
  read(input: unknown): Reading<T>;
  /** JSON Schema of what is read. */
  about: Record<string, unknown>;
}

export type Reading<T> = { value: T } | { faults: readonly Fault[] };

/** Why a value was not taken. */
export interface Fault {
  /** The contract's name of the fault, such as `float_parsing`. */
  type: string;
  message: string;
  ctx?: Record<string, unknown>;
  /** From the value that was read to the faulty one: names of alternatives, places in lists. */
  path: readonly (string | number)[];
  /** The faulty value. */
  input: unknown;
}

export interface Limits {
  least?: number;
  most?: number;
  above?: number;
  below?: number;
}

/** What the contract hides, so that no answer tells it again. */
const HIDDEN = "**********";
const MAX_NUMBER_TEXT = 64;
/** Most faulty entries of one list that are told. */
const MAX_FAULTS_PER_LIST = 10;

const FLOAT_TEXT = /^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER_TEXT = /^[+-]?\d+(_\d+)*(\.0+)?$/;
const NO_NUMBER_TEXT = /^[+-]?(inf|infinity|nan)$/i;
const WORDS = new Map<unknown, boolean>([
  ...[1, "1", "true", "t", "yes", "y", "on"].map((word) => [word, true] as const),
  ...[0, "0", "false", "f", "no", "n", "off"].map((word) => [word, false] as const),
]);

/** A finite number. The contract lets infinities in and then fails to answer; here they are refused by its own words. */
export function number(limits: Limits = {}): Reader<number> {
  return { read: (input) => bounded(readFloat(input), limits, input), about: { type: "number", ...bounds(limits) } };
}

/** A whole number that can be told exactly; 90.0 is one, 1.5 is not. */
export function integer(limits: Limits = {}): Reader<number> {
  function read(input: unknown): Reading<number> {
    const reading = bounded(readInteger(input), limits, input);
    if ("faults" in reading) return reading;
    // Whole numbers have no negative zero.
    return Number.isSafeInteger(reading.value) ? { value: reading.value + 0 } : tooLarge(input);
  }
  return { read, about: { type: "integer", ...bounds(limits) } };
}

/** true and false, also as 1, 0 and the usual words in any case. */
export function flag(): Reader<boolean> {
  function read(input: unknown): Reading<boolean> {
    if (typeof input === "boolean") return { value: input };
    const value = WORDS.get(typeof input === "string" ? input.toLowerCase() : input);
    if (value !== undefined) return { value };
    if (typeof input === "string" || Number.isSafeInteger(input)) {
      return refused(input, "bool_parsing", "Input should be a valid boolean, unable to interpret input");
    }
    return refused(input, "bool_type", "Input should be a valid boolean");
  }
  return { read, about: { type: "boolean" } };
}

/** A text, and nothing that could be turned into one; its length is told in characters. */
export function text({ shortest = 0, longest, pattern }: TextLimits): Reader<string> {
  function read(input: unknown): Reading<string> {
    if (typeof input !== "string") return refused(input, "string_type", "Input should be a valid string");
    if (!isInLength(input, 0, longest)) {
      const message = `String should have at most ${counted(longest, "character")}`;
      return refused(input, "string_too_long", message, { max_length: longest });
    }
    if (!isInLength(input, shortest, longest)) {
      const message = `String should have at least ${counted(shortest, "character")}`;
      return refused(input, "string_too_short", message, { min_length: shortest });
    }
    if (pattern === undefined || pattern.test(input)) return { value: input };
    const message = `String should match pattern '${pattern.source}'`;
    return refused(input, "string_pattern_mismatch", message, { pattern: pattern.source });
  }
  const about = { type: "string", ...(shortest > 0 && { minLength: shortest }), maxLength: longest };
  return { read, about: pattern === undefined ? about : { ...about, pattern: pattern.source } };
}

interface TextLimits {
  shortest?: number;
  longest: number;
  pattern?: RegExp;
}

/** One of a few texts. @param type the original's: `enum` where it names the texts by an enumeration */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  type: "literal_error" | "enum" = "literal_error",
): Reader<Word> {
  const quoted = words.map((word) => `'${word}'`);
  const expected = quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  function read(input: unknown): Reading<Word> {
    const value = words.find((word) => word === input);
    return value === undefined ? refused(input, type, `Input should be ${expected}`, { expected }) : { value };
  }
  return { read, about: { type: "string", enum: words } };
}

/** A JSON object whose members are anybody's. */
export function object(): Reader<Record<string, unknown>> {
  function read(input: unknown): Reading<Record<string, unknown>> {
    if (isObject(input)) return { value: input };
    return refused(input, "dict_type", "Input should be a valid dictionary");
  }
  return { read, about: { type: "object", additionalProperties: true } };
}

/** A list of what `entry` reads. */
export function list<T>(entry: Reader<T>, { least = 0, most }: { least?: number; most: number }): Reader<T[]> {
  function read(input: unknown): Reading<T[]> {
    if (!Array.isArray(input)) return refused(input, "list_type", "Input should be a valid list");
    const wrongLength = lengthFault(input, least, most);
    if (wrongLength !== undefined) return wrongLength;
    const values: T[] = new Array(input.length);
    const faults: Fault[] = [];
    for (let i = 0; i < input.length && faults.length < MAX_FAULTS_PER_LIST; i++) {
      const reading = entry.read(input[i]);
      if ("value" in reading) values[i] = reading.value;
      else faults.push(...reading.faults.map((fault) => ({ ...fault, path: [i, ...fault.path] })));
    }
    return faults.length === 0 ? { value: values } : { faults };
  }
  return { read, about: { type: "array", items: entry.about, ...(least > 0 && { minItems: least }), maxItems: most } };
}

/** What either reader takes. Faults tell of both, each under the name of its alternative, such as `list[float]`. */
export function either<A, B>(first: [name: string, reader: Reader<A>], second: [string, Reader<B>]): Reader<A | B> {
  function read(input: unknown): Reading<A | B> {
    const faults: Fault[] = [];
    for (const [name, reader] of [first, second]) {
      const reading = reader.read(input);
      if ("value" in reading) return reading;
      faults.push(...reading.faults.map((fault) => ({ ...fault, path: [name, ...fault.path] })));
    }
    return { faults };
  }
  return { read, about: { anyOf: [first[1].about, second[1].about] } };
}

/** What `reader` reads, or null. */
export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return {
    read: (input) => (input === null ? { value: null } : reader.read(input)),
    about: { anyOf: [reader.about, { type: "null" }] },
  };
}

/** What `reader` reads, worked on or refused by `next`, which gives the reason of a refusal. */
export function then<T, U>(reader: Reader<T>, next: (value: T) => { value: U } | { refusal: string }): Reader<U> {
  function read(input: unknown): Reading<U> {
    const reading = reader.read(input);
    if ("faults" in reading) return reading;
    const result = next(reading.value);
    return "value" in result ? result : refusedFor(input, result.refusal);
  }
  return { read, about: reader.about };
}

/** What `reader` reads, which no answer repeats: passwords, keys. */
export function secret<T>(reader: Reader<T>): Reader<T> {
  function read(input: unknown): Reading<T> {
    const reading = reader.read(input);
    if ("value" in reading) return reading;
    return { faults: reading.faults.map((fault) => ({ ...fault, input: HIDDEN })) };
  }
  return { read, about: { ...reader.about, format: "password", writeOnly: true } };
}

/** A fault of the value that was read. */
export function refused(input: unknown, type: string, message: string, ctx?: Record<string, unknown>) {
  const fault: Fault = { type, message, ...(ctx && { ctx }), path: [], input };
  return { faults: [fault] };
}

/** A value that its kind allows and the contract's rules do not. */
export function refusedFor(input: unknown, reason: string) {
  return refused(input, "value_error", `Value error, ${reason}`, { error: {} });
}

/** Whether it is a JSON object: neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function readFloat(input: unknown): Reading<number> {
  if (typeof input === "boolean") return { value: Number(input) };
  if (typeof input !== "number" && typeof input !== "string") {
    return refused(input, "float_type", "Input should be a valid number");
  }
  const value = typeof input === "number" ? input : numberIn(input, FLOAT_TEXT);
  if (value === undefined) {
    const message = "Input should be a valid number, unable to parse string as a number";
    return refused(input, "float_parsing", message);
  }
  return Number.isFinite(value) ? { value } : refused(input, "finite_number", "Input should be a finite number");
}

function readInteger(input: unknown): Reading<number> {
  if (typeof input === "boolean") return { value: Number(input) };
  if (typeof input === "string") {
    const value = numberIn(input, INTEGER_TEXT);
    const isNumber = value !== undefined && Number.isFinite(value);
    const message = "Input should be a valid integer, unable to parse string as an integer";
    return isNumber ? { value } : refused(input, "int_parsing", message);
  }
  if (typeof input !== "number") return refused(input, "int_type", "Input should be a valid integer");
  if (Math.abs(input) >= 2 ** 63 && Number.isFinite(input)) return tooLarge(input);
  if (Number.isInteger(input)) return { value: input };
  if (!Number.isFinite(input)) return refused(input, "finite_number", "Input should be a finite number");
  const message = "Input should be a valid integer, got a number with a fractional part";
  return refused(input, "int_from_float", message);
}

function tooLarge(input: unknown) {
  return refused(input, "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size");
}

/** The number of a text in this form; an infinity or NaN where the text names one. */
function numberIn(input: string, form: RegExp): number | undefined {
  const trimmed = input.length > MAX_NUMBER_TEXT ? "" : input.trim();
  if (NO_NUMBER_TEXT.test(trimmed)) return Number.NaN;
  return form.test(trimmed) ? Number(trimmed.replaceAll("_", "")) : undefined;
}

function bounded(reading: Reading<number>, limits: Limits, input: unknown): Reading<number> {
  if ("faults" in reading) return reading;
  const { value } = reading;
  const { least, most, above, below } = limits;
  // Lists of thousands come by here: nothing is made for a value that is taken.
  if (most !== undefined && value > most) return beyond(input, "less_than_equal", "less than or equal to", "le", most);
  if (least !== undefined && value < least) {
    return beyond(input, "greater_than_equal", "greater than or equal to", "ge", least);
  }
  if (below !== undefined && value >= below) return beyond(input, "less_than", "less than", "lt", below);
  if (above !== undefined && value <= above) return beyond(input, "greater_than", "greater than", "gt", above);
  return reading;
}

function beyond(input: unknown, type: string, than: string, key: string, limit: number) {
  return refused(input, type, `Input should be ${than} ${limit}`, { [key]: limit });
}

function bounds({ least, most, above, below }: Limits): Record<string, number> {
  return {
    ...(least !== undefined && { minimum: least }),
    ...(most !== undefined && { maximum: most }),
    ...(above !== undefined && { exclusiveMinimum: above }),
    ...(below !== undefined && { exclusiveMaximum: below }),
  };
}

function lengthFault(input: readonly unknown[], least: number, most: number) {
  const actual_length = input.length;
  const is = (limit: string) => `List should have at ${limit} after validation, not ${actual_length}`;
  const ctx = { field_type: "List", actual_length };
  if (actual_length < least) {
    return refused(input, "too_short", is(`least ${counted(least, "item")}`), { ...ctx, min_length: least });
  }
  if (actual_length <= most) return undefined;
  return refused(input, "too_long", is(`most ${counted(most, "item")}`), { ...ctx, max_length: most });
}

/** By characters, of which some take two places of a text. */
function isInLength(input: string, least: number, most: number): boolean {
  if (input.length > 2 * most) return false;
  if (input.length <= most && input.length >= 2 * least) return true;
  const { length } = [...input];
  return length >= least && length <= most;
}

function counted(count: number, thing: string): string {
  return count === 1 ? `1 ${thing}` : `${count} ${thing}s`;
}

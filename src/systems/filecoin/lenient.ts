/**
 * Numbers as the contract reads them: texts that are numbers count, true and false count as 1 and 0. What a fault says
 * is the contract's own wording; docs/filecoin.md, "Refused requests".
 */

/** Why a value was not taken. */
export interface Fault {
  /** The contract's name of the fault, such as `float_parsing`. */
  type: string;
  message: string;
  ctx?: Record<string, unknown>;
}

export type Reading<T> = { value: T } | { fault: Fault };
export type Reader<T> = (input: unknown) => Reading<T>;

/** Longest text that is read as a number. */
const MAX_NUMBER_TEXT = 64;
const FLOAT_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER_TEXT = /^[+-]?\d+(\.0*)?$/;

/** A finite number. */
export function readFloat(input: unknown): Reading<number> {
  if (typeof input === "boolean") return { value: Number(input) };
  if (typeof input !== "number" && typeof input !== "string") {
    return refused("float_type", "Input should be a valid number");
  }
  const value = typeof input === "number" ? input : numberIn(input, FLOAT_TEXT);
  if (value === undefined) {
    return refused("float_parsing", "Input should be a valid number, unable to parse string as a number");
  }
  return Number.isFinite(value) ? { value } : refused("finite_number", "Input should be a finite number");
}

/** A whole number from `least` to `most`. */
export function integerReader(least: number, most: number): Reader<number> {
  return (input) => {
    const reading = readInteger(input);
    if ("fault" in reading) return reading;
    if (reading.value < least) {
      return refused("greater_than_equal", `Input should be greater than or equal to ${least}`, { ge: least });
    }
    if (reading.value > most) {
      return refused("less_than_equal", `Input should be less than or equal to ${most}`, { le: most });
    }
    return reading;
  };
}

function readInteger(input: unknown): Reading<number> {
  if (typeof input === "boolean") return { value: Number(input) };
  if (typeof input === "string") {
    const value = numberIn(input, INTEGER_TEXT);
    if (value !== undefined) return { value };
    return refused("int_parsing", "Input should be a valid integer, unable to parse string as an integer");
  }
  if (typeof input !== "number") return refused("int_type", "Input should be a valid integer");
  if (Number.isInteger(input)) return { value: input };
  return refused("int_from_float", "Input should be a valid integer, got a number with a fractional part");
}

/** True or false, also as 1 and 0 and as texts. */
export function readBoolean(input: unknown): Reading<boolean> {
  if (input === true || input === 1 || input === "true") return { value: true };
  if (input === false || input === 0 || input === "false") return { value: false };
  return refused("bool_parsing", "Input should be a valid boolean");
}

/** One of a few texts. */
export function wordReader<const Word extends string>(words: readonly Word[]): Reader<Word> {
  const expected = words.map((word) => `'${word}'`).join(" or ");
  return (input) => {
    const value = words.find((word) => word === input);
    return value === undefined ? refused("literal_error", `Input should be ${expected}`, { expected }) : { value };
  };
}

export function refused(type: string, message: string, ctx?: Record<string, unknown>): { fault: Fault } {
  return { fault: ctx === undefined ? { type, message } : { type, message, ctx } };
}

function numberIn(text: string, form: RegExp): number | undefined {
  if (text.length > MAX_NUMBER_TEXT) return undefined;
  const trimmed = text.trim();
  return form.test(trimmed) ? Number(trimmed) : undefined;
}

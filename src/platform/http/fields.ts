import { z } from "zod";
import type { ErrorShape } from "./errorShape";
import type { InputPart } from "./input";

/**
 * Members of requests as contracts in the manner of FastAPI read them: numbers also as text, whole numbers also as
 * 90.0, and faults named by type (`missing`, `int_parsing`) with their limits.
 */
export type Field<T> = z.ZodType<T>;

/** What a fault carries for the body of the answer, as the `params` of its issue. */
interface FaultParams {
  type: string;
  ctx?: Record<string, unknown>;
}

interface Fault extends FaultParams {
  message: string;
}

/** Reads one value that is there. */
export interface Reader<T> {
  read(input: unknown): { value: T } | { fault: Fault };
  /** JSON Schema of what is read. */
  about: Record<string, unknown>;
}

interface Limits {
  least?: number;
  most?: number;
}

const LONGEST_NUMBER = 64;
const FLOAT_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER_TEXT = /^[+-]?\d+(\.0+)?$/;
const FLAGS = new Map<unknown, boolean>([
  ...["true", "1", "on", "yes", "t", "y"].map((word) => [word, true] as const),
  ...["false", "0", "off", "no", "f", "n"].map((word) => [word, false] as const),
]);

/** A finite number. */
export function number(limits: Limits = {}): Reader<number> {
  return { read: (input) => bounded(readFloat(input), limits), about: { type: "number", ...bounds(limits) } };
}

/** A whole number; 90.0 is one, 1.5 is not. */
export function integer(limits: Limits = {}): Reader<number> {
  return { read: (input) => bounded(readInteger(input), limits), about: { type: "integer", ...bounds(limits) } };
}

/** A text, and nothing that could be turned into one. */
export function text({ longest, pattern }: { longest: number; pattern?: RegExp }): Reader<string> {
  function read(input: unknown): { value: string } | { fault: Fault } {
    if (typeof input !== "string") return fault("string_type", "Input should be a valid string");
    if (input.length > longest) {
      const message = `String should have at most ${longest} characters`;
      return fault("string_too_long", message, { max_length: longest });
    }
    if (pattern === undefined || pattern.test(input)) return { value: input };
    const message = `String should match pattern '${pattern.source}'`;
    return fault("string_pattern_mismatch", message, { pattern: pattern.source });
  }
  const about = { type: "string", maxLength: longest };
  return { read, about: pattern === undefined ? about : { ...about, pattern: pattern.source } };
}

/** true and false, also as the usual words in any case. */
export function flag(): Reader<boolean> {
  function read(input: unknown): { value: boolean } | { fault: Fault } {
    if (typeof input === "boolean") return { value: input };
    const value = FLAGS.get(String(input).toLowerCase());
    return value === undefined ? fault("bool_parsing", "Input should be a valid boolean") : { value };
  }
  return { read, about: { type: "boolean" } };
}

/** A JSON object whose members are anybody's. */
export function object(): Reader<Record<string, unknown>> {
  function read(input: unknown): { value: Record<string, unknown> } | { fault: Fault } {
    if (isObject(input)) return { value: input };
    return fault("dict_type", "Input should be a valid dictionary");
  }
  return { read, about: { type: "object", additionalProperties: true } };
}

/** What `reader` reads, or null. */
export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return {
    read: (input) => (input === null ? { value: null } : reader.read(input)),
    about: { anyOf: [reader.about, { type: "null" }] },
  };
}

/** A member that must be there. */
export function required<T>(reader: Reader<T>, description: string): Field<T> {
  return z
    .unknown()
    .transform((input, context): T => {
      if (input === undefined) return refuse(context, input, { type: "missing", message: "Field required" });
      const result = reader.read(input);
      return "value" in result ? result.value : refuse(context, input, result.fault);
    })
    .meta({ ...reader.about, description });
}

/** A member that may be left out; it then is `standard`, or undefined. */
export function optional<T>(reader: Reader<T>, standard: T, description: string): Field<T>;
export function optional<T>(reader: Reader<T>, standard: undefined, description: string): Field<T | undefined>;
export function optional<T>(reader: Reader<T>, standard: T | undefined, description: string): Field<T | undefined> {
  const field = z
    .unknown()
    .transform((input, context): T => {
      const result = reader.read(input);
      return "value" in result ? result.value : refuse(context, input, result.fault);
    })
    .meta({ ...reader.about, description });
  return (standard === undefined ? field.optional() : field.prefault(standard)) as Field<T | undefined>;
}

/** Errors as `{"detail": text}`, faults of members as `{"detail": [{type, loc, msg, input, ctx?}]}` with 422. */
export const fieldShape: ErrorShape = {
  refused: (error) => ({ detail: error.detail }),
  invalid(error) {
    if (!("issues" in error)) {
      return {
        status: 422,
        body: { detail: [{ type: "json_invalid", loc: ["body", 0], msg: error.message, input: {} }] },
      };
    }
    return { status: 422, body: { detail: error.issues.map((issue) => told(issue, error.part, error.input)) } };
  },
  failed: (id) => ({ detail: `Internal error ${id}; the log has the rest.` }),
};

/** The description of a 200 for the API document. */
export function jsonAnswer(schema: z.ZodType, description: string) {
  const { $schema: _dialect, ...jsonSchema } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return { 200: { description, content: { "application/json": { schema: jsonSchema as never } } } };
}

const LONGEST_ECHO = 256;

function told(issue: z.core.$ZodIssue, part: InputPart, input: unknown): Record<string, unknown> {
  const params = (issue.code === "custom" ? issue.params : undefined) as FaultParams | undefined;
  const path = issue.path.map(String);
  const whole = path.length === 0 && !isObject(input);
  const type = params?.type ?? (whole ? (input === undefined ? "missing" : "dict_type") : issue.code);
  return {
    type,
    loc: [part, ...path],
    msg: issue.message,
    input: echoed(type === "missing" ? input : path.reduce<unknown>(memberOf, input)),
    ...(params?.ctx && { ctx: params.ctx }),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** What came, unless it is large. */
function echoed(input: unknown): unknown {
  const json = JSON.stringify(input);
  return json === undefined || json.length > LONGEST_ECHO ? null : input;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function fault(type: string, message: string, ctx?: Record<string, unknown>): { fault: Fault } {
  return { fault: { type, message, ...(ctx && { ctx }) } };
}

function refuse(context: z.core.$RefinementCtx, input: unknown, { message, ...params }: Fault): never {
  context.addIssue({ code: "custom", input, message, params });
  return z.NEVER;
}

type Read = { value: number } | { fault: Fault };

function readFloat(input: unknown): Read {
  if (typeof input === "boolean") return { value: Number(input) };
  if (typeof input !== "number" && typeof input !== "string") {
    return fault("float_type", "Input should be a valid number");
  }
  const value = typeof input === "number" ? input : numberIn(input, FLOAT_TEXT);
  if (value === undefined) return fault("float_parsing", "Input should be a valid number, unable to parse string");
  return Number.isFinite(value) ? { value } : fault("finite_number", "Input should be a finite number");
}

function readInteger(input: unknown): Read {
  if (typeof input === "boolean") return { value: Number(input) };
  if (typeof input === "string") {
    const value = numberIn(input, INTEGER_TEXT);
    return value === undefined
      ? fault("int_parsing", "Input should be a valid integer, unable to parse string")
      : { value };
  }
  if (typeof input !== "number") return fault("int_type", "Input should be a valid integer");
  if (Number.isInteger(input)) return { value: input };
  if (!Number.isFinite(input)) return fault("finite_number", "Input should be a finite number");
  return fault("int_from_float", "Input should be a valid integer, got a number with a fractional part");
}

function numberIn(input: string, form: RegExp): number | undefined {
  const trimmed = input.length > LONGEST_NUMBER ? "" : input.trim();
  return form.test(trimmed) ? Number(trimmed) : undefined;
}

function bounded(result: Read, { least = -Infinity, most = Infinity }: Limits): Read {
  if ("fault" in result) return result;
  if (result.value < least) {
    return fault("greater_than_equal", `Input should be greater than or equal to ${least}`, { ge: least });
  }
  if (result.value > most)
    return fault("less_than_equal", `Input should be less than or equal to ${most}`, { le: most });
  return result;
}

function bounds({ least, most }: Limits): Record<string, number> {
  return { ...(least !== undefined && { minimum: least }), ...(most !== undefined && { maximum: most }) };
}

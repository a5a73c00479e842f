/** The part of JSON Schema (2020-12) that {@link Form} draws: what zod writes for the schemas of our requests. */
export interface JsonSchema {
  type?: SchemaType | readonly SchemaType[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: readonly (string | number)[];
  const?: unknown;
  anyOf?: readonly JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  format?: string;
  /** Ours: the unit that is shown behind the field. */
  "x-unit"?: string;
}

type SchemaType = "object" | "array" | "string" | "number" | "integer" | "boolean" | "null";

/** How one field is drawn; what has no field of its own is typed as JSON. A list is typed as its items, set apart by commas, blanks or lines. */
export type FieldKind = "choice" | "toggle" | "number" | "text" | "long-text" | "date" | "list" | "group" | "json";

/** What was typed, as a value of the schema, or a sentence on what is wrong with it. */
export type Reading = { value: unknown } | { fault: string };

/** Text longer than this gets a field of several lines. */
const LONG_TEXT_FROM = 200;

/** The schema without the alternative `null`, by which an optional member is written. */
export function presentSchema(schema: JsonSchema): JsonSchema {
  const present = schema.anyOf?.filter(({ type }) => type !== "null");
  if (present === undefined || present.length === 0) return schema;
  // Of a number or a list of numbers the list is drawn: one number is a list of one.
  const drawn = present.find(({ type }) => type === "array") ?? present[0]!;
  const { anyOf: _, ...own } = schema;
  return { ...drawn, ...own };
}

export function fieldKind(schema: JsonSchema): FieldKind {
  if (schema.enum !== undefined) return "choice";
  if (schema.type === "boolean") return "toggle";
  if (schema.type === "number" || schema.type === "integer") return "number";
  if (schema.type === "array") return isPlain(schema.items) ? "list" : "json";
  if (schema.type === "object") return schema.properties === undefined ? "json" : "group";
  if (schema.type !== "string") return "json";
  if (schema.format === "date") return "date";
  return (schema.maxLength ?? 0) >= LONG_TEXT_FROM ? "long-text" : "text";
}

/** Whether a value of that schema is one word of a list. */
function isPlain(schema: JsonSchema = {}): boolean {
  return schema.enum !== undefined || ["string", "number", "integer"].includes(schema.type as string);
}

/** Reads what was typed into a field. An empty field is an absent member: fine unless it is required. */
export function readTyped(schema: JsonSchema, text: string, required: boolean): Reading {
  if (text.trim() === "") return required ? { fault: "Expected a value" } : { value: undefined };
  const kind = fieldKind(schema);
  if (kind === "number") return readNumber(schema, text);
  if (kind === "list") return readList(schema, text);
  if (kind === "json") return readJsonText(text);
  if (kind === "choice") return { value: schema.enum?.find((choice) => String(choice) === text) ?? text };
  return readText(schema, text);
}

/** The text that stands for a value, so that reading it gives the value again. */
export function writeTyped(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return String(value);
  const isListOfWords = Array.isArray(value) && value.every((item) => typeof item !== "object");
  return isListOfWords ? value.join(", ") : JSON.stringify(value, null, 2);
}

/** The value that a form of this schema begins with: every default that the schema states. */
export function initialValue(schema: JsonSchema): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const drawn = presentSchema(member);
    if (member.default !== undefined && member.default !== null) value[name] = member.default;
    else if (fieldKind(drawn) === "group") value[name] = initialValue(drawn);
    else if (drawn.type === "boolean" && schema.required?.includes(name)) value[name] = false;
  }
  return value;
}

function readNumber(schema: JsonSchema, text: string): Reading {
  const value = Number(text);
  if (!Number.isFinite(value)) return { fault: `Expected a number, got ${text.trim()}` };
  if (schema.type === "integer" && !Number.isInteger(value)) return { fault: `Expected a whole number, got ${value}` };
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum, exclusiveMaximum } = schema;
  if (value < minimum) return { fault: `Expected ${minimum} or more, got ${value}` };
  if (value > maximum) return { fault: `Expected ${maximum} or less, got ${value}` };
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
    return { fault: `Expected more than ${exclusiveMinimum}, got ${value}` };
  }
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) {
    return { fault: `Expected less than ${exclusiveMaximum}, got ${value}` };
  }
  return { value };
}

function readList(schema: JsonSchema, text: string): Reading {
  const items = text.split(/[\s,;]+/).filter(Boolean);
  if (items.length > (schema.maxItems ?? Infinity)) {
    return { fault: `Expected at most ${schema.maxItems} items, got ${items.length}` };
  }
  const values: unknown[] = [];
  for (const [at, item] of items.entries()) {
    const reading = readTyped(schema.items ?? {}, item, true);
    if ("fault" in reading) return { fault: `Item ${at + 1}: ${reading.fault}` };
    values.push(reading.value);
  }
  return { value: values };
}

function readText(schema: JsonSchema, text: string): Reading {
  const { minLength = 0, maxLength = Infinity } = schema;
  if (text.length < minLength) return { fault: `Expected at least ${minLength} characters, got ${text.length}` };
  if (text.length > maxLength) return { fault: `Expected at most ${maxLength} characters, got ${text.length}` };
  return { value: text };
}

function readJsonText(text: string): Reading {
  try {
    return { value: JSON.parse(text) };
  } catch (thrown) {
    return { fault: `Expected JSON: ${(thrown as Error).message}` };
  }
}

import { z } from "zod";
import { RequestError } from "../errors";
import { isDeeperThan, JSON_LEVELS } from "../jsonDepth";

/** The part of a request in which a fault was found. */
export type InputPart = "body" | "query" | "path" | "header";

/** A request whose members are not as they must be; each error shape tells it in its contract's own words. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
  readonly part: InputPart;
  readonly issues: readonly z.core.$ZodIssue[];
  /** What came; shapes must not echo it unbounded or unmasked. */
  readonly input: unknown;

  constructor(part: InputPart, issues: readonly z.core.$ZodIssue[], input: unknown) {
    super(`invalid ${part}`);
    this.part = part;
    this.issues = issues;
    this.input = input;
  }
}

/** A body that is not JSON, or nested too deeply; where it breaks, as the parser says it. */
export class MalformedJson extends Error {
  override readonly name = "MalformedJson";
}

/** The value by its schema. @throws InvalidInput with every issue found. */
export function valid<Schema extends z.ZodType>(schema: Schema, value: unknown, part: InputPart): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(part, parsed.error.issues, value);
}

/**
 * The JSON value of a request's body, whatever content type it claims; undefined for an empty body.
 * @throws RequestError 413 beyond `limitBytes`; MalformedJson.
 */
export async function readJson(request: Request, limitBytes: number): Promise<unknown> {
  const body = await readText(request, limitBytes);
  if (body === "") return undefined;
  if (isDeeperThan(JSON_LEVELS, body)) throw new MalformedJson(`JSON nested deeper than ${JSON_LEVELS} levels`);
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new MalformedJson(error instanceof Error ? error.message : "not JSON");
  }
}

async function readText(request: Request, limitBytes: number): Promise<string> {
  const declared = request.headers.get("content-length");
  if (declared !== null) {
    if (Number(declared) > limitBytes) throw tooLarge(limitBytes);
    return request.text();
  }
  if (request.body === null) return "";
  const decoder = new TextDecoder();
  let received = 0;
  let text = "";
  for await (const chunk of request.body) {
    received += chunk.byteLength;
    if (received > limitBytes) throw tooLarge(limitBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function tooLarge(limitBytes: number): RequestError {
  return new RequestError(413, `The body is larger than ${limitBytes} bytes (MAX_BODY_BYTES). Send less.`);
}

/** The description of a JSON body for the API document. */
export function jsonBody(schema: z.ZodType, examples: Record<string, { summary?: string; value: unknown }> = {}) {
  const description = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  // The dialect's address belongs to whole documents, not to a part of one.
  const { $schema: _dialect, ...jsonSchema } = description;
  return { required: true, content: { "application/json": { schema: jsonSchema as never, examples } } };
}

/** The description of a query for the API document. */
export function queryParameters(schema: z.ZodObject) {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: "query" as const,
    required: required.includes(name),
    schema: property as never,
  }));
}

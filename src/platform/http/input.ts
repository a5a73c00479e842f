import type { z } from "zod";
import { messageOf, RequestError } from "../errors";
import { JSON_LEVELS, tooDeepAt } from "../jsonDepth";
import { jsonFaultIn } from "./jsonSyntax";

/** The part of a request in which a fault was found. */
export type InputPart = "body" | "query" | "path" | "header";

/** A request whose members are not as they must be; each error shape tells it in its contract's own words. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
  readonly part: InputPart;
  readonly issues: readonly z.core.$ZodIssue[];
  /** What came; shapes must not echo it unbounded or unmasked. */
  readonly input: unknown;
  /** What was expected. */
  readonly schema: z.ZodType;

  constructor(part: InputPart, issues: readonly z.core.$ZodIssue[], input: unknown, schema: z.ZodType) {
    super(`invalid ${part}`);
    this.part = part;
    this.issues = issues;
    this.input = input;
    this.schema = schema;
  }
}

/** A body that is not JSON, or nested too deeply: what was expected, and after how many characters. */
export class MalformedJson extends Error {
  override readonly name = "MalformedJson";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The value by its schema. @throws InvalidInput with every issue found. */
export function valid<Schema extends z.ZodType>(schema: Schema, value: unknown, part: InputPart): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(part, parsed.error.issues, value, schema);
}

/**
 * The JSON value of a request's body, whatever content type it claims; undefined for an empty body.
 * @throws RequestError 413 beyond `limitBytes`; MalformedJson.
 */
export async function readJson(request: Request, limitBytes: number): Promise<unknown> {
  const body = await readText(request, limitBytes);
  return body === "" ? undefined : jsonIn(body);
}

/** What `JSON.parse` tells of each member: with the text of a number, a string, true, false or null. */
type Reviver = (this: object, name: string, member: unknown, context: { source?: string }) => unknown;

/** The value of a JSON text. @throws MalformedJson */
export function jsonIn(text: string, reviver?: Reviver): unknown {
  const tooDeep = tooDeepAt(JSON_LEVELS, text);
  if (tooDeep !== undefined) throw new MalformedJson(`JSON nested deeper than ${JSON_LEVELS} levels`, tooDeep);
  try {
    return JSON.parse(text, reviver as Parameters<typeof JSON.parse>[1]);
  } catch (error) {
    const { message, offset } = jsonFaultIn(text) ?? { message: messageOf(error), offset: 0 };
    throw new MalformedJson(message, offset);
  }
}

/**
 * The fields of a request's form, of repeated ones the last; none where the body is no form, as its content type says.
 * @throws RequestError 413 beyond `limitBytes`.
 */
export async function readForm(request: Request, limitBytes: number): Promise<Record<string, string | File>> {
  const type = request.headers.get("content-type") ?? "";
  const bytes = await readBytes(request, limitBytes);
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) return {};
  try {
    const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
    return Object.fromEntries(form);
  } catch {
    throw new RequestError(400, "The body is not the form that its content type promises.");
  }
}

/** The text of a body. @throws RequestError 413 beyond `limitBytes`. */
export async function readText(request: Request, limitBytes: number): Promise<string> {
  return isDeclared(request, limitBytes)
    ? request.text()
    : new TextDecoder().decode(await readChunks(request, limitBytes));
}

/** The bytes of a body. @param setting names the limit @throws RequestError 413 beyond `limitBytes`. */
export async function readBytes(
  request: Request,
  limitBytes: number,
  setting = "MAX_BODY_BYTES",
): Promise<Uint8Array<ArrayBuffer>> {
  return isDeclared(request, limitBytes, setting)
    ? new Uint8Array(await request.arrayBuffer())
    : readChunks(request, limitBytes, setting);
}

/** Whether the request says how long its body is. @throws RequestError 413 where that is too long. */
function isDeclared(request: Request, limitBytes: number, setting?: string): boolean {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > limitBytes) throw tooLarge(limitBytes, setting);
  return declared !== null;
}

async function readChunks(request: Request, limitBytes: number, setting?: string): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of request.body ?? []) {
    received += chunk.byteLength;
    if (received > limitBytes) throw tooLarge(limitBytes, setting);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limitBytes: number, setting = "MAX_BODY_BYTES"): RequestError {
  return new RequestError(413, `The body is larger than ${limitBytes} bytes (${setting}). Send less.`);
}

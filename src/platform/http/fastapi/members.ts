import { z } from "zod";
import { type Fault, type Reader, refusedFor } from "./readers";

/** A member of a request, as a part of a zod object. */
export type Member<T> = z.ZodType<T>;

/** What an issue of these members carries for the body of the answer, as its `params`. */
export interface FaultParams {
  type: string;
  ctx?: Record<string, unknown>;
  input: unknown;
}

/** The members that are read of a body that may hold any, as FastAPI's dictionaries are. */
export function dictionary<Shape extends z.ZodRawShape>(members: Shape) {
  return z.object(members).meta({ additionalProperties: true });
}

/** A member that must be there. */
export function required<T>(reader: Reader<T>, description: string): Member<T> {
  return z
    .unknown()
    .transform((input, context): T => {
      if (input !== undefined) return readOrTell(reader, input, context);
      tell(context, { type: "missing", message: "Field required", path: [], input });
      return z.NEVER;
    })
    .meta({ ...reader.about, description });
}

/** A member that may be left out; it then is `standard`, or undefined. */
export function optional<T>(reader: Reader<T>, standard: T, description: string): Member<T>;
export function optional<T>(reader: Reader<T>, standard: undefined, description: string): Member<T | undefined>;
export function optional<T>(reader: Reader<T>, standard: T | undefined, description: string): Member<T | undefined> {
  const member = z
    .unknown()
    .transform((input, context): T => readOrTell(reader, input, context))
    .meta({ ...reader.about, description });
  return (standard === undefined ? member.optional() : member.prefault(standard)) as Member<T | undefined>;
}

/** A member that may be left out or null, which is the same to those who read it: undefined. */
export function nullish<T>(reader: Reader<T>, description: string) {
  return z
    .unknown()
    .transform((input, context): T | undefined => (input == null ? undefined : readOrTell(reader, input, context)))
    .meta({ ...reader.about, description })
    .optional();
}

/**
 * Refuses a member of an object that has been read, for what another member says.
 * @param path from the object to the member
 */
export function refuse(
  context: z.core.$RefinementCtx,
  input: unknown,
  reason: string,
  path: (string | number)[],
): void {
  for (const fault of refusedFor(input, reason).faults) tell(context, { ...fault, path });
}

function readOrTell<T>(reader: Reader<T>, input: unknown, context: z.core.$RefinementCtx): T {
  const reading = reader.read(input);
  if ("value" in reading) return reading.value;
  for (const fault of reading.faults) tell(context, fault);
  return z.NEVER;
}

function tell(context: z.core.$RefinementCtx, { type, message, ctx, path, input }: Fault): void {
  const params: FaultParams = { type, input, ...(ctx && { ctx }) };
  context.addIssue({ code: "custom", message, path: [...path], input, params: { ...params }, continue: false });
}

/** The members of a schema that are secrets, by name; for an object, also one that is checked or worked on further. */
export function secretNames(schema: z.core.$ZodType): ReadonlySet<string> {
  if (schema instanceof z.ZodPipe) return secretNames(schema.in);
  if (!(schema instanceof z.ZodObject)) return new Set();
  const members = Object.entries(schema.shape as Record<string, z.ZodType>);
  return new Set(members.filter(([, member]) => isSecret(member)).map(([name]) => name));
}

function isSecret(member: z.core.$ZodType): boolean {
  if (member instanceof z.ZodOptional || member instanceof z.ZodPrefault || member instanceof z.ZodDefault) {
    return isSecret(member.unwrap());
  }
  return member instanceof z.ZodType && member.meta()?.["writeOnly"] === true;
}

import { z } from "zod";

/** The description of a 200 for the API document. */
export function jsonAnswer(schema: z.ZodType, description: string) {
  const { $schema: _dialect, ...jsonSchema } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return { 200: { description, content: { "application/json": { schema: jsonSchema as never } } } };
}

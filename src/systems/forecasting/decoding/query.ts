import type { z } from "zod";
import { RequestError } from "../../../platform/errors";

/**
 * The options that a model takes out of those that came.
 * @throws RequestError 422 that names the option, what was expected and what came.
 */
export function parsedOptions<Schema extends z.ZodType>(schema: Schema, options: unknown): z.infer<Schema> {
  const result = schema.safeParse(options ?? {});
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => {
    const named = path.filter((part) => typeof part !== "symbol");
    return { path: ["options", ...named], expected: message, got: shown(options, named) };
  });
  throw new RequestError(422, faults.map(({ path, expected }) => `${path.join(".")}: ${expected}`).join("; "), {
    faults,
  });
}

function shown(options: unknown, path: readonly (string | number)[]): string {
  const value = path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key],
    options,
  );
  return (JSON.stringify(value) ?? "nothing").slice(0, 100);
}

/**
 * The points of a window: what was asked for, in whole patches, else as many as the model can look at.
 * @throws RequestError 422 when the model cannot look at so many.
 */
export function contextIn(
  asked: number | undefined,
  { patch, maxContext }: { patch: number; maxContext: number },
): number {
  if (asked === undefined) return Math.ceil(maxContext / patch) * patch;
  if (asked >= 1 && asked <= maxContext) return Math.ceil(asked / patch) * patch;
  throw new RequestError(422, `The context has 1 to ${maxContext} points for this model; got ${asked}.`, {
    faults: [{ path: ["context_length"], expected: `1 to ${maxContext}`, got: String(asked) }],
  });
}

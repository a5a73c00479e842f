import { z } from "zod";

/** Points of one series at most. */
export const MAX_POINTS = 1_000_000;

const WORDS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

const about = {
  type: "array",
  items: { anyOf: [{ type: "number" }, { type: "null" }, { type: "string", enum: Object.keys(WORDS) }] },
  minItems: 1,
  maxItems: MAX_POINTS,
};

/** A list of numbers, given as one array of them; null and "NaN" are missing values. Read without a schema for each entry. */
export function numbersMember(description: string, examples: readonly (number | null)[] = [112, 118, null, 129]) {
  return z
    .unknown()
    .transform((input, context) => {
      const faulty = (expected: string, path: number[] = []) => {
        context.addIssue({ code: "custom", message: `expected ${expected}`, path, input });
        return z.NEVER;
      };
      if (!Array.isArray(input)) return faulty("a list of numbers");
      if (input.length < 1 || input.length > MAX_POINTS)
        return faulty(`1 to ${MAX_POINTS} values, got ${input.length}`);
      const values = new Float64Array(input.length);
      for (let index = 0; index < input.length; index++) {
        const value = numberOf(input[index]);
        if (value === undefined) return faulty('a number, null, "NaN", "Infinity" or "-Infinity"', [index]);
        values[index] = value;
      }
      return values;
    })
    .meta({ ...about, description, examples: [examples] });
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (value === null) return Number.NaN;
  return typeof value === "string" && Object.hasOwn(WORDS, value) ? WORDS[value] : undefined;
}

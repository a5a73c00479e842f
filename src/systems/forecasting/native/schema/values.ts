import { z } from "zod";

/** Points of one series at most. */
const MAX_POINTS = 1_000_000;

const WORDS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

const items = { anyOf: [{ type: "number" }, { type: "null" }, { type: "string", enum: Object.keys(WORDS) }] };

/** A list of numbers, given as one array of them; null and "NaN" are missing values. Read without a schema for each entry. */
export function numbersMember(description: string, most = MAX_POINTS) {
  return z
    .unknown()
    .transform((input, context) => {
      const faulty = (expected: string, path: number[] = []) => {
        context.addIssue({ code: "custom", message: `expected ${expected}`, path, input });
        return z.NEVER;
      };
      if (!Array.isArray(input)) return faulty("a list of numbers");
      if (input.length < 1 || input.length > most) return faulty(`1 to ${most} values, got ${input.length}`);
      const values = new Float64Array(input.length);
      for (let index = 0; index < input.length; index++) {
        const value = numberOf(input[index]);
        if (value === undefined) return faulty('a number, null, "NaN", "Infinity" or "-Infinity"', [index]);
        values[index] = value;
      }
      return values;
    })
    .meta({ type: "array", items, minItems: 1, maxItems: most, description, examples: [[112, 118, null, 129]] });
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (value === null) return Number.NaN;
  return typeof value === "string" && Object.hasOwn(WORDS, value) ? WORDS[value] : undefined;
}

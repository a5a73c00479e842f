import { RequestError } from "../../../platform/errors";
import type { ModelTraits } from "../model";

export const DEFAULT_LEVELS = [0.1, 0.5, 0.9];

/** Levels closer than this are one level: 0.1 + 0.2 stands for 0.3. */
const SAME_LEVEL = 1e-9;

/** How the quantile of one level is made of what a model gives. */
export type LevelRecipe =
  | { kind: "head"; place: number }
  /** On the line between two heads. */
  | { kind: "between"; low: number; high: number; weight: number }
  /** Of the model's past errors. */
  | { kind: "conformal" };

export interface LevelPlan {
  /** What the model is asked for. */
  asked: number[];
  /** For each level of the request. */
  recipes: LevelRecipe[];
  /** Levels between heads, and levels beyond them. */
  between: number[];
  conformal: number[];
}

/** The levels of a request in the form in which they are told, each once: 0.30000000000000004 is 0.3. */
export function toldLevels(levels: readonly number[] = DEFAULT_LEVELS): number[] {
  return [...new Set(levels.map((level) => Number(level.toFixed(9))))];
}

/**
 * How each level is had from a model; docs/forecasting.md, "Options".
 * @throws RequestError 422 for a level beyond the model's own, unless its past errors may stand for it
 */
export function planLevels(
  levels: readonly number[],
  { levels: heads, title }: Pick<ModelTraits, "levels" | "title">,
  calibrate: boolean,
): LevelPlan {
  if (heads === "any") {
    return {
      asked: [...levels],
      recipes: levels.map((_, place) => ({ kind: "head", place })),
      between: [],
      conformal: [],
    };
  }
  const [between, conformal]: [number[], number[]] = [[], []];
  const recipes = levels.map((level): LevelRecipe => {
    const place = heads.findIndex((head) => Math.abs(head - level) < SAME_LEVEL);
    if (place >= 0) return { kind: "head", place };
    const high = heads.findIndex((head) => head > level);
    if (high > 0) {
      between.push(level);
      return {
        kind: "between",
        low: high - 1,
        high,
        weight: (level - heads[high - 1]!) / (heads[high]! - heads[high - 1]!),
      };
    }
    if (!calibrate) throw beyond(level, heads, title);
    conformal.push(level);
    return { kind: "conformal" };
  });
  return { asked: [...heads], recipes, between, conformal };
}

function beyond(level: number, heads: readonly number[], title: string): RequestError {
  const has = `${heads[0]} to ${heads.at(-1)}`;
  return new RequestError(
    422,
    `quantiles: ${title} has no quantile at ${level}; it has ${has}. Ask for one of these, or set options.calibrate, which makes it of past errors.`,
    { faults: [{ path: ["quantiles"], expected: `levels from ${has}`, got: String(level) }] },
  );
}

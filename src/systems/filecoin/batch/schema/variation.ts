import { z } from "zod";
import { MAX_SECTOR_DAYS } from "../../schema/bounds";

/** How the inputs of many runs vary: over axes and ranges, or as they are drawn. */

/** The inputs of a scenario that many runs can vary, by the contract's names. */
export const INPUT_NAMES = ["rbp", "rr", "fpr", "lock_target", "sector_duration_days"] as const;
export type InputName = (typeof INPUT_NAMES)[number];

/** Most values of one axis. */
const MAX_AXIS_VALUES = 1000;

/** The ends of an input, or its values; a grid has `steps` values from end to end. */
export const axis = z
  .strictObject({
    low: z.number().optional(),
    high: z.number().optional(),
    steps: z.int().min(2).max(MAX_AXIS_VALUES).default(5),
    values: z.array(z.number()).min(1).max(MAX_AXIS_VALUES).optional(),
  })
  .superRefine(({ low, high, values }, context) => {
    const ends = [low, high].filter((end) => end !== undefined).length;
    if (values !== undefined ? ends === 0 : ends === 2 && low! < high!) return;
    context.addIssue({
      code: "custom",
      message: "expected low and high with low below high, or values",
      input: values,
    });
  });

export const range = z
  .strictObject({ low: z.number(), high: z.number() })
  .refine(({ low, high }) => low < high, "expected low below high");

export const days = z.number().min(1).max(MAX_SECTOR_DAYS);

/** One thing for each input that can be varied; at least one of them. */
export function perInput<Shape extends z.ZodType>(shape: Shape, about: string) {
  const each = { rbp: shape, rr: shape, fpr: shape, lock_target: shape, sector_duration_days: shape };
  return z.strictObject(each).partial().describe(about);
}

/** The life of a sector within its limits, where it is varied. */
export function checkLives(
  { axes }: { axes: { sector_duration_days?: z.output<typeof axis> | undefined } },
  context: z.core.$RefinementCtx,
): void {
  const { low, high, values = [] } = axes.sector_duration_days ?? {};
  const unfit = [low, high, ...values].find((life) => life !== undefined && !days.safeParse(life).success);
  if (unfit === undefined) return;
  const message = `expected 1 to ${MAX_SECTOR_DAYS} days`;
  context.addIssue({ code: "custom", message, input: unfit, path: ["axes", "sector_duration_days"] });
}

const distribution = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("uniform"), low: z.number(), high: z.number() }),
  z.strictObject({ kind: z.literal("triangular"), low: z.number(), mode: z.number(), high: z.number() }),
  z.strictObject({ kind: z.literal("normal"), mean: z.number(), sd: z.number().min(0) }),
  z.strictObject({ kind: z.literal("lognormal"), median: z.number().positive(), log_sd: z.number().min(0).max(10) }),
  z.strictObject({ kind: z.literal("values"), values: z.array(z.number()).min(1).max(MAX_AXIS_VALUES) }),
]);

export const inOrder = distribution.refine(
  (given) =>
    (given.kind !== "uniform" || given.low <= given.high) &&
    (given.kind !== "triangular" || (given.low <= given.mode && given.mode <= given.high && given.low < given.high)),
  "expected low, mode and high in order",
);

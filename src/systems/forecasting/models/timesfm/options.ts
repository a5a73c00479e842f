import { z } from "zod";
import type { FlatSpread } from "./tokens";

/** The options of TimesFM 1.0 and 2.0 by the names that its package has for them. */
export const timesfmOptionsSchema = z.object({
  /** Points of the window that the network sees; rounded up to whole patches. */
  context_len: z.number().int().min(1).max(1_000_000).optional(),
  /** Points of the series that are looked at; the window may be longer. */
  forecast_context_len: z.number().int().min(1).max(1_000_000).nullish(),
  point_forecast_mode: z.enum(["median", "mean"]).default("median"),
  /** Whether the series is brought to mean 0 and spread 1 before. */
  normalize: z.boolean().default(false),
  /** Points of the moving average that is forecast apart from the remainder. */
  window_size: z.number().int().min(1).max(100_000).nullish(),
  /** Cuts a forecast at 0 where the series has nothing below 0. */
  truncate_negative: z.boolean().default(false),
  /** `1.3.0` counts a flat first patch's spread as 1. */
  release: z.enum(["1.3.0", "newest"]).default("newest"),
  fix_quantile_crossing: z.boolean().default(true),
});

export type TimesfmOptions = z.infer<typeof timesfmOptionsSchema>;

export function flatSpreadOf({ release }: TimesfmOptions): FlatSpread {
  return release === "1.3.0" ? "one" : "tolerance";
}

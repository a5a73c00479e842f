import { z } from "zod";

const points = z.number().int().min(1).max(1_000_000);

/** The options of TimesFM 2.5; `forecast_config` has the names that its package has for them. */
export const timesfm25OptionsSchema = z.object({
  context_len: points.optional(),
  fix_quantile_crossing: z.boolean().default(true),
  forecast_config: z
    .object({
      /** Points that are looked at, rounded up to whole patches; 0 leaves it to the model. */
      max_context: z.number().int().min(0).max(1_000_000).default(0),
      /** Brings the window to mean 0 and spread 1 before. */
      normalize_inputs: z.boolean().default(true),
      /** Takes the quantiles from the head of spreads, which sees all steps at once; where absent, when it reaches. */
      use_continuous_quantile_head: z.boolean().optional(),
      /** Averages with the forecast of the negative series. */
      force_flip_invariance: z.boolean().default(true),
      /** Cuts a forecast at 0 where the window has nothing below 0. */
      infer_is_positive: z.boolean().default(true),
      /** Repairs crossing quantiles in the model's own output too. */
      fix_quantile_crossing: z.boolean().default(true),
    })
    .default({
      max_context: 0,
      normalize_inputs: true,
      force_flip_invariance: true,
      infer_is_positive: true,
      fix_quantile_crossing: true,
    }),
});

export type Timesfm25Options = z.infer<typeof timesfm25OptionsSchema>;

import { z } from "zod";
import { OUTPUT_NAMES } from "../schema/series";

const share = z.number().nullable();

const score = z
  .strictObject({
    series: z.enum(OUTPUT_NAMES),
    truth: z
      .enum(["measured", "reconstructed"])
      .describe("Whether what came was measured, or is what the model makes of the measured flows"),
    horizon_days: z.number(),
    independent_spans: z
      .number()
      .describe(
        "How many spans of that length without a common day lie between the first anchor and the last: what overlapping forecasts are worth",
      ),
    forecasts: z.number().describe("How many could be compared; the figures are null where there are none"),
    mape: share.describe("Mean of the error's size, as a share of what came"),
    bias: share.describe("Mean of the error, as a share of what came"),
    no_change_mape: share.describe("Mean of the error's size of the forecast that nothing changes"),
    skill: share.describe("How much of that error ours avoids: 1 all, below 0 worse"),
    inside_50: share.describe("Share of what came inside of the band that aims at 0.5; null without runs"),
    inside_80: share.describe("Share of what came inside of the band that aims at 0.8; null without runs"),
    inside_90: share.describe("Share of what came inside of the band that aims at 0.9; null without runs"),
    interval_score_90: share.describe(
      "Mean width of the band that aims at 0.9, and 20 times how far what came lay beyond it, as a share of what came: less is better",
    ),
  })
  .describe("How good the forecasts of one series are so many days ahead");

const comparison = z
  .strictObject({
    anchor: z.iso.date(),
    horizon_days: z.number(),
    date: z.iso.date(),
    series: z.enum(OUTPUT_NAMES),
    truth: z.enum(["measured", "reconstructed"]),
    forecast: z.number().nullable(),
    actual: z.number(),
    no_change: z.number(),
    bands: z.array(z.number()).nullable().describe("The quantiles 5, 25, 50, 75 and 95 %; null without runs"),
    band_80: z.array(z.number()).nullable().describe("The quantiles 10 and 90 %; null without runs"),
  })
  .describe("One forecast beside what came");

/** What a backtest finds; docs/filecoin.md, "Skill". Beside it stands what every answer says of itself. */
export const backtestFindings = z.object({
  anchors: z.array(z.iso.date()),
  scores: z.array(score),
  forecasts: z.array(comparison),
});

export type Score = z.infer<typeof score>;
export type Comparison = z.infer<typeof comparison>;
export type BacktestFindings = z.infer<typeof backtestFindings>;

import { z } from "zod";
import { textLike } from "../../../../platform/http/api/texts";

/** Answers of the service's own routes (docs/forecasting.md, "Forecasts by HTTP"). */

const values = z.array(z.number().nullable()).meta({ examples: [[118.2, 121.9, 120.4]] });
const table = z.array(z.array(z.number().nullable()));

const warning = z.strictObject({
  code: textLike("default_horizon"),
  message: textLike("No horizon was asked for: 12 steps, one season, were taken."),
  series: textLike("store 1").optional().describe("Its id, or its place from 0"),
  rows: z
    .array(z.int().min(1))
    .optional()
    .meta({ description: "The rows of the data that it is about, the first of them", examples: [[14, 15]] }),
});

const byLevel = z.record(textLike("0.1"), values);

export const stampAnswer = z.looseObject({
  program: textLike("foresight 1.0.0"),
  model: textLike("ensemble"),
  family: textLike("statistical"),
  digest: textLike("9e083670").nullable().describe("SHA-256 of the weights; null for a built-in model"),
  device: textLike("CPU"),
  precision: z.enum(["f32", "int8", "f64"]),
});

const dataAnswer = z.strictObject({
  read: z.looseObject({
    rows: z.number().int(),
    columns: z.array(textLike("sales")),
    time: textLike("date").optional(),
    target: textLike("sales"),
    id: textLike("store").optional(),
    step: textLike("monthly").optional(),
  }),
});

const forecast = z.strictObject({
  id: textLike("store 1").optional(),
  dates: z.array(textLike("2024-07-01")).optional(),
  point: values,
  quantiles: byLevel,
  full: table.optional().describe("The model's own output, a row a step"),
  fitted: z
    .strictObject({ from: z.number().int(), point: values, full: table.optional() })
    .optional()
    .describe("What the model says of the past, from the point `from` on"),
  xreg: z
    .strictObject({ fit: values, base: z.number(), shares: z.record(textLike("promo"), values) })
    .optional()
    .describe("What the covariates explain: together, in common, and each at each step"),
  chosen: z
    .strictObject({
      model: textLike("ensemble"),
      form: textLike("median of ETS(A,N,N), theta"),
      seasons: z.array(z.number().int()),
      reason: textLike("Lowest mean error over 2 windows of 3 points.").optional(),
    })
    .optional(),
});

export const forecastAnswer = z.strictObject({
  model: textLike("ensemble"),
  forecasts: z.array(forecast),
  data: dataAnswer.optional(),
  warnings: z.array(warning),
  stamp: stampAnswer,
});

const share = z
  .number()
  .nullable()
  .meta({ examples: [0.87] });

const metrics = z.strictObject({
  mae: share,
  smape: share,
  mase: share.describe("Null where the past never changes"),
  rmsse: share,
  wql: share,
  crps: share,
  coverage: share.describe("Share of what came within the outermost two levels"),
});

const measureCounts = z.strictObject({
  mae: z.number().int(),
  smape: z.number().int(),
  mase: z.number().int(),
  rmsse: z.number().int(),
  wql: z.number().int(),
  crps: z.number().int(),
  coverage: z.number().int(),
});

const judgedWindow = z.strictObject({
  cutoff: z.number().int().describe("Points that were known"),
  cutoff_date: textLike("2024-03-01").optional(),
  point: values,
  quantiles: byLevel,
});

export const backtestAnswer = z.strictObject({
  results: z.array(
    z.strictObject({
      model: textLike("ensemble"),
      metrics,
      undefined: measureCounts.describe("Series for which a measure is not defined"),
      series: z.array(z.strictObject({ id: textLike("store 1").optional(), metrics, windows: z.array(judgedWindow) })),
    }),
  ),
  best: textLike("ensemble").describe("The model with the lowest MASE"),
  verdict: textLike("MASE 0.74; seasonal naive 1.27: 42 % better; the band held 79 %."),
  horizon: z.number().int(),
  windows: z.number().int(),
  step: z.number().int(),
  data: dataAnswer.optional(),
  warnings: z.array(warning),
  stamp: stampAnswer,
});

const point = z.strictObject({
  date: textLike("2024-03-01").optional(),
  value: share,
  expected: share,
  lower: share,
  upper: share,
  score: share.describe("Distance from what was expected, in scales of the ordinary errors"),
  p_value: share,
  anomaly: z.boolean(),
  judged: z.boolean().describe("False for a point that is too early, missing or not asked for"),
});

export const anomaliesAnswer = z.strictObject({
  model: textLike("ensemble"),
  series: z.array(
    z.strictObject({ id: textLike("store 1").optional(), anomalies: z.number().int(), rows: z.array(point) }),
  ),
  level: z.number(),
  data: dataAnswer.optional(),
  warnings: z.array(warning),
  stamp: stampAnswer,
});

export type AnomaliesAnswer = z.infer<typeof anomaliesAnswer>;
export type BacktestAnswer = z.infer<typeof backtestAnswer>;
export type ForecastAnswer = z.infer<typeof forecastAnswer>;

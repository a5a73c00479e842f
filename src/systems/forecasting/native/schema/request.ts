import { z } from "zod";
import { numbersMember } from "./values";

/** Requests of the service's own routes (docs/forecasting.md, "Forecasts by HTTP"). */

export const MAX_SERIES = 100_000;
export const MAX_HORIZON = 10_000;
const MAX_LEVELS = 100;
const MAX_NAMES = 1000;
const MAX_CONTEXT = 1_000_000;
const MAX_HOLIDAYS = 10_000;
const MAX_CSV_CHARACTERS = 64 * 1024 * 1024;
const MAX_NAME = 200;

const name = z.string().min(1).max(MAX_NAME);
const category = z.union([z.string().max(MAX_NAME), z.number(), z.boolean()]);
const horizon = z.number().int().min(1).max(MAX_HORIZON);
const count = z.number().int().min(1);

const seriesMember = z.strictObject({
  id: z
    .union([name, z.number()])
    .transform(String)
    .optional()
    .meta({ examples: ["store 1"] }),
  values: numbersMember("Oldest first; null where a value is missing"),
  start: z
    .string()
    .max(40)
    .optional()
    .describe("Date of the first value")
    .meta({ examples: ["2024-01-01"] }),
  freq: z
    .union([z.literal([0, 1, 2]), z.string().max(20)])
    .optional()
    .describe("Step of the calendar (MS, W-MON, B, 15min), or TimesFM's 0, 1 or 2")
    .meta({ examples: ["MS"] }),
  dynamic_numerical: z.record(name, numbersMember("For each value and each step of the horizon")).optional(),
  dynamic_categorical: z.record(name, z.array(category.nullable())).optional(),
  static_numerical: z.record(name, z.number()).optional(),
  static_categorical: z.record(name, category).optional(),
});

const words = (meaning: string, ...examples: string[]) => name.optional().describe(meaning).meta({ examples });

const dataMember = z.strictObject({
  source: words("A file of the uploads, an http(s) address or s3://", "uploads/sales.csv"),
  csv: z
    .string()
    .max(MAX_CSV_CHARACTERS)
    .optional()
    .describe("The text itself, of CSV or JSON")
    .meta({ examples: ["date,sales\n2024-01-01,5\n2024-02-01,7\n2024-03-01,6\n"] }),
  time: words("Column of the dates", "date"),
  target: words("Column to forecast", "sales"),
  id: words("Column that tells series apart", "store"),
  covariates: z
    .array(name)
    .max(MAX_NAMES)
    .optional()
    .describe("Columns that are known beside it, for the horizon too; guessed where absent"),
  date_format: z.enum(["dmy", "mdy"]).optional().describe("Where the year stands last"),
  decimal: z.enum([".", ","]).optional(),
  thousands: z.enum(["", ".", ",", " ", "'"]).optional(),
  delimiter: z.string().length(1).optional(),
  sheet: words("Of a workbook; its first one where absent", "Sales"),
  timezone: words("Of dates that are written without an offset", "Europe/Berlin"),
  duplicates: z.enum(["mean", "sum", "first", "last"]).optional(),
  gaps: z.literal("fill").optional(),
  future: z.enum(["error", "hold"]).optional().describe("Of covariates without values for the horizon"),
});

export const optionsMember = z
  .looseObject({
    horizon_len: horizon.optional().describe("The horizon, by the name of TimesFM's package"),
    context_len: count.max(MAX_CONTEXT).optional(),
    full: z.boolean().default(false).describe("Whether the model's own output is told"),
    calibrate: z.boolean().default(false).describe("Levels outside of the model's own from its past errors"),
    non_negative: z.union([z.boolean(), z.literal("auto")]).optional(),
    fix_quantile_crossing: z.boolean().default(true),
    return_forecast_on_context: z.boolean().default(false).describe("Whether what the model says of the past is told"),
    fit_scope: z.enum(["per_series", "batch"]).default("per_series"),
    xreg_mode: z.enum(["xreg + timesfm", "timesfm + xreg"]).default("xreg + timesfm"),
    ridge: z.number().min(0).max(1e12).default(0),
    normalize_xreg_target_per_input: z.boolean().default(true),
    max_rows_per_col: z.literal(0).optional().describe("Rows are never left out of a regression"),
    future: z.enum(["error", "hold"]).default("error"),
    calendar: z
      .array(z.enum(["weekday", "month"]))
      .max(2)
      .default([])
      .describe("Covariates made of the dates"),
    holidays: z.array(z.string().max(40)).max(MAX_HOLIDAYS).default([]).describe("Dates that are a covariate"),
    forecast_config: z.looseObject({ return_backcast: z.boolean().optional() }).optional(),
  })
  .describe("TimesFM's config and options by their own names, and the service's");

/** What series a request is of: stated in one of two ways. */
const source = {
  series: z.array(seriesMember).min(1).max(MAX_SERIES).optional(),
  data: dataMember.optional(),
};

const quantiles = z
  .array(z.number().gt(0).lt(1))
  .max(MAX_LEVELS)
  .optional()
  .describe("Levels; 0.1, 0.5 and 0.9 where absent")
  .meta({ examples: [[0.1, 0.5, 0.9]] });

const options = optionsMember.prefault({});
const model = name.default("ensemble").meta({ examples: ["ensemble"] });
const context = count.max(MAX_CONTEXT).optional().describe("Points at the end that the model looks at");

const example = [{ id: "store 1", values: [112, 118, 132, 129, 121, 135], start: "2024-01-01", freq: "MS" }];

export const forecastRequest = z
  .strictObject({ model, ...source, horizon: horizon.optional(), context_length: context, quantiles, options })
  .meta({ examples: [{ model: "ensemble", series: example, horizon: 3, quantiles: [0.1, 0.9] }] });

export const backtestRequest = z
  .strictObject({
    models: z.array(name).min(1).max(20).default(["ensemble"]),
    ...source,
    horizon: horizon.optional(),
    windows: count.max(1000).default(3),
    step: count.max(MAX_CONTEXT).optional().describe("Points between cut-offs; the horizon where absent"),
    context_length: context,
    quantiles,
    options,
  })
  .meta({ examples: [{ models: ["theta"], series: example, horizon: 1, windows: 2 }] });

export const anomaliesRequest = z
  .strictObject({
    model,
    ...source,
    last: count
      .max(MAX_CONTEXT)
      .optional()
      .describe("Judges so many points at the end; the whole history where absent"),
    level: z.number().gt(0.5).lt(1).default(0.99).describe("Share of ordinary points that are to be called ordinary"),
    context_length: context,
    options,
  })
  .meta({ examples: [{ series: [{ values: [5, 6, 5, 6, 5, 6, 50, 6, 5, 6, 5, 6] }], level: 0.99 }] });

export type ForecastRequest = z.output<typeof forecastRequest>;
export type BacktestRequest = z.output<typeof backtestRequest>;
export type AnomaliesRequest = z.output<typeof anomaliesRequest>;
export type RequestOptions = ForecastRequest["options"];
export type RequestSeries = NonNullable<ForecastRequest["series"]>[number];
export type RequestData = NonNullable<ForecastRequest["data"]>;

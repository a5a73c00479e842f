import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";

/** Requests and answers of what the page asks beside the forecasts themselves (docs/forecasting.md, "The page"). */

const name = z.string().min(1).max(200);

/** How a file is read: what `data` of a forecast states, as JSON in the query, since the body is the file. */
export const readingOptions = z.strictObject({
  time: name.optional(),
  target: name.optional(),
  id: name.optional(),
  /** Which of the series is answered, where there are several; the first where absent. */
  series: z.string().max(1000).optional(),
  covariates: z.array(name).max(1000).optional(),
  sheet: name.optional(),
  date_format: z.enum(["dmy", "mdy"]).optional(),
  decimal: z.enum([".", ","]).optional(),
  thousands: z.enum(["", ".", ",", " ", "'"]).optional(),
  delimiter: z.string().length(1).optional(),
  timezone: name.optional(),
  duplicates: z.enum(["mean", "sum", "first", "last"]).optional(),
  gaps: z.literal("fill").optional(),
});

export const readingQuery = z.object({
  options: z
    .string()
    .max(20_000)
    .default("{}")
    .describe(
      "JSON of time, target, id, series, covariates, sheet, date_format, decimal, thousands, delimiter, timezone, duplicates, gaps",
    )
    .meta({ examples: ['{"target":"sales"}'] }),
});

const repair = z.strictObject({
  series: textLike("north").optional(),
  date: textLike("2024-01-05").optional(),
  row: z.number().int().optional().describe("1 is the first below the header"),
  kind: z.enum(["no_row", "no_value", "repeated"]),
  found: textLike("NA").describe("The cells as they are written; empty for no row"),
  taken: z.number().nullable(),
});

const warning = z.strictObject({
  code: textLike("gaps_filled"),
  message: textLike("No row for 2024-01-05."),
  series: textLike("north").optional(),
  rows: z.array(z.number().int()).optional(),
});

const besideColumn = z.strictObject({
  name: textLike("promotion"),
  kind: z.enum(["numerical", "categorical"]),
  values: z.array(z.union([z.number(), z.string()]).nullable()).describe("Over the values, and as far ahead as known"),
});

export const readingAnswer = z.strictObject({
  read: z.strictObject({
    rows: z.number().int(),
    columns: z.array(textLike("sales")),
    time: textLike("date").optional(),
    target: textLike("sales"),
    id: textLike("store").optional(),
    covariates: z.array(textLike("promotion")),
    sheet: textLike("Sheet1").optional(),
    delimiter: textLike(",").optional(),
    decimal: z.enum([".", ","]),
    thousands: z.enum(["", ".", ",", " ", "'"]),
    date_format: textLike("ymd").optional(),
    timezone: textLike("Europe/Berlin").optional(),
    step: textLike("monthly").optional(),
    repairs: z.array(repair),
    repaired: z.number().int(),
  }),
  warnings: z.array(warning),
  ids: z.array(textLike("north")).describe("The first thousand; empty where the file has one series"),
  count: z.number().int().describe("Series in the file"),
  series: z.strictObject({
    id: textLike("north").optional(),
    values: z.array(z.number().nullable()),
    /** Of the values and of the steps after them. */
    dates: z.array(textLike("2024-01-01")),
    times: z.array(z.number()).describe("Of the same: seconds since 1970, or the numbers of years or an index"),
    axis: z.enum(["time", "number"]),
    /** By which a forecast is told of the step; absent where it has no name for that. */
    freq: textLike("MS").optional(),
    season: z.number().int().nullable().describe("Points of the season that counts most; null where none is known"),
    horizon: z.number().int().describe("Steps that are forecast where nothing else is asked for"),
    /** Rows at the end without a value. */
    tail: z.number().int(),
    beside: z.array(besideColumn),
  }),
});

export const samplePath = z.object({ name: z.string().meta({ examples: ["shop_daily"] }) });

export const samplesAnswer = z.strictObject({
  samples: z.array(
    z.strictObject({
      name: textLike("shop_daily"),
      title: textLike("Sales of a shop"),
      about: textLike("daily, invented, with promotions known ahead"),
    }),
  ),
});

export type ReadingAnswer = z.infer<typeof readingAnswer>;
export type SamplesAnswer = z.infer<typeof samplesAnswer>;
export type ReadingOptions = z.infer<typeof readingOptions>;

import { z } from "zod";
import { textLike } from "../../../../platform/http/api/texts";
import { date, figure, forecastDates, origin, seededStamp, series, seriesByName } from "../../schema/answers";
import { OUTPUT_NAMES } from "../../schema/series";
import { backtestFindings } from "../../skill/schema";

/** What the routes for many futures answer as JSON; docs/filecoin.md, "Answers about many futures". */

const count = z.int().min(0);
const days = z
  .int()
  .min(0)
  .meta({ description: "Days from the current date", examples: [364] });
const name = z.enum(OUTPUT_NAMES);
const input = textLike("rbp");
const { source, reanchored_by_days, start_date, current_date } = origin;

/** What every answer says of itself. */
const about = {
  source,
  dates: z.strictObject({
    ...forecastDates,
    sampled: z
      .strictObject({ first_date: date, step_days: count, count })
      .optional()
      .describe("Of the entries of bands and series"),
  }),
  stamp: seededStamp,
  runs: z.strictObject({ total: count, done: count }),
  warnings: z.array(
    z.strictObject({
      series: name,
      count: count.optional(),
      reason: textLike("values of runs that are no numbers are left out"),
    }),
  ),
};

const bands = z
  .strictObject({
    method: z.enum(["exact", "histogram"]),
    error: z
      .partialRecord(name, z.number().nullable())
      .optional()
      .meta({ examples: [{ circ_supply: 1250.5 }] }),
    series: z
      .partialRecord(name, z.strictObject({ p5: series, p25: series, p50: series, p75: series, p95: series }))
      .meta({ examples: [{ circ_supply: { p5: [6e8], p25: [6.1e8], p50: [6.2e8], p75: [6.3e8], p95: [6.4e8] } }] }),
  })
  .describe("Quantiles over the runs, on each sampled day");

const points = z
  .strictObject({
    days: z.array(days),
    inputs: z.record(input, z.array(z.number())).optional().describe("A value for each run"),
    series: z
      .partialRecord(name, z.array(series))
      .meta({ description: "For each of `days` a value for each run", examples: [{ circ_supply: [[6.1e8, 6.2e8]] }] }),
  })
  .describe("The value of every run on some days");

const keptRun = z.strictObject({
  run: count.optional(),
  name: textLike("before").optional(),
  series: seriesByName,
});

/** Absent where they were not asked for. */
const figures = { bands: bands.optional(), points: points.optional(), series: z.array(keptRun).optional() };

export const batchAnswer = z.strictObject({ ...about, ...figures });
export const sweepAnswer = z.strictObject({ ...about, method: z.enum(["grid", "latin_hypercube"]), ...figures });

const rates = z.strictObject({ rbp: z.number(), rr: z.number(), fpr: z.number() });
export const monteCarloAnswer = z.strictObject({
  ...about,
  method: z.enum(["mean_reverting", "block_bootstrap", "none"]),
  fit: z
    .strictObject({
      weeks: count,
      persistence_per_week: rates,
      sd_in_logs: rates,
      correlations: z.array(z.array(z.number())),
    })
    .describe("What was found of the rates in the history"),
  ...figures,
});

const effect = z.strictObject({
  series: name,
  day: days,
  input,
  rank_correlation: figure,
  first_order: figure,
  total: figure,
  first_order_error: figure,
  total_error: figure,
  at_low: figure,
  at_high: figure,
});
export const sensitivityAnswer = z.strictObject({
  ...about,
  centre: z.record(input, z.number()),
  samples: count,
  centres: z.array(z.strictObject({ series: name, day: days, value: figure })),
  effects: z.array(effect),
});

const difference = z.strictObject({ day: days, before: figure, after: figure, change: figure, relative: figure });
export const policiesAnswer = z.strictObject({
  ...about,
  differences: z.partialRecord(name, z.array(difference)).meta({
    examples: [{ circ_supply: [{ day: 364, before: 6.2e8, after: 6.1e8, change: -1e7, relative: -0.016 }] }],
  }),
  ...figures,
});

export const backtestAnswer = z.strictObject({
  source,
  dates: z.strictObject({ start_date, current_date, reanchored_by_days }),
  stamp: seededStamp,
  known_expirations: z.enum(["flows", "later_rows"]),
  method: z.enum(["mean_reverting", "block_bootstrap", "none"]),
  runs_per_anchor: count,
  fit_weeks: count.nullable(),
  ...backtestFindings.shape,
});

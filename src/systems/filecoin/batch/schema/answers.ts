import { z } from "zod";
import { textLike } from "../../../../platform/http/api/texts";
import {
  date,
  figure,
  forecastDates,
  origin,
  rulesMembers,
  seededStamp,
  series,
  seriesByName,
} from "../../schema/answers";
import { OUTPUT_NAMES } from "../../schema/series";
import { backtestFindings } from "../../skill/schema";
import { INPUT_NAMES } from "./variation";

/** What the routes for many futures answer as JSON; docs/filecoin.md, "Answers about many futures". */

const count = z.int().min(0);
const days = z
  .int()
  .min(0)
  .meta({ description: "Days from the current date", examples: [364] });
const name = z.enum(OUTPUT_NAMES);
const input = z.enum(INPUT_NAMES);
const { source, reanchored_by_days, start_date, current_date } = origin;

/** Who did the runs; what a card adds, so that its work can be judged. */
const stamp = seededStamp.extend({
  engine: z.enum(["cpu-f64", "gpu-f32"]),
  adapter: textLike("NVIDIA H200").optional().describe("The card, where one did them"),
  chunk_runs: count.optional().describe("Runs that the card did at once"),
  redone_runs: count.optional().describe("Runs that were done again in 64 bits"),
  milliseconds: z
    .record(z.string(), z.number())
    .optional()
    .meta({ description: "Of each part of the work", examples: [{ total: 12.25 }] }),
});

const sampled = z
  .strictObject({ first_date: date, step_days: count, count })
  .describe("Of the entries of bands and series");

/** What every answer says of itself. */
const about = {
  source,
  dates: z.strictObject({
    ...forecastDates,
    sampled: sampled.optional(),
  }),
  stamp,
  ...rulesMembers,
  runs: z.strictObject({ total: count, done: count }),
  warnings: z.array(
    z.strictObject({
      series: name.optional(),
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
      .partialRecord(
        name,
        z.strictObject({ p5: series, p25: series, p50: series, p75: series, p95: series, mean: series }),
      )
      .meta({
        examples: [
          { circ_supply: { p5: [6e8], p25: [6.1e8], p50: [6.2e8], p75: [6.3e8], p95: [6.4e8], mean: [6.2e8] } },
        ],
      }),
  })
  .describe("Quantiles and means over the runs, on each sampled day");

const points = z
  .strictObject({
    days: z.array(days),
    series: z
      .partialRecord(name, z.array(series))
      .meta({ description: "For each of `days` a value for each run", examples: [{ circ_supply: [[6.1e8, 6.2e8]] }] }),
  })
  .describe("The value of every run on some days");
const pointsOfDesign = points.extend({
  inputs: z.partialRecord(input, z.array(z.number())).meta({
    description: "A value for each run",
    examples: [{ rbp: [1, 5.5, 10] }],
  }),
});

const keptRun = z.strictObject({
  run: count.optional(),
  name: textLike("before").optional(),
  series: seriesByName,
});

/** Absent where they were not asked for. */
const figures = { points: points.optional(), series: z.array(keptRun).optional() };
/** Of runs whose bands are taken. */
const sampledDates = { dates: z.strictObject({ ...forecastDates, sampled }), bands };

export const batchAnswer = z.strictObject({ ...about, ...sampledDates, ...figures });
export const sweepAnswer = z.strictObject({
  ...about,
  method: z.enum(["grid", "latin_hypercube"]),
  ...sampledDates,
  ...figures,
  points: pointsOfDesign.optional(),
});

const rates = z.strictObject({ rbp: z.number(), rr: z.number(), fpr: z.number() });
export const monteCarloAnswer = z.strictObject({
  ...about,
  method: z.enum(["random_walk", "mean_reverting", "block_bootstrap", "none"]),
  fit: z
    .strictObject({
      weeks: count,
      persistence_per_week: rates,
      sd_in_logs: rates,
      correlations: z.array(z.array(z.number())),
    })
    .describe("What was found of the rates in the history"),
  ...sampledDates,
  ...figures,
  calibration: z
    .strictObject({
      horizons_days: z.array(z.number()),
      factors: z.partialRecord(name, z.array(z.number())).meta({ examples: [{ circ_supply: [1.08, 1.02] }] }),
    })
    .optional()
    .describe("By how much bands were made wider or narrower than they were drawn, by what past ones were worth"),
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
  centre: z.partialRecord(input, z.number()).meta({ examples: [{ rbp: 3.5, rr: 0.8 }] }),
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
  ...rulesMembers,
  known_expirations: z.enum(["flows", "later_rows", "none"]),
  method: z.enum(["random_walk", "mean_reverting", "block_bootstrap", "none"]),
  runs_per_anchor: count,
  fit_weeks: count.nullable(),
  ...backtestFindings.shape,
});

export type BatchAbout = z.output<z.ZodObject<typeof about>>;
export type BatchAnswer = z.output<typeof batchAnswer>;
export type SweepAnswer = z.output<typeof sweepAnswer>;
export type SensitivityAnswer = z.output<typeof sensitivityAnswer>;

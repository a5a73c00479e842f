import { z } from "zod";
import { textLike, textOf } from "../../../platform/http/api/texts";
import { MODELS, RULES } from "./rules";
import { OUTPUT_NAMES } from "./series";

/** What the forecaster answers about its history and about single runs; docs/filecoin.md, "HTTP". */

const count = z.int().min(0);
const days = z.number().describe("Days");
export const date = z.iso.date();
/** What is no number in the model is null in JSON. */
export const figure = z
  .number()
  .nullable()
  .meta({ examples: [603_120_441.87] });
export const series = z.array(figure);
export const seriesByName = z
  .partialRecord(z.enum(OUTPUT_NAMES), series)
  .meta({ examples: [{ circ_supply: [603_120_441.87, 603_311_902.4] }] });

/** Where the figures come from, and the days that are known. */
export const origin = {
  source: z.enum(["sample", "file", "spacescope"]),
  start_date: date,
  current_date: date,
  reanchored_by_days: count
    .optional()
    .describe("By how many days all dates were moved; absent where they are the true ones"),
};
const { source, ...knownDates } = origin;

const historyMember = textLike("historical_raw_power_eib");
const historyFigures = z.record(
  historyMember,
  z.union([z.array(z.number().nullable()).meta({ examples: [[21.4, 21.6]] }), z.number(), z.string()]),
);

export const historyAnswer = z.strictObject({ data: historyFigures });
export const fullHistoryAnswer = z.strictObject({ ...origin, data: historyFigures });
export const datesAnswer = z.strictObject({
  ...origin,
  lengths: z.record(historyMember, count).describe("Entries of each list of the history"),
});

const stamp = { engine: textLike("cpu-f64"), model: z.int().min(1), snapshot: textLike("9b1c4a3f0e7d2856") };
export const runStamp = z.strictObject(stamp).describe("What is needed to have the same figures again");
export const seededStamp = z.strictObject({ ...stamp, seed: count.optional() }).describe(runStamp.description!);
export const forecastDates = { ...knownDates, end_date: date.describe("The first day that is not forecast") };
/** Of what rules the figures are. */
export const rulesMembers = {
  rules: z.enum(RULES).describe("Rules of the protocol that were followed"),
  model: z.enum(MODELS).describe("How power and pledge fall due"),
  measured_to: date.optional().describe("The last day of measured supply; reconstructed after it. Absent for `plain`"),
  protocol_as_of: date.optional().describe("The last change of the protocol that these rules know; absent for `plain`"),
};
const axis = z.strictObject({ first_date: date.nullable(), step_days: days, count });

const simulated = z.strictObject({
  input: z.strictObject({
    "current date": date,
    forecast_length_days: days,
    raw_byte_power: z.number().describe("PiB a day, of the history, as the two rates"),
    renewal_rate: z.number(),
    filplus_rate: z.number(),
    sim_start_date: date.nullable().describe("Of the first entry of the series"),
    sim_end_date: date.nullable().describe("Of their last entry"),
    timestep_days: days,
  }),
  simulation_output: seriesByName,
  source,
  dates: z.strictObject({
    ...forecastDates,
    forecast: axis.describe("Of the entries of all series but the one-year ones"),
    years: axis.describe("Of the entries of the one-year series"),
  }),
  stamp: runStamp,
  ...rulesMembers,
  warnings: z
    .array(
      z.strictObject({
        series: z.enum(OUTPUT_NAMES).optional(),
        count: count.optional(),
        first_index: count.optional(),
        first_date: date.optional(),
        reason: textLike("no power is onboarded on that day, so nothing can be divided by it"),
      }),
    )
    .describe("What to know of the whole run, and series with entries that are no numbers"),
});

/** The contract's form, or with `shape=flat` the series alone. */
export const simulateAnswer = z.union([simulated, seriesByName]);

export const latestAnswer = z.strictObject({
  setup: z
    .looseObject({ ...forecastDates, forecast_length_days: days })
    .describe("The scenario, as `POST /simulate` takes it"),
  results: seriesByName,
});

export const plotsAnswer = z.strictObject({
  plots: z
    .record(textLike("circ_supply"), textLike("iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"))
    .describe("PNG in base64, by series"),
});
export const plotsPage = textOf("text/html", "<!doctype html><html>...</html>");

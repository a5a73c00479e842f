import { z } from "zod";
import { MAX_FORECAST_DAYS } from "../../schema/bounds";
import { checkLengths, members, output } from "../../schema/requests";
import { RULES } from "../../schema/rules";
import { axis, checkLives, days, inOrder, perInput, range } from "./variation";

/** Most runs of one request where the CPU does them, and where a card does. */
export const MAX_RUNS = 100_000;
export const MAX_CARD_RUNS = 1_000_000;
/** Most scenarios of a list. */
export const MAX_SCENARIOS = 1000;
/** Most series for which a batch keeps anything. */
export const MAX_OUTPUTS = 16;
/** Most days at which the value of every run is kept. */
export const MAX_POINT_DAYS = 12;
/** Most runs whose series are kept, where they are not those of a list. */
export const MAX_KEPT_RUNS = 100;
/** Most points, or values of kept series, of one answer. */
export const MAX_ANSWER_VALUES = 2_000_000;
/** Most values that a sensitivity study takes its effects from. */
export const MAX_STUDY_VALUES = 20_000_000;
const MAX_SAMPLES = 131_072;
const MAX_ANCHORS = 60;
const MAX_HORIZONS = 12;
const MAX_BACKTEST_RUNS = 500;

const MAX_SEED = 2 ** 32 - 1;

const seed = z.int().min(0).max(MAX_SEED).default(1).describe("The same seed gives the same answer.");
const runs = (most: number) => z.int().min(1).max(most);

const ENGINES = ["auto", "cpu", "gpu"] as const;

/** Who is to do the runs: `auto` takes the engine that ends sooner. */
export type EngineChoice = (typeof ENGINES)[number];

const engine = z
  .enum(ENGINES)
  .default("auto")
  .describe("`gpu` asks for the card, `cpu` for 64 bits; `auto` takes what ends sooner. The stamp tells which ran.");

/** What every request on many futures may hold beside the members of its scenario. */
const kept = {
  engine,
  output,
  step_days: z
    .int()
    .min(1)
    .max(MAX_FORECAST_DAYS)
    .optional()
    .describe("Days between two entries of bands and series; where absent the fewest that give 530 entries or less."),
  at_days: z
    .array(
      z
        .int()
        .min(0)
        .max(MAX_FORECAST_DAYS - 1),
    )
    .max(MAX_POINT_DAYS)
    .optional()
    .describe("Forecast days at which the value of every run is told; 1, 3, 5 and 10 years where absent."),
};

const keepRuns = {
  keep_runs: z
    .array(
      z
        .int()
        .min(0)
        .max(MAX_CARD_RUNS - 1),
    )
    .max(MAX_KEPT_RUNS)
    .default([])
    .describe("Numbers of runs whose series are told, from 0."),
};

const scenario = z.strictObject(members).omit({ forecast_length_days: true });

/** The body of POST /simulate/batch. */
export const batchRequest = z
  .strictObject({
    ...members,
    ...kept,
    scenarios: z
      .array(scenario)
      .min(1)
      .max(MAX_SCENARIOS)
      .describe("Each changes some members of the scenario that the other members describe."),
    series: z.boolean().default(true).describe("Whether the series of every scenario are told, not the bands alone."),
  })
  .transform((given) => {
    const { scenarios, output, step_days, at_days, series, engine, ...base } = given;
    return { ...given, scenarios: scenarios.map((changes) => ({ ...base, ...stated(changes) })) };
  })
  .superRefine(({ scenarios }, context) => {
    for (const [i, one] of scenarios.entries()) checkLengths(one, context, ["scenarios", i]);
  })
  .meta({ examples: [{ scenarios: [{ rbp: 2 }, { rbp: 5 }], forecast_length_days: 365 }] });

/** Null counts as absent, so that the scenario of all stays. */
function stated<Given extends object>(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given;
}

const atLeastOne = (axes: object) => Object.keys(axes).length > 0;

/** The body of POST /simulate/sweep. */
export const sweepRequest = z
  .strictObject({
    ...members,
    ...kept,
    ...keepRuns,
    method: z.enum(["grid", "latin_hypercube"]).default("grid"),
    axes: perInput(axis, "The inputs that vary, the last named fastest in a grid.").refine(
      atLeastOne,
      "name at least one input",
    ),
    runs: runs(MAX_CARD_RUNS)
      .default(1000)
      .describe("Of a Latin hypercube; a grid has as many as its axes give. Over 100,000 needs a GPU."),
    seed,
  })
  .superRefine((given, context) => {
    checkLengths(given, context);
    checkLives(given, context);
  })
  .meta({
    examples: [{ axes: { rbp: { low: 1, high: 10 }, rr: { low: 0.5, high: 0.95 } }, forecast_length_days: 730 }],
  });

const RATES = ["rbp", "rr", "fpr"] as const;

/** How rates wander, for Monte-Carlo runs and for the bands of a backtest. */
const wandering = {
  method: z
    .enum(["random_walk", "mean_reverting", "block_bootstrap", "none"])
    .optional()
    .describe(
      "How rbp, rr and fpr wander about the scenario's values; `none` leaves them. `random_walk` where absent with model attrition, `mean_reverting` with schedule.",
    ),
  fit_weeks: z.int().min(8).max(1043).optional().describe("Weeks of history that are fitted; all where absent."),
  block_weeks: z.int().min(1).max(52).default(8).describe("Weeks that the bootstrap takes in one piece."),
};

/** The body of POST /simulate/monte-carlo. */
export const monteCarloRequest = z
  .strictObject({
    ...members,
    ...kept,
    ...keepRuns,
    ...wandering,
    at_days: kept.at_days.default([]),
    runs: runs(MAX_CARD_RUNS).default(1000).describe("How many. Over 100,000 needs a GPU."),
    inputs: z
      .array(z.enum(RATES))
      .max(RATES.length)
      .default([...RATES])
      .describe("The rates that wander."),
    distributions: perInput(inOrder, "Inputs that are drawn once for a run and hold on all its days.").default({}),
    correlation: z
      .enum(["history", "none"])
      .default("history")
      .describe("Of the drawn inputs: as their weekly values in the history, or none."),
    seed,
  })
  .superRefine((given, context) => checkLengths(given, context))
  .meta({ examples: [{ runs: 500, seed: 7 }] });

/** The body of POST /simulate/sensitivity. */
export const sensitivityRequest = z
  .strictObject({
    ...members,
    engine,
    output,
    at_days: kept.at_days,
    ranges: z
      .strictObject({
        rbp: range,
        rr: range,
        fpr: range,
        lock_target: range,
        sector_duration_days: z
          .strictObject({ low: days, high: days })
          .refine(({ low, high }) => low < high, "expected low below high"),
      })
      .partial()
      .refine(atLeastOne, "name at least one input")
      .describe("The inputs that vary, each evenly over its range and independently of the others."),
    samples: z
      .int()
      .min(16)
      .max(MAX_SAMPLES)
      .refine((count) => Number.isInteger(Math.log2(count)), "expected a power of two")
      .default(512)
      .describe("Base points of Saltelli's design; it has that times the inputs plus two runs."),
    seed,
  })
  .superRefine((given, context) => checkLengths(given, context))
  .meta({ examples: [{ ranges: { rbp: { low: 1, high: 10 }, rr: { low: 0.5, high: 0.95 } }, samples: 128 }] });

/** The body of POST /simulate/policies. */
export const policiesRequest = z
  .strictObject({ ...members, ...kept })
  .superRefine((given, context) => {
    checkLengths(given, context);
    if (given.fip81 || given.fip100 || given.fip118) return;
    context.addIssue({ code: "custom", message: "switch on fip81, fip100 or fip118", input: given });
  })
  .meta({ examples: [{ fip81: true, fip100: true }] });

function omitted<Shape extends object, Name extends keyof Shape>(shape: Shape, ...names: Name[]): Omit<Shape, Name> {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !names.includes(name as Name))) as Omit<
    Shape,
    Name
  >;
}

/** The body of POST /simulate/backtest. Rates by day have an entry for each day of the farthest horizon and one more. */
export const backtestRequest = z
  .strictObject({
    ...omitted(members, "forecast_length_days", "known_trim"),
    ...wandering,
    output,
    horizons_days: z
      .array(
        z
          .int()
          .min(1)
          .max(MAX_FORECAST_DAYS - 1),
      )
      .min(1)
      .max(MAX_HORIZONS)
      .default([30, 90, 180, 365])
      .describe("How far ahead the forecasts are compared with what came."),
    anchors: z
      .union([z.int().min(1).max(MAX_ANCHORS), z.literal("weekly")])
      .default(16)
      .describe(
        "Past days from which forecasts are made, evenly spaced; fewer where the history has not so many. `weekly` takes every seventh day.",
      ),
    known_expirations: z
      .enum(["flows", "later_rows"])
      .optional()
      .describe("What is taken to be known at an anchor of power that will expire, flows where absent; docs: Skill."),
    runs: z.int().min(0).max(MAX_BACKTEST_RUNS).default(200).describe("Runs by chance for the bands of each anchor."),
    seed,
  })
  .meta({ examples: [{ anchors: 8 }] });

/** What the address of these requests may ask of the answer. */
export const batchQuery = z.object({
  format: z
    .enum(["json", "csv", "binary"])
    .optional()
    .describe("An Accept of text/csv, application/octet-stream or text/event-stream asks likewise."),
  rules: z.enum(RULES).optional().describe("As the member of the body, which wins; `mainnet` where neither says."),
});

export type BatchRequest = z.output<typeof batchRequest>;
export type SweepRequest = z.output<typeof sweepRequest>;
export type MonteCarloRequest = z.output<typeof monteCarloRequest>;
export type SensitivityRequest = z.output<typeof sensitivityRequest>;
export type PoliciesRequest = z.output<typeof policiesRequest>;
export type BacktestRequest = z.output<typeof backtestRequest>;

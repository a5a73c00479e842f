import { z } from "zod";
import { textLike } from "../../../../platform/http/api/texts";
import { numbersMember } from "../../native/schema/values";

/** Requests of the `nixtla` client for Python, release 0.9.0 (docs/forecasting.md, "The nixtla client"). */

const MAX_VALUES = 50_000_000;
const MAX_SERIES = 100_000;
const MAX_FEATURES = 1000;

const percent = z.number().min(0).lt(100);
const count = z.number().int().min(1).max(1_000_000);
const features = z.array(z.array(z.unknown())).max(MAX_FEATURES).nullish();

const series = z.looseObject({
  y: numbersMember("The values of all series, one after the other", MAX_VALUES),
  sizes: z.array(count).min(1).max(MAX_SERIES).describe("Values of each series"),
  X: features.describe("A list for each feature, as long as y; those known ahead come first"),
  X_future: features.describe("For the features known ahead, h values a series"),
  categorical_exog: z.array(z.number().int().min(0)).max(MAX_FEATURES).nullish(),
  start_datetime: z.array(z.string().max(60)).nullish(),
});

const examples = { y: [112, 118, 132, 129, 121, 135], sizes: [6] };

const common = {
  series,
  model: z
    .string()
    .max(200)
    .default("timegpt-1")
    .meta({ examples: ["timegpt-1"] }),
  freq: z
    .string()
    .max(40)
    .nullish()
    .meta({ examples: ["MS"] }),
  finetune_steps: z.number().int().nullish(),
  finetuned_model_id: z
    .string()
    .max(200)
    .nullish()
    .meta({ examples: [null] }),
  multivariate: z.boolean().nullish(),
};

export const forecastPayload = z
  .looseObject({
    ...common,
    h: z.number().int().min(1).max(10_000),
    level: z.array(percent).max(50).nullish().describe("Per cent within each band"),
    feature_contributions: z.boolean().nullish(),
  })
  .meta({ examples: [{ series: examples, model: "timegpt-1", freq: "MS", h: 2, level: [80] }] });

export const crossValidationPayload = z
  .looseObject({
    ...common,
    h: z.number().int().min(1).max(10_000),
    level: z.array(percent).max(50).nullish(),
    n_windows: count.max(100_000).default(1),
    step_size: count.nullish(),
    hist_exog: z.array(z.number().int().min(0)).max(MAX_FEATURES).nullish(),
    full_history: z.boolean().nullish().describe("Each point of the past, one step ahead"),
  })
  .meta({ examples: [{ series: examples, model: "timegpt-1", freq: "MS", h: 1, n_windows: 2 }] });

const anomalyExamples = { y: [5, 6, 5, 6, 5, 6, 5, 6, 50, 6, 5, 6], sizes: [12] };

export const anomalyPayload = z
  .looseObject({
    ...common,
    level: percent.nullish(),
    detection_size: count.nullish().describe("Judges so many points at the end of each series"),
    threshold_method: z.enum(["univariate", "multivariate"]).nullish(),
  })
  .meta({ examples: [{ series: anomalyExamples, model: "timegpt-1", freq: "D", level: 99 }] });

export type ForecastPayload = z.output<typeof forecastPayload>;
export type CrossValidationPayload = z.output<typeof crossValidationPayload>;
export type AnomalyPayload = z.output<typeof anomalyPayload>;

const values = z.array(z.number().nullable()).meta({ examples: [[131.2, 133.5]] });
const bands = z.record(textLike("lo-80"), values).nullable();
const told = {
  intervals: bands,
  weights_x: z.null(),
  model: textLike("ensemble").describe("The model that ran"),
  warnings: z.array(z.looseObject({ code: textLike("features_ignored"), message: textLike("A sentence.") })),
  stamp: z.looseObject({ program: textLike("foresight 1.0.0"), model: textLike("ensemble") }),
};
const sizes = z.array(z.number().int());

export const forecastColumnsAnswer = z.looseObject({ mean: values, ...told });
export const windowsAnswer = z.looseObject({ mean: values, sizes, idxs: sizes, ...told });
export const anomalyAnswer = z.looseObject({ mean: values, sizes, anomaly: z.array(z.boolean()), ...told });

export const keyAnswer = z.strictObject({ detail: textLike("The key is valid.") });
const consumed = z.strictObject({ consumed: z.number().int(), limit: z.number().int().nullable() });

export const usageAnswer = z.strictObject({ minute: consumed, month: consumed });
export const modelsAnswer = z.strictObject({ models: z.array(z.looseObject({ name: textLike("timegpt-1") })) });
export const modelParamsAnswer = z.strictObject({
  detail: z.strictObject({ input_size: z.number().int(), horizon: z.number().int() }),
});
export const submittedAnswer = z.strictObject({ job_id: textLike("f4c5a8d2-6f0c-4f5e-9f57-1c6c7f3f5a10") });
export const jobAnswer = z.looseObject({
  job_id: textLike("f4c5a8d2-6f0c-4f5e-9f57-1c6c7f3f5a10"),
  status: z.enum(["pending", "running", "succeeded", "failed", "cancelled"]),
});
export const jobPath = z.object({ id: textLike("f4c5a8d2-6f0c-4f5e-9f57-1c6c7f3f5a10") });
export const paramsQuery = z.looseObject({ model: textLike("timegpt-1").optional(), freq: textLike("MS").optional() });

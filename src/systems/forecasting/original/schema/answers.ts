import { z } from "zod";
import { textLike } from "../../../../platform/http/api/texts";

/** Answers of the original's routes for one model (docs/forecasting.md, "The original's routes"). */

const STATUSES = ["uninitialized", "initializing", "ready", "error"] as const;
export type ModelStatus = (typeof STATUSES)[number];

const modelStatus = z.enum(STATUSES);

const modelInfo = z.strictObject({
  status: textLike("loaded"),
  backend: textLike("cpu"),
  context_len: z.number().int(),
  horizon_len: z.number().int(),
  batch_size: z.number().int().describe("1 on cpu, 8 on gpu"),
  num_layers: z.number().int(),
  positional_embedding: z.boolean(),
  capabilities: z.strictObject({
    basic_forecasting: z.boolean(),
    quantile_forecasting: z.boolean(),
    covariates_support: z.boolean(),
  }),
  checkpoint: textLike("google/timesfm-2.0-500m-pytorch").optional(),
  local_model_path: textLike("model").optional(),
  source: textLike("hf:google/timesfm-2.0-500m-pytorch").optional(),
  device: textLike("CPU").optional().describe("What computes it"),
  warnings: z.array(textLike("There is no TPU; the CPU is used.")).optional(),
});

export const initializedAnswer = z.strictObject({
  message: textLike("Model initialized successfully from hf:google/timesfm-2.0-500m-pytorch"),
  model_status: modelStatus,
  model_info: modelInfo.nullable(),
});

export const statusAnswer = z.strictObject({
  model_status: modelStatus,
  details: textLike("Source: hf:google/timesfm-2.0-500m-pytorch").nullable(),
});

export const shutdownAnswer = z.strictObject({ message: textLike("Model shut down successfully") });

const row = z.array(z.number()).readonly();
const isoTime = textLike("2024-07-10T00:00:00");

export const inferenceAnswer = z.strictObject({
  prediction: z.strictObject({
    point_forecast: z.array(row).describe("One series, a value a step: the median"),
    method: z.enum(["basic_timesfm", "covariates_enhanced"]),
    quantile_forecast: z.array(z.array(row)).describe("One series; a step has the mean and q10 to q90"),
    metadata: z.strictObject({
      input_series_count: z.number().int(),
      forecast_length: z.number().int(),
      covariates_used: z.boolean(),
      quantiles_available: z.boolean(),
    }),
    quantile_bands: z
      .record(textLike("quantile_band_0_lower"), z.union([row, textLike("Q10–Q90")]))
      .optional()
      .describe("Of each two neighbours of `quantile_indices`: lower, upper and label"),
  }),
  visualization_data: z.strictObject({
    historical_data: row,
    dates_historical: z.array(isoTime),
    dates_future: z.array(isoTime),
    target_name: textLike("price"),
    actual_future: row,
  }),
  execution_metadata: z.strictObject({
    total_time_seconds: z.number(),
    execution_time_seconds: z.number(),
    async_execution: z.boolean(),
    thread_pool: z.boolean(),
    model_version: textLike("2.0.0"),
    api_version: textLike("2.0.0"),
  }),
});

export type ModelInfo = z.infer<typeof modelInfo>;
export type InitializedAnswer = z.infer<typeof initializedAnswer>;
export type StatusAnswer = z.infer<typeof statusAnswer>;
export type InferenceAnswer = z.infer<typeof inferenceAnswer>;

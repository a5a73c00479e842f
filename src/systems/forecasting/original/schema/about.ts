import { z } from "zod";
import { textLike } from "../../../../platform/http/api/texts";

/** Answers of the original's routes (docs/forecasting.md, "The original's routes"). */

export const infoAnswer = z.strictObject({
  name: textLike("Sapheneia Inference API"),
  description: textLike("REST API for time series forecasting models."),
  version: textLike("2.0.0"),
  api_host: textLike("127.0.0.1"),
  api_port: z.number().int(),
  available_models: z.array(textLike("timesfm20")),
  documentation: z.strictObject({
    swagger: textLike("/docs"),
    redoc: textLike("/redoc"),
    openapi_json: textLike("/openapi.json"),
  }),
  features: z.strictObject({ mlflow_tracking: z.boolean(), api_authentication: z.boolean() }),
});

const catalogueMembers = z.object({
  id: textLike("google/timesfm-2.0-500m-pytorch"),
  family: textLike("timesfm-2.0"),
  title: textLike("TimesFM 2.0"),
  source: textLike("imported"),
  licence: textLike("apache-2.0").nullable(),
  sizeBytes: z.number().int(),
  digest: textLike("9e083670").nullable().describe("SHA-256 of the weights"),
  parameters: z.number().int(),
  maxContext: z.number().int().nullable().describe("Points that it looks at; null without a limit"),
  maxHorizon: z.number().int(),
  levels: z.array(z.number()).readonly().nullable().describe("Of its quantiles; null where it gives every level"),
});

export const modelsAnswer = z.strictObject({
  models: z.record(
    textLike("timesfm20"),
    catalogueMembers.partial().extend({
      name: textLike("TimesFM 2.0"),
      version: textLike("2.0.500m"),
      description: textLike("A foundation model for time series."),
      module: textLike("api.models.timesfm20"),
      router_path: textLike("api.models.timesfm20.routes.endpoints"),
      service_path: textLike("api.models.timesfm20.services.model"),
      default_port: z.number().int(),
      status: z.enum(["active", "missing"]),
    }),
  ),
  count: z.number().int().describe("Of those that are active"),
});

export type InfoAnswer = z.infer<typeof infoAnswer>;
export type ModelsAnswer = z.infer<typeof modelsAnswer>;

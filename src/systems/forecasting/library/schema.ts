import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";

/** Requests and answers of the routes over the library of models (docs/forecasting.md, "Getting models"). */

const id = z
  .string()
  .min(1)
  .max(200)
  .meta({ examples: ["amazon/chronos-bolt-tiny"] });

export const modelRequest = z.strictObject({ id });
export const pullRequest = z.strictObject({
  id,
  accept_license: z.boolean().default(false).describe("Of a licence that may forbid commercial use"),
});

const libraryModel = z.strictObject({
  id: textLike("ensemble"),
  family: textLike("statistical"),
  title: textLike("Ensemble"),
  source: textLike("built in"),
  licence: textLike("apache-2.0").nullable(),
  sizeBytes: z.number().int(),
  digest: textLike("9e083670").nullable().describe("SHA-256 of the weights"),
  parameters: z.number().int(),
  maxContext: z.number().int().nullable(),
  maxHorizon: z.number().int(),
  levels: z.array(z.number()).readonly().nullable(),
  state: z.enum(["built in", "loaded", "on disk"]),
});

const pull = z.strictObject({
  id: textLike("amazon/chronos-bolt-tiny"),
  state: z.enum(["running", "failed"]),
  doneBytes: z.number().int(),
  totalBytes: z.number().int().describe("0 until the hub has said"),
  elapsedS: z.number(),
  fault: textLike("The disk is full.").optional(),
  asksForLicence: z.boolean().optional(),
});

export const libraryAnswer = z.strictObject({
  models: z.array(libraryModel),
  pulls: z.array(pull),
  hub: textLike("https://huggingface.co"),
});

export const doneAnswer = z.strictObject({ message: textLike("Pulling amazon/chronos-bolt-tiny.") });

export type LibraryAnswer = z.infer<typeof libraryAnswer>;
export type LibraryModel = z.infer<typeof libraryModel>;
export type PullAnswer = z.infer<typeof pull>;

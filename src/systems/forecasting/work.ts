import type { WorkHandlers } from "../../platform/compute/work";
import { type WeightBits, writeInt8Weights } from "./checkpoint/int8";
import { openCheckpoint } from "./checkpoint/openCheckpoint";
import { type ClassicalForecast, type ClassicalInput, forecastSeries } from "./classical/forecastSeries";
import type { CovariateFit, FitInput } from "./covariates/covariates";
import { fitCovariates } from "./covariates/fit";
import { nativeWork } from "./native/threadWork";
import { prepareInThread } from "./original/work";
import { readForPage } from "./page/readForPage";
import type { ReadingAnswer, ReadingOptions } from "./page/schema";

/** Matrices of a checkpoint that are to be written in fewer bits. */
export interface Int8Input {
  /** The file of weights. */
  path: string;
  names: readonly string[];
  bits: WeightBits;
}

/** The kinds of work of this system, as a Worker runs them. */
export const forecastingWork = {
  "forecasting.classical": (inputs: readonly ClassicalInput[]): ClassicalForecast[] => inputs.map(forecastSeries),
  "forecasting.covariates": (input: FitInput): CovariateFit[] => fitCovariates(input),
  ...nativeWork,
  "forecasting.original": prepareInThread,
  "forecasting.readForPage": ({ bytes, options }: { bytes: Uint8Array; options: ReadingOptions }): ReadingAnswer =>
    readForPage(bytes, options),
  "forecasting.int8": ({ path, names, bits }: Int8Input): void => writeInt8Weights(openCheckpoint(path), names, bits),
} satisfies WorkHandlers;

import type { z } from "zod";
import { RequestError } from "../../../platform/errors";
import type { Category, SeriesCovariates } from "../covariates/covariates";
import { toldLevels } from "../native/levels";
import { parsedBody, type ReadTask } from "../native/readRequest";
import { optionsMember } from "../native/schema/request";
import { heldTwice, refuseEmpty } from "../native/seriesOf";
import type { TaskHead, TaskSeries, TaskWarning } from "../native/task";
import { namedFrequency } from "../reading/frequency";
import { levelsOf } from "./levels";
import { anomalyPayload, crossValidationPayload, type ForecastPayload, forecastPayload } from "./schema/payload";

/** What a payload asks of all its series. */
export interface PayloadHead extends TaskHead {
  /** Per cent within each band. */
  bands: number[];
  windows: number;
  step: number;
  /** `full` for each point of the past one step ahead. */
  past: "windows" | "full";
  /** Points at the end that are judged; all where absent. */
  last?: number;
  /** The features that have a share in the answer, where that is asked for. */
  shares?: string[];
}

export const payloadReaders = {
  v2_forecast: (body: Uint8Array) => readForecastPayload(body),
  v2_cross_validation: (body: Uint8Array) => readCrossValidation(body),
  v2_anomaly: (body: Uint8Array) => readAnomalyPayload(body),
};

function readForecastPayload(body: Uint8Array): ReadTask<PayloadHead> {
  const payload = parsedBody(forecastPayload, body);
  const { h, level, feature_contributions, series } = payload;
  const future = series.X_future?.length ?? 0;
  const task = taskOf(payload, { h, bands: level ?? [], features: firstOnes(future) });
  if (feature_contributions !== true) return task;
  const shares = (series.X ?? []).map((_, place) => featureName(place));
  return { ...task, head: { ...task.head, shares } };
}

function readCrossValidation(body: Uint8Array): ReadTask<PayloadHead> {
  const payload = parsedBody(crossValidationPayload, body);
  const { h, level, n_windows: windows, step_size, hist_exog, full_history, series } = payload;
  const isPast = new Set(hist_exog ?? []);
  const known = (series.X ?? []).flatMap((_, place) => (isPast.has(place) ? [] : [place]));
  const features = full_history === true ? [] : known;
  const { head, series: split } = taskOf(payload, { h, bands: level ?? [], features });
  const past = full_history === true ? "full" : "windows";
  return { head: { ...head, windows, step: step_size ?? h, past }, series: split };
}

function readAnomalyPayload(body: Uint8Array): ReadTask<PayloadHead> {
  const payload = parsedBody(anomalyPayload, body);
  const { level, detection_size: last, threshold_method } = payload;
  if (threshold_method === "multivariate") {
    throw new RequestError(
      422,
      "threshold_method multivariate is not served: each series is judged on its own; use univariate.",
    );
  }
  const { head, series } = taskOf(payload, { h: 1, bands: [level ?? DEFAULT_PERCENT], features: [] });
  return { head: { ...head, past: "full", ...(last != null && { last }) }, series };
}

const DEFAULT_PERCENT = 99;

type Payload = Pick<
  ForecastPayload,
  "series" | "model" | "freq" | "finetune_steps" | "finetuned_model_id" | "multivariate"
>;

interface Wanted {
  h: number;
  bands: number[];
  /** Places of the features that are known ahead. */
  features: number[];
}

function taskOf(payload: Payload, { h, bands, features }: Wanted): ReadTask<PayloadHead> {
  refuseUnserved(payload);
  const { model, series: given, freq } = payload;
  const total = given.sizes.reduce((sum, size) => sum + size, 0);
  if (total !== given.y.length) {
    throw new RequestError(422, `series.sizes add up to ${total}; series.y has ${given.y.length} values.`);
  }
  const seasons = seasonsOf(freq);
  let from = 0;
  const series = given.sizes.map((size, index): TaskSeries => {
    const values = given.y.slice(from, from + size);
    const covariates = features.length === 0 ? undefined : featuresOf(given, { features, from, size, index, h });
    from += size;
    const one = { values, ...(seasons && { seasons: heldTwice(seasons, values) }), ...(covariates && { covariates }) };
    refuseEmpty(one, index);
    return one;
  });
  const left = (given.X?.length ?? 0) - features.length;
  const head: PayloadHead = {
    model,
    horizon: h,
    levels: toldLevels(bands.flatMap(levelsOf)),
    options: optionsMember.parse({ calibrate: true }),
    count: series.length,
    hasCovariates: features.length > 0,
    warnings: warningsOf(left),
    bands: [...new Set(bands)],
    windows: 1,
    step: h,
    past: "windows",
  };
  return { head, series };
}

function warningsOf(left: number): TaskWarning[] {
  const message = `${left} features are not known ahead, and take no part.`;
  return left === 0 ? [] : [{ code: "features_ignored", message }];
}

function refuseUnserved({ finetune_steps, finetuned_model_id, multivariate }: Payload): void {
  if ((finetune_steps ?? 0) > 0 || finetuned_model_id != null) {
    throw new RequestError(422, "Fine-tuning is not served: set finetune_steps to 0 and leave finetuned_model_id out.");
  }
  if (multivariate === true) {
    throw new RequestError(
      422,
      "multivariate is not served: what a series gets does not depend on the others; set it to false.",
    );
  }
}

/** A step that is none of ours says nothing: the seasons are looked for. */
function seasonsOf(freq: string | null | undefined): number[] | undefined {
  if (freq == null) return undefined;
  try {
    return namedFrequency(freq, undefined).seasons;
  } catch (error) {
    if (error instanceof RequestError) return undefined;
    throw error;
  }
}

export function featureName(place: number): string {
  return `x${String(place).padStart(4, "0")}`;
}

function firstOnes(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}

interface Place {
  features: readonly number[];
  from: number;
  size: number;
  index: number;
  h: number;
}

function featuresOf(
  series: z.output<typeof forecastPayload>["series"],
  { features, from, size, index, h }: Place,
): SeriesCovariates {
  const { X, X_future, categorical_exog, y } = series;
  const isCategorical = new Set(categorical_exog ?? []);
  const numerical: Record<string, Float64Array> = {};
  const categorical: Record<string, Category[]> = {};
  for (const place of features) {
    const past = X?.[place];
    if (past?.length !== y.length)
      throw new RequestError(422, `series.X.${place}: expected ${y.length} values, got ${past?.length ?? 0}.`);
    const ahead = X_future?.[place] ?? [];
    const entries = [...past.slice(from, from + size), ...ahead.slice(index * h, (index + 1) * h)];
    if (isCategorical.has(place)) categorical[featureName(place)] = entries.map((entry) => String(entry));
    else
      numerical[featureName(place)] = Float64Array.from(entries, (entry) =>
        typeof entry === "number" ? entry : Number.NaN,
      );
  }
  return { dynamicNumerical: numerical, dynamicCategorical: categorical };
}

import { RequestError } from "../../../platform/errors";
import { originsOf } from "../classical/calibration";
import { forecastWithCovariates, type RunFit } from "../covariates/forecast";
import type { Forecast, ForecastQuery, Model } from "../model";
import type { FinishRules, MadeRow } from "./finish";
import type { LevelPlan } from "./levels";
import type { Pack } from "./packs";
import type { TaskHead, TaskSeries } from "./task";

/** What the forecasts of one request have in common. */
export interface Making {
  model: Model;
  head: TaskHead;
  plan: LevelPlan;
  fit: RunFit;
  signal: AbortSignal;
  priority: "interactive" | "batch";
}

/** Whether a model needs no weights, and gives every level. */
export function isBuiltIn({ traits }: Model): boolean {
  return traits.family === "statistical";
}

/** Forecasts a pack of series. @throws RequestError as the model does, and 422 where covariates do not fit */
export async function madeRows(making: Making, { from, series }: Pack): Promise<MadeRow[]> {
  const { plan, head } = making;
  const query = queryOf(making, series);
  const forecasts = head.hasCovariates
    ? await withCovariates(making, query, series, from)
    : await making.model.forecast(query);
  const pasts = plan.conformal.length === 0 ? [] : await Promise.all(series.map((one) => pastOf(making, one)));
  return series.map(({ id, values, calendar }, place) => ({
    ...(id !== undefined && { id }),
    index: from + place,
    values,
    ...(calendar && { calendar }),
    forecast: forecasts[place]!,
    ...(pasts[place] && { past: pasts[place] }),
  }));
}

/** How forecasts of this request are finished. */
export function finishRules({ model, head, plan }: Pick<Making, "model" | "head" | "plan">): FinishRules {
  const { options, levels, nonNegative } = head;
  const rule = nonNegative ?? (isBuiltIn(model) ? "auto" : false);
  return {
    levels,
    recipes: plan.recipes,
    uncrosses: options.fix_quantile_crossing,
    nonNegative: isBuiltIn(model) && !head.hasCovariates ? "done" : rule,
    tellsFull: options.full,
  };
}

function queryOf({ head, plan, signal, priority }: Making, series: readonly TaskSeries[]): ForecastQuery {
  const { horizon, contextLength, options, nonNegative } = head;
  const looksBack = options.return_forecast_on_context || options.forecast_config?.return_backcast === true;
  return {
    series: series.map(({ values, seasons, frequency }) => ({
      values,
      ...(seasons && { seasons }),
      ...(frequency !== undefined && { frequency }),
    })),
    horizon,
    levels: plan.asked,
    past: looksBack ? "fitted" : "none",
    // What covariates leave of a series has values on both sides of 0.
    options: { ...options, non_negative: head.hasCovariates ? false : nonNegative },
    signal,
    priority,
    ...(contextLength !== undefined && { contextLength }),
  };
}

function withCovariates(
  { model, head, plan, fit }: Making,
  query: ForecastQuery,
  series: readonly TaskSeries[],
  from: number,
): Promise<Forecast[]> {
  const without = series.findIndex(({ covariates }) => covariates === undefined);
  if (without >= 0) {
    throw new RequestError(
      422,
      `Series ${series[without]!.id ?? from + without} has no covariates; others have: give all of them the same.`,
    );
  }
  if (plan.conformal.length > 0) {
    throw new RequestError(
      422,
      "options.calibrate makes levels of a model's past errors without covariates: leave these out, or take a built-in model.",
    );
  }
  const {
    xreg_mode: mode,
    ridge,
    normalize_xreg_target_per_input: normalizeTarget,
    fit_scope: fitScope,
  } = head.options;
  const covariates = series.map((one) => one.covariates!);
  return forecastWithCovariates(model, query, covariates, { mode, ridge, normalizeTarget, fitScope }, fit);
}

/** What the model says when it sees the beginning of a series alone, for each origin of the calibration. */
async function pastOf(making: Making, series: TaskSeries): Promise<NonNullable<MadeRow["past"]>> {
  const { values } = series;
  const origins = originsOf(values.length).filter((seen) => values.subarray(0, seen).some(Number.isFinite));
  if (origins.length === 0) {
    throw new RequestError(
      422,
      `options.calibrate: series ${series.id ?? ""} needs at least 2 points, of which past errors are made.`,
    );
  }
  const beginnings = origins.map((seen) => ({ ...series, values: values.subarray(0, seen) }));
  const forecasts = await making.model.forecast({ ...queryOf(making, beginnings), levels: [], past: "none" });
  return forecasts.map(({ point }, place) => ({ seen: origins[place]!, point }));
}

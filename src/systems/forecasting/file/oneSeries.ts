import { type ClassicalModel, classicalModels } from "../classical/classicalModels";
import {
  type ClassicalForecast,
  type ClassicalId,
  type ClassicalInput,
  forecastSeries,
} from "../classical/forecastSeries";
import type { SeriesCovariates } from "../covariates/covariates";
import { fitCovariates } from "../covariates/fit";
import { type CovariateForecast, forecastWithCovariates } from "../covariates/forecast";
import { keptFromNegative } from "../decoding/nonNegative";

/** With the shares of covariates where the series has some. */
export type SeriesForecast = ClassicalForecast & Partial<Pick<CovariateForecast, "base" | "shares">>;

/**
 * Forecasts one series of a file by a built-in model, in this thread, as a command may.
 * @param covariates over the values and the horizon, where there are some
 * @throws RequestError 422 where the covariates do not fit
 */
export async function forecastOne(
  { model, ...input }: Omit<ClassicalInput, "nonNegative">,
  covariates?: SeriesCovariates,
): Promise<SeriesForecast> {
  if (covariates === undefined) return forecastSeries({ ...input, model, nonNegative: "auto" });
  const { values, seasons, horizon, levels } = input;
  const known = { values, ...(seasons && { seasons: [...seasons] }) };
  // What the covariates leave of a series has values on both sides of 0.
  const query = { series: [known], horizon, levels, options: { non_negative: false } };
  const rules = { mode: "xreg + timesfm", ridge: 0, normalizeTarget: true, fitScope: "per_series" } as const;
  const [made] = await forecastWithCovariates(hereModel(model), query, [covariates], rules, async (one) =>
    fitCovariates(one),
  );
  const forecast = made as CovariateForecast & ClassicalForecast;
  const clipped = keptFromNegative("auto", values, [forecast.point, ...forecast.quantiles]);
  return { ...forecast, warnings: [...clipped, ...forecast.warnings] };
}

function hereModel(id: ClassicalId | "auto"): ClassicalModel {
  return classicalModels(async (inputs) => inputs.map(forecastSeries)).find(({ traits }) => traits.id === id)!;
}

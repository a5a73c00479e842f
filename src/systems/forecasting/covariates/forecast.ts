import { RequestError } from "../../../platform/errors";
import { type Location, locationOf, standardised } from "../decoding/standardise";
import type { Forecast, ForecastQuery, Model, Series } from "../model";
import type { CovariateFit, FitInput, FitSeries, SeriesCovariates } from "./covariates";

/**
 * `xreg + timesfm` explains the series and forecasts what remains; `timesfm + xreg` forecasts the series and explains what
 * the model missed. The names are the contract's; either goes with any model.
 */
export type CovariateMode = "xreg + timesfm" | "timesfm + xreg";

export interface CovariateOptions {
  mode: CovariateMode;
  /** What is added to the squares of the coefficients, the intercept's too; 0 for none. */
  ridge: number;
  /** Whether each target is brought to mean 0 and spread 1 for the regression. */
  normalizeTarget: boolean;
  /** One regression for each series, or one over all of them. */
  fitScope: "per_series" | "batch";
}

export interface CovariateForecast extends Forecast {
  /** What the covariates explain of each step, as the published package gives it: in `xreg + timesfm` still normalised. */
  xreg: Float64Array;
  /** In the units of the series: what all steps have in common, and the part of each covariate at each step. */
  base: number;
  shares: Record<string, Float64Array>;
}

/** Runs a regression, here or in a thread. */
export type RunFit = (input: FitInput) => Promise<CovariateFit[]>;

interface Work {
  model: Model;
  query: ForecastQuery;
  covariates: readonly SeriesCovariates[];
  options: CovariateOptions;
  fit: RunFit;
}

/**
 * Forecasts with covariates, by any model (docs/forecasting.md, "Covariates").
 * @param covariates for each series of the query, in order
 * @throws RequestError 422 when covariates do not fit, or the model cannot look back as `timesfm + xreg` asks.
 */
export function forecastWithCovariates(
  model: Model,
  query: ForecastQuery,
  covariates: readonly SeriesCovariates[],
  options: CovariateOptions,
  fit: RunFit,
): Promise<CovariateForecast[]> {
  const work = { model, query, covariates, options, fit };
  return options.mode === "xreg + timesfm" ? explainThenForecast(work) : forecastThenExplain(work);
}

async function explainThenForecast({ model, query, covariates, options, fit }: Work): Promise<CovariateForecast[]> {
  const targets = query.series.map(({ values }) => targetOf(values, options));
  const fits = await fitAll(fit, options, query, covariates, targets, () => 0);
  const remainders = targets.map(({ values }, index) => minus(values, fits[index]!.past));
  const series = query.series.map((one, index) => ({ ...one, values: remainders[index]! }));
  const forecasts = await model.forecast({ ...query, series });
  return forecasts.map((forecast, index) => {
    const { future, base, shares } = fits[index]!;
    const { location } = targets[index]!;
    const whole = { ...shifted(forecast, future, location), xreg: future };
    return { ...whole, base: base * location.spread + location.mean, shares: scaled(shares, location.spread) };
  });
}

async function forecastThenExplain({ model, query, covariates, options, fit }: Work): Promise<CovariateForecast[]> {
  const forecasts = await model.forecast({ ...query, past: "fitted" });
  const missed = query.series.map((series, index) => missedBy(model, series, forecasts[index]!));
  const targets = missed.map(({ values }) => targetOf(values, options));
  const fits = await fitAll(fit, options, query, covariates, targets, (index) => missed[index]!.from);
  return forecasts.map((forecast, index) => {
    const { future, base, shares } = fits[index]!;
    const { mean, spread } = targets[index]!.location;
    const xreg = future.map((value) => value * spread + mean);
    const { fitted: _, ...made } = forecast;
    const whole = { ...shifted(made, xreg, AS_IT_IS), xreg };
    return { ...whole, base: base * spread + mean, shares: scaled(shares, spread) };
  });
}

const AS_IT_IS: Location = { mean: 0, spread: 1 };

interface Target {
  values: Float64Array;
  location: Location;
}

/** What is explained, normalised where that is asked for. */
function targetOf(values: Float64Array, { normalizeTarget }: CovariateOptions): Target {
  const finite = values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  if (!normalizeTarget) return { values: finite, location: AS_IT_IS };
  const location = locationOf(finite.filter((value) => !Number.isNaN(value)));
  return { values: standardised(finite, location), location };
}

/** What the model missed of the past, from the first point on that it says something of. */
function missedBy({ traits }: Model, { values }: Series, { fitted }: Forecast): { from: number; values: Float64Array } {
  const from = Math.max(fitted?.from ?? Number.POSITIVE_INFINITY, traits.fittedFrom);
  if (fitted === undefined || from >= values.length) {
    const needs = Number.isFinite(traits.fittedFrom)
      ? `series of more than ${traits.fittedFrom} points`
      : "another model";
    throw new RequestError(
      422,
      `${traits.title} says nothing of the past of this series: timesfm + xreg needs ${needs}.`,
    );
  }
  return { from, values: minus(values.subarray(from), fitted.point.subarray(from - fitted.from)) };
}

async function fitAll(
  fit: RunFit,
  { ridge, fitScope }: CovariateOptions,
  { horizon }: ForecastQuery,
  covariates: readonly SeriesCovariates[],
  targets: readonly Target[],
  fromOf: (index: number) => number,
): Promise<CovariateFit[]> {
  const series = targets.map(({ values }, index): FitSeries => {
    return { target: values, from: fromOf(index), horizon, covariates: covariates[index]! };
  });
  if (fitScope === "batch") return fit({ series, ridge });
  return (await Promise.all(series.map((one) => fit({ series: [one], ridge })))).flat();
}

function minus(values: Float64Array, others: Float64Array): Float64Array {
  return values.map((value, index) => value - others[index]!);
}

/** Each step moved by what the covariates explain of it, then brought back to the units of the series. */
function shifted(forecast: Forecast, by: Float64Array, { mean, spread }: Location): Forecast {
  const moved = (values: Float64Array, columns = 1) => {
    return values.map((value, index) => (value + by[Math.floor(index / columns)]!) * spread + mean);
  };
  return {
    ...forecast,
    point: moved(forecast.point),
    quantiles: forecast.quantiles.map((values) => moved(values)),
    ...(forecast.full && { full: { ...forecast.full, values: moved(forecast.full.values, forecast.full.columns) } }),
  };
}

function scaled(shares: Record<string, Float64Array>, spread: number): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, share.map((part) => part * spread)]));
}

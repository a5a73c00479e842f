import { filledTail } from "../decoding/gaps";
import { keptFromNegative } from "../decoding/nonNegative";
import type { Forecast, Warning } from "../model";
import { calibratedQuantiles } from "./calibration";
import { ensemble } from "./ensemble";
import { autoEts, sizeOf } from "./ets/autoEts";
import type { Fitted } from "./fitted";
import { drift, seasonalNaive } from "./naive";
import { findSeasons, type Remainder, withoutLongSeasons, withSeasons } from "./seasons";
import { autoTheta } from "./theta/autoTheta";

export const CLASSICAL_IDS = ["ensemble", "auto_ets", "theta", "seasonal_naive", "drift"] as const;
export type ClassicalId = (typeof CLASSICAL_IDS)[number];

export interface ClassicalInput {
  /** At least one that is finite; NaN where a value is missing. */
  values: Float64Array;
  /** Known seasons; looked for where absent, none where empty. */
  seasons?: readonly number[];
  horizon: number;
  levels: readonly number[];
  /** `auto` for what won a short backtest. */
  model: ClassicalId | "auto";
  /** `auto` keeps a series that is never below 0 from going there. */
  nonNegative: "auto" | boolean;
}

export interface ClassicalForecast extends Forecast {
  warnings: Warning[];
  /** What was made of it. */
  chosen: { model: string; form: string; seasons: readonly number[]; reason?: string };
}

const FITS: Record<ClassicalId, (values: Float64Array, period: number) => Fitted> = {
  ensemble: inOwnUnits(ensemble),
  auto_ets: inOwnUnits(autoEts),
  theta: inOwnUnits(autoTheta),
  seasonal_naive: seasonalNaive,
  drift: (values) => drift(values),
};

/** Values of a series of size 1 are rounded to it. */
const GRAIN = 2 ** -44;

/**
 * A fit in units of the mean magnitude, rounded there: a search for parameters then takes the same path whatever unit the
 * series is in, and rounding does not make two forecasts of it.
 */
function inOwnUnits(
  fit: (values: Float64Array, period: number) => Fitted,
): (values: Float64Array, period: number) => Fitted {
  return (values, period) => {
    const size = sizeOf(values);
    const fitted = fit(
      values.map((value) => Math.round(value / size / GRAIN) * GRAIN),
      period,
    );
    return { ...fitted, forecast: (seen, horizon) => fitted.forecast(seen, horizon).map((value) => value * size) };
  };
}

/** Fewer points say little about themselves. */
const SHORT = 4;

/** Forecasts one series by a model that is fitted to it, with bands from its own past errors. Pure arithmetic. */
export function forecastSeries(input: ClassicalInput): ClassicalForecast {
  const values = filledTail(input.values, input.values.length);
  const warnings: Warning[] = [];
  if (values.length <= SHORT) {
    warnings.push({ code: "short_history", message: `The series has ${values.length} points: its bands are rough.` });
  }
  const seasons = seasonsOf(values, input, warnings);
  if (values.every((value) => value === values[0])) return constant(input, values, warnings);
  const won = chosenModel(input.model, values, seasons, input.horizon);
  const fitted = fitWith(won.model, values, seasons);
  const point = fitted.forecast(values.length, input.horizon);
  const quantiles = calibratedQuantiles(fitted, values, point, input.levels);
  warnings.push(...keptFromNegative(input.nonNegative, values, [point, ...quantiles]));
  return { point, quantiles, warnings, chosen: { ...won, form: fitted.label, seasons } };
}

function seasonsOf(values: Float64Array, { seasons }: ClassicalInput, warnings: Warning[]): readonly number[] {
  if (seasons === undefined) return findSeasons(values);
  const long = seasons.filter((period) => period > values.length);
  for (const period of long) {
    const message = `A season of ${period} points is longer than the series (${values.length}) and was left out.`;
    warnings.push({ code: "season_too_long", message });
  }
  return seasons.filter((period) => period > 1 && period <= values.length);
}

function constant(input: ClassicalInput, values: Float64Array, warnings: Warning[]): ClassicalForecast {
  const flat = () => new Float64Array(input.horizon).fill(values[0]!);
  if (values.length > 1) warnings.push({ code: "constant_series", message: "The series never changes." });
  const model = input.model === "auto" ? "ensemble" : input.model;
  const chosen = { model, form: "the one value that the series has", seasons: [] };
  return { point: flat(), quantiles: input.levels.map(flat), warnings, chosen };
}

/** The model that was asked for, or the one that `auto` chooses for a series without gaps, and why. */
export function chosenModel(
  model: ClassicalId | "auto",
  values: Float64Array,
  seasons: readonly number[],
  horizon: number,
): { model: ClassicalId; reason?: string } {
  return model === "auto" ? winnerOf(values, seasons, horizon) : { model };
}

/** The model over the series, long and several seasons taken out before and put back after. */
export function fitWith(model: ClassicalId, values: Float64Array, seasons: readonly number[]): Fitted {
  // The plain one repeats the longest season, which holds the others.
  if (model === "seasonal_naive") return seasonalNaive(values, Math.max(1, ...seasons));
  const remainder = withoutLongSeasons(values, seasons);
  const fitted = FITS[model](remainder.values, remainder.period);
  return remainder.shapes.length === 0 ? fitted : seasoned(fitted, remainder);
}

function seasoned(fitted: Fitted, remainder: Remainder): Fitted {
  const periods = remainder.shapes.map((shape) => shape.length);
  return {
    label: `${fitted.label} without the seasons of ${periods.join(" and ")} points`,
    parameters: fitted.parameters,
    forecast(seen, horizon) {
      return fitted.forecast(seen, horizon).map((value, step) => withSeasons(value, seen + step, remainder));
    },
  };
}

/** Windows of the short backtest by which `auto` chooses. */
const WINDOWS = 2;

function winnerOf(
  values: Float64Array,
  seasons: readonly number[],
  horizon: number,
): { model: ClassicalId; reason: string } {
  const length = Math.min(horizon, Math.floor(values.length / 4));
  if (length < 1 || values.length < 8) return { model: "ensemble", reason: "The series is too short for a backtest." };
  const missed = CLASSICAL_IDS.map((model) => {
    let sum = 0;
    for (let window = WINDOWS; window >= 1; window--) {
      const seen = values.length - window * length;
      const forecast = fitWith(model, values.subarray(0, seen), seasons).forecast(seen, length);
      for (let step = 0; step < length; step++) sum += Math.abs(values[seen + step]! - forecast[step]!);
    }
    return { model, error: sum / (WINDOWS * length) };
  });
  const best = missed.reduce((least, one) => (one.error < least.error ? one : least));
  const naive = missed.find(({ model }) => model === "seasonal_naive")!;
  const errors = `${best.error.toPrecision(3)} against ${naive.error.toPrecision(3)} of seasonal naive`;
  return { model: best.model, reason: `Lowest mean error over ${WINDOWS} windows of ${length} points: ${errors}.` };
}

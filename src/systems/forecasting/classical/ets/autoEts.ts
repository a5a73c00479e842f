import type { Fitted } from "../fitted";
import { type FittedForm, fitForm, formParameters } from "./fitForm";
import type { Form } from "./states";

/** Beyond it the season is taken out before (docs/forecasting.md, "Seasons"). */
export const MAX_ETS_PERIOD = 24;

/**
 * Exponential smoothing in the form with the lowest AICc. Forms with additive errors and a season that multiplies are left
 * out, as are trends that multiply: they are unstable. Source: R. Hyndman, A. Koehler, R. Snyder, S. Grose, "A state space
 * framework for automatic forecasting using exponential smoothing methods", 2002.
 * @param values without gaps, at least one
 * @param period 1 where there is no season
 */
export function autoEts(values: Float64Array, period: number): Fitted {
  const scale = sizeOf(values);
  const fits = fitForms(
    values.map((value) => value / scale),
    period,
  );
  const best = fits.reduce((best, one) => (one.aicc < best.aicc ? one : best));
  return {
    label: `ETS(${best.form.error},${best.form.trend},${best.form.season})`,
    parameters: best.parameters,
    forecast: (seen, horizon) => forecastFrom(best, seen, horizon).map((value) => value * scale),
  };
}

/** The mean magnitude; 1 for a series of zeros. */
export function sizeOf(values: Float64Array): number {
  const size = values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  return size > 0 ? size : 1;
}

export function fitForms(values: Float64Array, period: number): FittedForm[] {
  return formsFor(values, period).map((form) => fitForm(form, values, form.season === "N" ? 1 : period));
}

/** The simple form first: it stays where a series is too short for any criterion. */
function formsFor(values: Float64Array, period: number): Form[] {
  const positive = values.every((value) => value > 1e-6);
  const seasonal = period > 1 && period <= MAX_ETS_PERIOD && values.length >= 2 * period + 1;
  const seasons: Form["season"][] = seasonal ? (positive ? ["N", "A", "M"] : ["N", "A"]) : ["N"];
  const errors: Form["error"][] = positive ? ["A", "M"] : ["A"];
  const forms = errors.flatMap((error) =>
    (["N", "A", "Ad"] as const).flatMap((trend) => seasons.map((season): Form => ({ error, trend, season }))),
  );
  return forms.filter(({ error, trend, season }, index) => {
    const fits = values.length > formParameters({ error, trend, season }, period) + 1;
    return index === 0 || (fits && !(error === "A" && season === "M"));
  });
}

export function forecastFrom(
  { form, period, smoothing, states }: FittedForm,
  seen: number,
  horizon: number,
): Float64Array {
  const forecast = new Float64Array(horizon);
  const level = states.level[seen]!;
  let carried = 0;
  let share = 1;
  for (let step = 0; step < horizon; step++) {
    share *= smoothing.phi;
    carried += share * states.trend[seen]!;
    const season = states.season[seen + (step % period)]!;
    forecast[step] = form.season === "M" ? (level + carried) * season : level + carried + season;
  }
  return forecast;
}

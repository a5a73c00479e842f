import { medianOf } from "../../../numeric/quantiles";
import { etsMembers } from "./ets/etsMembers";
import type { Fitted } from "./fitted";
import { fitOptimisedThetas, thetaOver } from "./theta/autoTheta";

/**
 * The median of four forecasts: damped exponential smoothing, all its forms by their weights, and the two optimised theta
 * models on the series without the season that exponential smoothing found, which moves with time
 * (docs/forecasting.md, "Ensemble").
 * @param values without gaps, at least one
 */
export function ensemble(values: Float64Array, period: number): Fitted {
  const { damped, weighted, season } = etsMembers(values, period);
  const rest = values.map((value, t) => (season.multiplies ? value / season.at(t, 0) : value - season.at(t, 0)));
  const thetas = fitOptimisedThetas(rest).map((fit) => thetaOver(fit, season));
  const members = [damped, weighted, ...thetas];
  return {
    label: `median of ${members.map(({ label }) => label).join(", ")}`,
    parameters: weighted.parameters,
    forecast(seen, horizon) {
      const forecasts = members.map((member) => member.forecast(seen, horizon));
      return Float64Array.from({ length: horizon }, (_, step) => middleOf(forecasts, step));
    },
  };
}

const four = new Float64Array(4);

function middleOf(forecasts: readonly Float64Array[], step: number): number {
  for (let index = 0; index < four.length; index++) four[index] = forecasts[index]![step]!;
  return medianOf(four);
}

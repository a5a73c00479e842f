import type { SeriesCovariates } from "./covariates";

/** The covariates of the first `end` points and steps. */
export function covariatesUntil(covariates: SeriesCovariates, end: number): SeriesCovariates {
  const cut = <Values extends ArrayLike<unknown>>(columns: Readonly<Record<string, Values>>) =>
    Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, Array.prototype.slice.call(values, 0, end)]),
    );
  const { dynamicNumerical, dynamicCategorical } = covariates;
  return {
    ...covariates,
    ...(dynamicNumerical && { dynamicNumerical: cut(dynamicNumerical) }),
    ...(dynamicCategorical && { dynamicCategorical: cut(dynamicCategorical) }),
  };
}

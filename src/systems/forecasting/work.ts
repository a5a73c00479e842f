import type { WorkHandlers } from "../../platform/compute/work";
import type { CovariateFit, FitInput } from "./covariates/covariates";
import { fitCovariates } from "./covariates/fit";

/** The kinds of work of this system, as a Worker runs them. */
export const forecastingWork = {
  "forecasting.covariates": (input: FitInput): CovariateFit[] => fitCovariates(input),
} satisfies WorkHandlers;

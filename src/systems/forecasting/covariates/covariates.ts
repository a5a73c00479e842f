/** What is known beside a series; docs/forecasting.md, "Covariates". */

export type Category = string | number | boolean;

export interface SeriesCovariates {
  /** By name, a value for each point and each step of the horizon. */
  dynamicNumerical?: Readonly<Record<string, ArrayLike<number>>>;
  dynamicCategorical?: Readonly<Record<string, readonly Category[]>>;
  /** By name, one value for the series. */
  staticNumerical?: Readonly<Record<string, number>>;
  staticCategorical?: Readonly<Record<string, Category>>;
}

/** A series, and which part of it a regression learns from. */
export interface FitSeries {
  /** What is to be explained: a value for each point from `from` on; NaN where there is none. */
  target: Float64Array;
  /** The point that `target` begins at. */
  from: number;
  /** Steps after the last point. */
  horizon: number;
  covariates: SeriesCovariates;
}

/** What the covariates explain of a series. */
export interface CovariateFit {
  /** For each point of the target. */
  past: Float64Array;
  /** For each step of the horizon. */
  future: Float64Array;
  /** What every step has in common: the intercept. */
  base: number;
  /** By covariate, its part of `future`; they and `base` add up to it. */
  shares: Record<string, Float64Array>;
}

/** One regression: over one series, or over several together. */
export interface FitInput {
  series: readonly FitSeries[];
  ridge: number;
}

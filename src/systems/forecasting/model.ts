/**
 * What every forecasting model is to the rest of the system: series in, a point and quantiles out
 * (docs/forecasting.md, "Models").
 */

/** One evenly spaced series, oldest value first. */
export interface Series {
  /** At least one; NaN where a value is missing. TimesFM takes infinities for missing too. */
  values: Float64Array;
  /** Steps of its seasons, the one that counts most first; empty or absent where none is known. */
  seasons?: readonly number[];
  /** TimesFM's three classes of sampling: 0 up to daily, 1 weekly and monthly, 2 slower. */
  frequency?: Frequency;
}

export type Frequency = 0 | 1 | 2;

export interface ForecastQuery {
  series: readonly Series[];
  /** Steps to forecast, from 1 to the model's {@link ModelTraits.maxHorizon}. */
  horizon: number;
  /** Levels of the quantiles, each strictly between 0 and 1, of {@link ModelTraits.levels}. */
  levels: readonly number[];
  /** `fitted` also asks what the model says of the past, where it can: {@link Forecast.fitted}. */
  past?: "none" | "fitted";
  /** Points at the end of each series that the model looks at; its own choice where absent. */
  contextLength?: number;
  /**
   * The model's own options, by the names of the contract; those that it does not know are left alone, since they may be
   * for somebody else.
   */
  options?: Readonly<Record<string, unknown>>;
  /** Aborted when the caller hangs up. */
  signal?: AbortSignal;
  /** A batch lets others go before it where both wait for a thread; absent for somebody who waits. */
  priority?: "interactive" | "batch";
}

export interface Forecast {
  /** `horizon` values. */
  point: Float64Array;
  /** For each level that was asked for, in that order, `horizon` values. They never cross unless an option says so. */
  quantiles: Float64Array[];
  /** The model's own output; absent where a model has nothing but the above. */
  full?: Table;
  /** What the model says of the past; present where it was asked for and the model can. */
  fitted?: Fitted;
  /** What whoever reads the forecast should know. */
  warnings?: readonly Warning[];
}

/** Rows of equal length: a row for each step, one after the other. */
export interface Table {
  columns: number;
  values: Float64Array;
}

/** A value for each point of the series from `from` to its end, each said without seeing that point or later ones. */
export interface Fitted {
  from: number;
  point: Float64Array;
  full?: Table;
}

export interface Warning {
  /** Short and stable, such as `backend_fallback`. */
  code: string;
  message: string;
}

export interface ModelTraits {
  /** What it is called by requests, such as `google/timesfm-2.0-500m-pytorch` or `auto_ets`. */
  id: string;
  /** The kind of model: `timesfm-2.0`, `chronos-bolt`, `statistical`. */
  family: string;
  /** For people. */
  title: string;
  /** Levels that it has a quantile for; `any` where it can give every level. */
  levels: readonly number[] | "any";
  /** Points that it can look at; Infinity where there is no limit. */
  maxContext: number;
  maxHorizon: number;
  /** Steps that come of one run; beyond them a model is fed what it said. Infinity where that makes no difference. */
  runHorizon: number;
  /** The first point of a series that it can say something of in {@link Forecast.fitted}; Infinity where it cannot. */
  fittedFrom: number;
}

/** A model that is ready to forecast. */
export interface Model {
  readonly traits: ModelTraits;
  /**
   * One forecast for each series, in order. What a series gets does not depend on the others.
   * @throws RequestError 422 for a level, an option or a horizon that the model does not take; 503 when its process
   *   crashed or too much waits; 499 when aborted.
   */
  forecast(query: ForecastQuery): Promise<Forecast[]>;
}

import { RequestError } from "../../../platform/errors";
import type { ForecastQuery, Model, ModelTraits } from "../model";
import { CLASSICAL_IDS, type ClassicalForecast, type ClassicalId, type ClassicalInput } from "./forecastSeries";

/** Runs the arithmetic of one request, here or in a thread. */
export type RunClassical = (
  inputs: readonly ClassicalInput[],
  conditions: Pick<ForecastQuery, "signal" | "priority">,
) => Promise<ClassicalForecast[]>;

const TITLES: Record<ClassicalId | "auto", string> = {
  ensemble: "Ensemble",
  auto_ets: "Exponential smoothing",
  theta: "Theta",
  seasonal_naive: "Seasonal naive",
  drift: "Drift",
  auto: "Whichever wins a short backtest",
};

/** Steps that a built-in model forecasts at most. */
const MAX_HORIZON = 10_000;

/** A built-in model as what it gives beyond a {@link Model}: what was chosen for each series. */
export interface ClassicalModel extends Model {
  forecast(query: ForecastQuery): Promise<ClassicalForecast[]>;
}

/** The models that need no weights, the default one first. `options.non_negative` is true, false or "auto". */
export function classicalModels(run: RunClassical): ClassicalModel[] {
  return [...CLASSICAL_IDS, "auto" as const].map((id) => ({
    traits: traitsOf(id),
    forecast: (query) => forecast(id, query, run),
  }));
}

function traitsOf(id: ClassicalId | "auto"): ModelTraits {
  return {
    id,
    family: "statistical",
    title: TITLES[id],
    levels: "any",
    maxContext: Number.POSITIVE_INFINITY,
    maxHorizon: MAX_HORIZON,
    runHorizon: Number.POSITIVE_INFINITY,
    fittedFrom: Number.POSITIVE_INFINITY,
  };
}

async function forecast(model: ClassicalId | "auto", query: ForecastQuery, run: RunClassical) {
  if (!(query.horizon >= 1 && query.horizon <= MAX_HORIZON)) {
    throw new RequestError(
      422,
      `The horizon is ${query.horizon}; ${TITLES[model]} forecasts 1 to ${MAX_HORIZON} steps.`,
    );
  }
  const { horizon, levels, contextLength, options = {}, signal, priority } = query;
  const nonNegative = typeof options["non_negative"] === "boolean" ? options["non_negative"] : "auto";
  return run(
    query.series.map(({ values, seasons }, index) => {
      if (!values.some((value) => Number.isFinite(value))) {
        throw new RequestError(422, `Series ${index + 1} has no value: give at least one number.`);
      }
      const tail = contextLength === undefined ? values : values.subarray(Math.max(0, values.length - contextLength));
      return { values: tail, ...(seasons && { seasons }), horizon, levels, model, nonNegative };
    }),
    { ...(signal && { signal }), ...(priority && { priority }) },
  );
}

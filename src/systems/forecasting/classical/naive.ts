import type { Fitted } from "./fitted";

/** What stood one season before; the last value for a series that is shorter than its season. */
export function seasonalNaive(values: Float64Array, period: number): Fitted {
  return {
    label: period > 1 && values.length >= period ? `the same phase of the last season (${period})` : "the last value",
    parameters: 0,
    forecast(seen, horizon) {
      const forecast = new Float64Array(horizon);
      const back = seen >= period ? period : 1;
      for (let step = 0; step < horizon; step++) forecast[step] = values[seen - back + (step % back)]!;
      return forecast;
    },
  };
}

/** The line through the first and the last value. */
export function drift(values: Float64Array): Fitted {
  return {
    label: "the line through the first and the last value",
    parameters: 1,
    forecast(seen, horizon) {
      const last = values[seen - 1]!;
      const slope = seen > 1 ? (last - values[0]!) / (seen - 1) : 0;
      return Float64Array.from({ length: horizon }, (_, step) => last + slope * (step + 1));
    },
  };
}

import { normalQuantile } from "../../../numeric/normal";
import { quantileOfSorted } from "../../../numeric/quantiles";
import type { Fitted } from "./fitted";

/** Points of the past from which the forecast is repeated, the latest ones. */
const MAX_ORIGINS = 48;
/** Errors that tell of the shape of their distribution. */
const MAX_SHAPE = 256;
/** Errors at which the observed shape counts as much as the normal one. */
const SHAPE_HALF = 60;

/**
 * The quantiles of a forecast, from how far the model missed when it stood at earlier points of the series
 * (docs/forecasting.md, "Bands"). A row for each level, `point.length` values each; rows never cross.
 */
export function calibratedQuantiles(
  fitted: Fitted,
  values: Float64Array,
  point: Float64Array,
  levels: readonly number[],
): Float64Array[] {
  const horizon = point.length;
  const errors = rollingErrors(fitted, values, horizon);
  const spreads = spreadsOf(errors, horizon);
  const shape = shapeOf(errors, spreads);
  const optimism = optimismOf(values.length, fitted.parameters);
  return levels.map((level) => {
    const observed = quantileOfSorted(shape, shape.length, level);
    const weight = shape.length / (shape.length + SHAPE_HALF);
    const expected = normalQuantile(level);
    const reach = (shape.length === 0 ? expected : weight * observed + (1 - weight) * expected) * optimism;
    return point.map((value, step) => value + reach * spreads[step]!);
  });
}

/** How much wider errors are on points that did not help to find the parameters. */
function optimismOf(length: number, parameters: number): number {
  return (1 + 2 / length) * Math.sqrt((length + parameters) / Math.max(length - parameters, length / 4, 1));
}

interface Errors {
  /** For each origin one error a step, NaN where the series ends before. */
  rows: Float64Array[];
}

function rollingErrors(fitted: Fitted, values: Float64Array, horizon: number): Errors {
  const count = values.length;
  const rows = originsOf(count).map((seen) => {
    const steps = Math.min(horizon, count - seen);
    const row = new Float64Array(horizon).fill(Number.NaN);
    const forecast = fitted.forecast(seen, steps);
    for (let step = 0; step < steps; step++) row[step] = values[seen + step]! - forecast[step]!;
    return row;
  });
  return { rows };
}

/** How many points are seen where the forecast of a series of `count` is repeated, the latest origin first. */
export function originsOf(count: number): number[] {
  const first = Math.max(1, Math.min(Math.ceil(count / 4), count - 2));
  const last = count - 1;
  const stride = Math.max(1, Math.floor((last - first + 1) / MAX_ORIGINS));
  const origins: number[] = [];
  for (let seen = last; seen >= first && origins.length < MAX_ORIGINS; seen -= stride) origins.push(seen);
  return origins;
}

/** Growth of the spread with the square root of the step: what a random walk has, where nothing better is known. */
const WALK = 0.5;

/** The size of the errors at each step: what was seen there, drawn to a power of the step where little was seen. */
function spreadsOf({ rows }: Errors, horizon: number): Float64Array {
  const squares = new Float64Array(horizon);
  const counts = new Uint32Array(horizon);
  for (const row of rows) {
    for (let step = 0; step < horizon; step++) {
      if (Number.isNaN(row[step]!)) continue;
      squares[step]! += row[step]! * row[step]!;
      counts[step]!++;
    }
  }
  const seen = squares.map((sum, step) => (counts[step]! > 0 ? Math.sqrt(sum / counts[step]!) : Number.NaN));
  const spreads = new Float64Array(horizon);
  for (let step = 0; step < horizon; step++) {
    const before = step === 0 ? 0 : spreads[step - 1]! * ((step + 1) / step) ** WALK;
    const trust = counts[step]! / (counts[step]! + 4);
    const here = counts[step]! > 0 ? seen[step]! : before;
    spreads[step] =
      step === 0 ? here : Math.max(spreads[step - 1]!, trust * here + (1 - trust) * Math.max(here, before));
  }
  return spreads;
}

/** Errors in units of the spread of their step, in order and with mean square 1. */
function shapeOf({ rows }: Errors, spreads: Float64Array): Float64Array {
  const all: number[] = [];
  const stride = Math.max(1, Math.ceil((rows.length * spreads.length) / MAX_SHAPE));
  let place = 0;
  for (const row of rows) {
    for (let step = 0; step < row.length; step++) {
      if (place++ % stride === 0 && spreads[step]! > 0 && !Number.isNaN(row[step]!))
        all.push(row[step]! / spreads[step]!);
    }
  }
  const shape = Float64Array.from(all).sort();
  let squares = 0;
  for (const value of shape) squares += value * value;
  const size = Math.sqrt(squares / shape.length);
  return size > 0 ? shape.map((value) => value / size) : shape.subarray(0, 0);
}

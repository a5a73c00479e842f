import { RequestError } from "../../../../platform/errors";
import { columnOf, placesOf } from "../../decoding/columns";
import { uncross } from "../../decoding/crossing";
import type { RunRow } from "../../inference/row";
import type { Forecast, ForecastQuery, Series } from "../../model";
import { phaseFeatures, recency, seasonalFill, significantPeriods } from "./periods";
import type { FracastShape } from "./shape";

export interface FracastSetting {
  shape: FracastShape;
  run: RunRow;
  query: Omit<ForecastQuery, "series">;
  fixCrossing: "repair" | "raw";
  /** Points that are looked at, of those that the window has room for. */
  context: number;
}

const MIN_POINTS = 8;
const MIN_SPAN = 1e-5;

/** Forecasts one series; docs/forecasting.md, "Fracast". Past the first block, the median goes on as the series. */
export async function forecastFracast(series: Series, setting: FracastSetting): Promise<Forecast> {
  const { shape, query, context } = setting;
  const columns = shape.quantiles.length;
  const median = placesOf([0.5], shape.quantiles)[0]!;
  const table = new Float64Array(query.horizon * columns);
  let seen = Float32Array.from(series.values.subarray(Math.max(0, series.values.length - context)));
  for (let done = 0; done < query.horizon; done += shape.horizon) {
    const blockValues = await runBlock(setting, seen);
    table.set(blockValues.subarray(0, (query.horizon - done) * columns), done * columns);
    const path = columnOf({ columns, values: blockValues }, median);
    const next = new Float32Array(seen.length + path.length);
    next.set(seen);
    next.set(path, seen.length);
    seen = next.subarray(Math.max(0, next.length - shape.window));
  }
  const full = { columns, values: table };
  const repaired = { columns, values: table.slice() };
  if (setting.fixCrossing === "repair") uncross(repaired.values, columns, 0, median);
  const quantiles = placesOf(query.levels, shape.quantiles).map((place) => columnOf(repaired, place));
  return { point: columnOf(full, median), quantiles, full };
}

/** [horizon, quantiles], in the units of the series. */
async function runBlock({ shape, run, query }: FracastSetting, seen: Float32Array): Promise<Float64Array> {
  const { low, span } = extent(seen);
  const { values, present } = windowOf(seen, low, span, shape.window);
  const periods = significantPeriods(withoutGaps(values, present), shape);
  const fill = seasonalFill(values, present, { period: periods[0]!, bins: shape.phaseBins, steps: shape.horizon });
  const outputs = await run({
    own: {
      inputs: { shape: [shape.window, 7], values: inputsOf(values, present) },
      phases: { shape: [shape.window, 2 * shape.periods], values: phaseFeatures(shape.window, periods) },
      future: { shape: [shape.horizon, 6], values: futureOf(fill, shape.window) },
    },
    shared: { key: "", inputs: () => ({}) },
    tokens: shape.window / TOKEN_POINTS,
    signal: query.signal,
  });
  return Float64Array.from(outputs["out"]!, (value) => value * span + low);
}

/** So many points are about as much work as a token of the other networks. */
export const TOKEN_POINTS = 64;

/** Smallest value and extent. @throws RequestError 422 when there are too few values. */
function extent(seen: Float32Array): { low: number; span: number } {
  const finite = seen.filter(Number.isFinite);
  if (finite.length < MIN_POINTS) {
    throw new RequestError(422, `This model needs ${MIN_POINTS} values; a series has ${finite.length}.`, {
      faults: [{ path: ["series"], expected: `at least ${MIN_POINTS} values`, got: String(finite.length) }],
    });
  }
  const low = finite.reduce((least, value) => Math.min(least, value));
  const high = finite.reduce((most, value) => Math.max(most, value));
  return { low, span: Math.max(MIN_SPAN, high - low) };
}

/** The window in units from 0 to 1, padded in front; 0 where there is no value. */
function windowOf(
  seen: Float32Array,
  low: number,
  span: number,
  length: number,
): { values: Float32Array; present: Uint8Array } {
  const values = new Float32Array(length);
  const present = new Uint8Array(length);
  const padding = length - seen.length;
  for (let index = 0; index < seen.length; index++) {
    if (!Number.isFinite(seen[index])) continue;
    values[padding + index] = (seen[index]! - low) / span;
    present[padding + index] = 1;
  }
  return { values, present };
}

/** The mean of what is there, wherever nothing is. */
function withoutGaps(values: Float32Array, present: Uint8Array): Float64Array {
  const count = present.reduce((sum, one) => sum + one, 0);
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, count);
  return Float64Array.from(values, (value, index) => (present[index] === 1 ? value : mean));
}

function inputsOf(values: Float32Array, present: Uint8Array): Float32Array {
  const inputs = new Float32Array(values.length * 7);
  for (let point = 0; point < values.length; point++) {
    inputs.set([values[point]!, present[point]!, ...recency(point, values.length)], point * 7);
  }
  return inputs;
}

function futureOf(fill: Float32Array, window: number): Float32Array {
  const future = new Float32Array(fill.length * 6);
  for (let step = 0; step < fill.length; step++) {
    future.set([fill[step]!, ...recency(window + step, window)], step * 6);
  }
  return future;
}

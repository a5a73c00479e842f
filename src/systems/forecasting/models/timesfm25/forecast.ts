import { columnOf, placesOf } from "../../decoding/columns";
import { uncross } from "../../decoding/crossing";
import { filledTail } from "../../decoding/gaps";
import { type Location, restore, standardised } from "../../decoding/standardise";
import type { Forecast, Series } from "../../model";
import { type Decoded, type Decoder, decode } from "./decode";
import type { Timesfm25Options } from "./options";

export interface Timesfm25Setting extends Decoder {
  options: Timesfm25Options;
  /** Points of the window, in whole patches. */
  context: number;
}

const FLAT = 1e-6;

/** Forecasts one series; docs/forecasting.md, "TimesFM 2.5", "Decoding". */
export async function forecastTimesfm25(series: Series, setting: Timesfm25Setting): Promise<Forecast> {
  const { context, query, shape, options } = setting;
  const { columns, quantiles } = shape;
  const rules = options.forecast_config;
  const window = filledTail(series.values, context);
  const location = rules.normalize_inputs ? paddedLocation(window, context) : undefined;
  const values = location === undefined ? window : standardised(window, location);
  const { future, past, spread } = await decodeBothWays(setting, values, rules.force_flip_invariance);
  const median = 1 + placesOf([0.5], quantiles)[0]!;
  if (setting.spreads === "continuous") takeSpreads(future, spread, columns, median);
  for (const table of [future, past]) {
    if (rules.fix_quantile_crossing) uncross(table, columns, 1, median);
    if (location !== undefined) restore(table, location);
    if (rules.infer_is_positive && window.every((value) => value >= 0)) cutAtZero(table);
  }
  const full = { columns, values: future };
  const repaired = { columns, values: future.slice() };
  if (options.fix_quantile_crossing) uncross(repaired.values, columns, 1, median);
  const quantilesOf = placesOf(query.levels, quantiles).map((place) => columnOf(repaired, 1 + place));
  const forecast = { point: columnOf(full, median), quantiles: quantilesOf, full };
  if (query.past !== "fitted") return forecast;
  const fitted = { columns, values: past };
  const point = columnOf(fitted, median);
  return { ...forecast, fitted: { from: series.values.length - point.length, point, full: fitted } };
}

/**
 * Mean and sample standard deviation of a window as the network's package has it: padded in front with zeros, which
 * count. A window that does not vary has spread 1.
 */
function paddedLocation(window: Float64Array, context: number): Location {
  let sum = 0;
  for (const value of window) sum += value;
  const mean = sum / context;
  let squares = (context - window.length) * mean ** 2;
  for (const value of window) squares += (value - mean) ** 2;
  const spread = Math.sqrt(squares / Math.max(1, context - 1));
  return { mean, spread: spread < FLAT ? 1 : spread };
}

/** The forecast, or where asked its mean with the mirrored forecast of the mirrored series. */
async function decodeBothWays(decoder: Decoder, values: Float64Array, mirrored: boolean): Promise<Decoded> {
  if (!mirrored) return decode(decoder, values);
  const [there, back] = await Promise.all([
    decode(decoder, values),
    decode(
      decoder,
      values.map((value) => -value),
    ),
  ]);
  const { columns } = decoder.shape;
  return {
    future: averagedWithMirror(there.future, back.future, columns),
    past: averagedWithMirror(there.past, back.past, columns),
    spread: averagedWithMirror(there.spread, back.spread, columns),
  };
}

/** (f(x) - mirror(f(-x))) / 2, where the mirror of a low quantile is the high one. */
function averagedWithMirror(there: Float64Array, back: Float64Array, columns: number): Float64Array {
  return there.map((value, index) => {
    const column = index % columns;
    const mirror = column === 0 ? index : index - column + (columns - column);
    return (value - back[mirror]!) / 2;
  });
}

/** Quantiles around the median of the point head, as far from it as the head of spreads says. */
function takeSpreads(future: Float64Array, spread: Float64Array, columns: number, median: number): void {
  for (let row = 0; row < future.length; row += columns) {
    for (let column = 1; column < columns; column++) {
      if (column === median) continue;
      future[row + column] = spread[row + column]! - spread[row + median]! + future[row + median]!;
    }
  }
}

function cutAtZero(table: Float64Array): void {
  for (let index = 0; index < table.length; index++) table[index] = Math.max(0, table[index]!);
}

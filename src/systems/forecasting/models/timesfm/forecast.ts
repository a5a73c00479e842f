import { columnOf, placesOf } from "../../decoding/columns";
import { uncross } from "../../decoding/crossing";
import { filledTail } from "../../decoding/gaps";
import { movingAverageSplit } from "../../decoding/movingAverage";
import { locationOf, restore, standardised } from "../../decoding/standardise";
import type { RunRow } from "../../inference/row";
import type { Fitted, Forecast, ForecastQuery, Frequency, Series } from "../../model";
import { causalMask } from "../../onnx/causalMask";
import type { EmbeddingOf } from "./embedding";
import { flatSpreadOf, type TimesfmOptions } from "./options";
import type { TimesfmShape } from "./shape";
import { type TokenWindow, tokenWindow } from "./tokens";

/** What a forecast is made with. */
interface Setting {
  shape: TimesfmShape;
  embeddingOf: EmbeddingOf;
  run: RunRow;
  query: Omit<ForecastQuery, "series">;
  options: TimesfmOptions;
  /** Points of the window, in whole patches. */
  context: number;
  frequency: Frequency;
}

/** Every column of the network's output, in the series' units. */
interface Decoded {
  /** [horizon, columns]. */
  future: Float64Array;
  /** [points, columns] for the last points of the window, when the past was asked for. */
  past: Float64Array;
}

const MEAN_COLUMN = 0;

/** Forecasts one series; docs/forecasting.md, "TimesFM 1.0 and 2.0", "Decoding". */
export async function forecastTimesfm(series: Series, setting: Omit<Setting, "frequency">): Promise<Forecast> {
  const { shape, options, query, context } = setting;
  const own = { ...setting, frequency: series.frequency ?? 0 };
  const seen = options.forecast_context_len ?? context;
  const normalised = options.normalize ? filledTail(series.values, Number.POSITIVE_INFINITY) : undefined;
  const location = normalised && locationOf(normalised);
  const values =
    location === undefined ? filledTail(series.values, seen) : standardised(normalised!, location).slice(-seen);
  const { future, past } = await decodeParts(own, partsOf(values, options));
  if (location !== undefined) for (const table of [future, past]) restore(table, location);
  if (options.truncate_negative && series.values.every((value) => !(value < 0))) {
    for (const table of [future, past]) cutAtZero(table);
  }
  return {
    ...inColumns(future, own),
    ...(query.past === "fitted" && { fitted: fittedOf(past, series.values.length, shape, options) }),
  };
}

function partsOf(values: Float64Array, { window_size: window }: TimesfmOptions): Float64Array[] {
  if (window === undefined || window === null) return [values];
  const { trend, remainder } = movingAverageSplit(values, window);
  return [trend, remainder];
}

/** Forecasts each part on its own and adds them up. */
async function decodeParts(setting: Setting, parts: readonly Float64Array[]): Promise<Decoded> {
  const [sum, ...others] = await Promise.all(parts.map((part) => decode(setting, part)));
  for (const other of others) {
    for (let index = 0; index < other.future.length; index++) sum!.future[index]! += other.future[index]!;
    for (let index = 0; index < other.past.length; index++) sum!.past[index]! += other.past[index]!;
  }
  return sum!;
}

/** Step after step: each puts out 128 points, whose mean is appended to what the next one sees. */
async function decode(setting: Setting, values: Float64Array): Promise<Decoded> {
  const { shape, context, query } = setting;
  const { outputPatch, columns } = shape;
  const future = new Float64Array(query.horizon * columns);
  let past: Float64Array = new Float64Array();
  let seen = values.subarray(Math.max(0, values.length - context));
  for (let done = 0; done < query.horizon; done += outputPatch) {
    const window = tokenWindow(seen, shape.patch, flatSpreadOf(setting.options));
    const looksBack = done === 0 && query.past === "fitted";
    const outputs = inUnits(await runWindow(setting, window, looksBack ? window.patches : 1), window);
    const step = outputs.subarray(outputs.length - outputPatch * columns);
    if (looksBack) past = pastOf(outputs, window.patches, shape);
    future.set(step.subarray(0, (query.horizon - done) * columns), done * columns);
    seen = appended(seen, step, columns, context);
  }
  return { future, past };
}

async function runWindow(setting: Setting, window: TokenWindow, reach: number): Promise<Float32Array> {
  const { patches, tokens, empty } = window;
  const row = {
    own: {
      tokens: { shape: [patches, tokens.length / patches], values: tokens },
      embedding: setting.embeddingOf(setting.frequency, empty),
    },
    shared: {
      key: `${reach} ${empty.join("")}`,
      inputs: () => ({
        mask: { shape: [1, 1, patches, patches], values: causalMask(empty) },
        reach: { shape: [reach], values: new Float32Array(reach) },
      }),
    },
    tokens: patches,
    signal: setting.query.signal,
  };
  return (await setting.run(row))["out"]!;
}

/** As the reference does, in f32: what is fed back is rounded like there. */
function inUnits(outputs: Float32Array, { mu, sigma }: TokenWindow): Float64Array {
  return Float64Array.from(outputs, (value) => Math.fround(value * sigma + mu));
}

/** What every patch but the last said of the patch after it. */
function pastOf(outputs: Float64Array, patches: number, { patch, outputPatch, columns }: TimesfmShape): Float64Array {
  const past = new Float64Array((patches - 1) * patch * columns);
  for (let at = 0; at < patches - 1; at++) {
    const said = outputs.subarray(at * outputPatch * columns, (at * outputPatch + patch) * columns);
    past.set(said, at * patch * columns);
  }
  return past;
}

function appended(seen: Float64Array, step: Float64Array, columns: number, context: number): Float64Array {
  const points = step.length / columns;
  const next = new Float64Array(seen.length + points);
  next.set(seen);
  for (let index = 0; index < points; index++) next[seen.length + index] = step[index * columns + MEAN_COLUMN]!;
  return next.subarray(Math.max(0, next.length - context));
}

function cutAtZero(table: Float64Array): void {
  for (let index = 0; index < table.length; index++) table[index] = Math.max(0, table[index]!);
}

function inColumns(table: Float64Array, { shape, query, options }: Setting): Forecast {
  const { columns, quantiles } = shape;
  const full = { columns, values: table };
  const places = placesOf(query.levels, quantiles);
  const repaired = { columns, values: table.slice() };
  if (options.fix_quantile_crossing) uncross(repaired.values, columns, 1, medianColumn(shape));
  const point = columnOf(full, pointColumn(shape, options));
  return { point, quantiles: places.map((place) => columnOf(repaired, 1 + place)), full };
}

function fittedOf(past: Float64Array, length: number, shape: TimesfmShape, options: TimesfmOptions): Fitted {
  const full = { columns: shape.columns, values: past };
  const point = columnOf(full, pointColumn(shape, options));
  return { from: length - point.length, point, full };
}

function pointColumn(shape: TimesfmShape, { point_forecast_mode: mode }: TimesfmOptions): number {
  return mode === "mean" ? MEAN_COLUMN : medianColumn(shape);
}

function medianColumn({ quantiles }: TimesfmShape): number {
  return 1 + placesOf([0.5], quantiles)[0]!;
}

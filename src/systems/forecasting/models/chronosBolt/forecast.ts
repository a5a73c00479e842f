import { quantileOfSorted } from "../../../../numeric/quantiles";
import { columnOf, placesOf } from "../../decoding/columns";
import { uncross } from "../../decoding/crossing";
import type { RunRow } from "../../inference/row";
import type { Forecast, ForecastQuery, Series } from "../../model";
import type { ChronosBoltOptions } from "./options";
import type { ChronosBoltShape } from "./shape";
import { boltTokens } from "./tokens";

export interface ChronosBoltSetting {
  shape: ChronosBoltShape;
  /** What is added for the distance between two of so many tokens; [heads, tokens, tokens]. */
  biasOf: (tokens: number) => Float32Array;
  run: RunRow;
  query: Omit<ForecastQuery, "series">;
  options: ChronosBoltOptions;
  /** Points of the window. */
  context: number;
}

/**
 * Forecasts one series; docs/forecasting.md, "Chronos-Bolt". Past the first block, each quantile's own path is appended to
 * the context and forecast on, and the quantiles of all those forecasts together are the next block.
 */
export async function forecastChronosBolt(series: Series, setting: ChronosBoltSetting): Promise<Forecast> {
  const { shape, query, options } = setting;
  const { quantiles, outputSteps } = shape;
  const columns = quantiles.length;
  const table = new Float64Array(query.horizon * columns);
  let windows = [series.values.subarray(Math.max(0, series.values.length - setting.context))];
  for (let done = 0; done < query.horizon; done += outputSteps) {
    const blocks = await Promise.all(windows.map((window) => runWindow(setting, window)));
    const paths = blocks.length === 1 ? blocks[0]! : pooled(blocks, quantiles, outputSteps);
    const steps = Math.min(outputSteps, query.horizon - done);
    for (let step = 0; step < steps; step++) {
      for (let column = 0; column < columns; column++) table[(done + step) * columns + column] = paths[column]![step]!;
    }
    windows = paths.map((path, column) => appended(windows[column] ?? windows[0]!, path, setting.context));
  }
  const full = { columns, values: table };
  const repaired = { columns, values: table.slice() };
  const median = placesOf([0.5], quantiles)[0]!;
  if (options.fix_quantile_crossing) uncross(repaired.values, columns, 0, median);
  const quantilesOf = placesOf(query.levels, quantiles).map((place) => columnOf(repaired, place));
  return { point: columnOf(full, median), quantiles: quantilesOf, full };
}

/** The quantiles' paths over one block, in the units of the series. */
async function runWindow(
  { shape, biasOf, run, query }: ChronosBoltSetting,
  window: Float64Array,
): Promise<Float64Array[]> {
  const { patches, tokens, keyMask, location, scale } = boltTokens(window, shape.patch);
  const { heads, outputSteps } = shape;
  const outputs = await run({
    own: {
      tokens: { shape: [patches, 2 * shape.patch], values: tokens },
      keyMask: { shape: [1, 1, patches + 1], values: keyMask },
    },
    shared: {
      key: String(patches),
      inputs: () => ({ distanceBias: { shape: [1, heads, patches + 1, patches + 1], values: biasOf(patches + 1) } }),
    },
    tokens: patches + 1,
    signal: query.signal,
  });
  const out = outputs["out"]!;
  return shape.quantiles.map((_, place) => {
    return Float64Array.from(out.subarray(place * outputSteps, (place + 1) * outputSteps), (z) => {
      return Math.fround(z * scale + location);
    });
  });
}

/** The quantiles of all paths of all blocks together, step by step. */
function pooled(blocks: readonly Float64Array[][], quantiles: readonly number[], steps: number): Float64Array[] {
  const paths = blocks.flat();
  const result = quantiles.map(() => new Float64Array(steps));
  const values = new Float64Array(paths.length);
  for (let step = 0; step < steps; step++) {
    for (let path = 0; path < paths.length; path++) values[path] = paths[path]![step]!;
    values.sort();
    for (const [place, level] of quantiles.entries())
      result[place]![step] = quantileOfSorted(values, values.length, level);
  }
  return result;
}

function appended(window: Float64Array, path: Float64Array, context: number): Float64Array {
  const next = new Float64Array(window.length + path.length);
  next.set(window);
  next.set(path, window.length);
  return next.subarray(Math.max(0, next.length - context));
}

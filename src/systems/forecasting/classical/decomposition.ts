/** Whether a season is added to the rest or multiplies it. */
export type Composition = "A" | "M";

/**
 * The mean shape of a season: `period` values for the phases from the first point on, of mean 0 (added) or 1 (multiplied).
 * Each phase is the mean of what remains beside a centred moving average over one season. Needs two whole seasons.
 * Source: the classical decomposition of W. Persons, 1919, as in R. Hyndman, G. Athanasopoulos, "Forecasting: principles
 * and practice", section 3.4.
 */
export function seasonalShape(values: Float64Array, period: number, composition: Composition): Float64Array {
  const trend = centredAverage(values, period);
  const sums = new Float64Array(period);
  const counts = new Uint32Array(period);
  for (let t = 0; t < values.length; t++) {
    if (Number.isNaN(trend[t]!)) continue;
    sums[t % period]! += composition === "M" ? values[t]! / trend[t]! : values[t]! - trend[t]!;
    counts[t % period]!++;
  }
  const neutral = composition === "M" ? 1 : 0;
  const shape = sums.map((sum, phase) => (counts[phase]! > 0 ? sum / counts[phase]! : neutral));
  const mean = shape.reduce((sum, value) => sum + value, 0) / period;
  return shape.map((value) => (composition === "M" ? value / mean : value - mean));
}

/** The mean over one season around each point, the outermost points of an even one at half weight; NaN at both ends. */
export function centredAverage(values: Float64Array, period: number): Float64Array {
  const count = values.length;
  const half = Math.floor(period / 2);
  const averages = new Float64Array(count).fill(Number.NaN);
  if (count < 2 * half + 1) return averages;
  const even = period % 2 === 0;
  let sum = 0;
  for (let t = 0; t <= 2 * half; t++) sum += values[t]!;
  for (let t = half; t + half < count; t++) {
    const ends = even ? (values[t - half]! + values[t + half]!) / 2 : 0;
    averages[t] = (sum - ends) / period;
    sum += (values[t + half + 1] ?? 0) - values[t - half]!;
  }
  return averages;
}

/** The series without its season. */
export function withoutSeason(values: Float64Array, shape: Float64Array, composition: Composition): Float64Array {
  const period = shape.length;
  return values.map((value, t) => (composition === "M" ? value / shape[t % period]! : value - shape[t % period]!));
}

/** The line of least squares through values at 0, 1, 2 ...; flat through a single one. */
export function lineThrough(values: Float64Array): { start: number; slope: number } {
  const count = values.length;
  const middle = (count - 1) / 2;
  let mean = 0;
  let moment = 0;
  for (let t = 0; t < count; t++) {
    mean += values[t]! / count;
    moment += (t - middle) * values[t]!;
  }
  const slope = count > 1 ? (12 * moment) / (count * (count * count - 1)) : 0;
  return { start: mean - slope * middle, slope };
}

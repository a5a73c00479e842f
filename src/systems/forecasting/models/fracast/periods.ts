import { powerSpectrum } from "../../../../numeric/fourier";

export interface PeriodRules {
  /** The most periods. */
  periods: number;
  minPeriod: number;
  /** How likely noise alone may show a period. */
  significance: number;
}

const SMALLEST_POWER = 1e-12;

/**
 * The periods that stand out of a window, the strongest first; 0 for each that is missing. A peak of the periodogram counts
 * when its share of the whole exceeds ln(n / significance) / n of n frequencies, as the largest of so many noisy ones would.
 * @param values as many as a power of two, without gaps
 */
export function significantPeriods(values: Float64Array, { periods, minPeriod, significance }: PeriodRules): number[] {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const power = powerSpectrum(values.map((value) => value - mean)).subarray(1);
  const total = Math.max(
    SMALLEST_POWER,
    power.reduce((sum, value) => sum + value, 0),
  );
  const threshold = Math.log(power.length / significance) / power.length;
  const lowest = Math.max(0, Math.floor(length / Math.max(2, Math.floor(length / 2))) - 1);
  const highest = Math.min(power.length - 1, Math.floor(length / Math.max(2, minPeriod)) - 1);
  const peaks: { share: number; period: number }[] = [];
  for (let index = Math.max(1, lowest); index <= Math.min(highest, power.length - 2); index++) {
    const share = power[index]! / total;
    if (power[index]! <= power[index - 1]! || power[index]! <= power[index + 1]! || share < threshold) continue;
    peaks.push({ share, period: Math.round(length / (index + 1)) });
  }
  peaks.sort((left, right) => right.share - left.share);
  return Array.from({ length: periods }, (_, index) => peaks[index]?.period ?? 0);
}

const FULL_TURN = Math.fround(2 * Math.PI);

/** Sine and cosine of each point's phase in each period, [points, 2 * periods]; zeros for a period that is missing. */
export function phaseFeatures(points: number, periods: readonly number[]): Float32Array {
  const features = new Float32Array(points * 2 * periods.length);
  for (const [index, period] of periods.entries()) {
    if (period === 0) continue;
    for (let point = 0; point < points; point++) {
      // In f32, as the network was trained.
      const phase = Math.fround(Math.fround(FULL_TURN * point) / period);
      features[(point * periods.length + index) * 2] = Math.sin(phase);
      features[(point * periods.length + index) * 2 + 1] = Math.cos(phase);
    }
  }
  return features;
}

/**
 * What each step after a window would be if it were the mean of its phase in the main period, over `bins` parts of it.
 * @param present 1 where there is a value
 */
export function seasonalFill(
  values: Float32Array,
  present: Uint8Array,
  { period, bins, steps }: { period: number; bins: number; steps: number },
): Float32Array {
  const primary = Math.max(1, period);
  const binOf = (point: number) => {
    return Math.min(bins - 1, Math.floor(Math.fround(Math.fround((point % primary) / primary) * bins)));
  };
  const [sums, counts] = [new Float64Array(bins), new Float64Array(bins)];
  let [sum, count] = [0, 0];
  for (let point = 0; point < values.length; point++) {
    if (present[point] === 0) continue;
    const bin = binOf(point);
    sums[bin]! += values[point]!;
    counts[bin]!++;
    sum += values[point]!;
    count++;
  }
  const mean = sum / Math.max(1, count);
  return Float32Array.from({ length: steps }, (_, step) => {
    const bin = binOf(values.length + step);
    return counts[bin]! > 0 ? sums[bin]! / counts[bin]! : mean;
  });
}

/** How far a point lies from the end of the window, in five bounded forms. */
export function recency(point: number, window: number): number[] {
  const distance = Math.fround((point - (window - 1)) / window);
  const away = Math.abs(distance);
  const logarithm = (Math.sign(distance) * Math.log1p(away)) / Math.LN2;
  return [distance, logarithm, Math.exp(-0.5 * away), Math.exp(-2 * away), Math.exp(-8 * away)];
}

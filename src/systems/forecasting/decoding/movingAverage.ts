/**
 * The mean of each value and the `window - 1` before it, where nothing before the beginning counts as 0, and what
 * remains: the two add up to the series.
 */
export function movingAverageSplit(
  values: Float64Array,
  window: number,
): { trend: Float64Array; remainder: Float64Array } {
  const trend = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) {
    let sum = 0;
    for (let back = Math.max(0, index - window + 1); back <= index; back++) sum += values[back]!;
    trend[index] = sum / window;
  }
  return { trend, remainder: values.map((value, index) => value - trend[index]!) };
}

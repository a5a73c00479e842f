import { medianOf } from "../../../numeric/quantiles";
import { type ClassicalId, chosenModel, fitWith } from "../classical/forecastSeries";
import { findSeasons } from "../classical/seasons";
import { filledTail } from "../decoding/gaps";
import { firstJudged, scaleOf } from "./anomalies";

/** Errors of more than so many scales do not count among what a model learns from. */
const OUTLYING = 4;
/** The same of distances from the points around, which are no forecast. */
const SPIKE = 6;
/** Seasons, or points where there is none, to each side that a point is compared with. */
const NEIGHBOURS = 3;

/**
 * What a built-in model says of each point of a series one step before, NaN where it says nothing. Spikes are taken out
 * first, then the model is fitted, and once more to a series in which points far from that fit are replaced by what it
 * said: an anomaly bends neither the model nor what is expected of the points after it.
 */
export function expectedPoints(
  values: Float64Array,
  model: ClassicalId | "auto",
  given: readonly number[] | undefined,
): Float64Array {
  const filled = filledTail(values, values.length);
  // Gaps at the beginning are not filled: the filled series begins later.
  const offset = values.length - filled.length;
  const seasons = (given ?? findSeasons(filled)).filter((period) => period > 1 && 2 * period <= filled.length);
  const from = Math.min(firstJudged(filled.length, seasons), filled.length);
  const plain = withoutSpikes(filled, Math.max(1, ...seasons));
  const first = oneStepAhead(plain, model, seasons, from);
  const scale = scaleOf(filled.map((value, t) => value - first[t]!));
  const cleaned = filled.map((value, t) => (Math.abs(value - first[t]!) > OUTLYING * scale ? first[t]! : value));
  const second = oneStepAhead(cleaned, model, seasons, from);
  const expected = new Float64Array(values.length).fill(Number.NaN);
  expected.set(second, offset);
  return expected;
}

function oneStepAhead(
  learned: Float64Array,
  model: ClassicalId | "auto",
  seasons: readonly number[],
  from: number,
): Float64Array {
  const said = new Float64Array(learned.length).fill(Number.NaN);
  if (learned.every((value) => value === learned[0])) return said.fill(learned[0]!, from);
  const fitted = fitWith(chosenModel(model, learned, seasons, 1).model, learned, seasons);
  for (let seen = from; seen < learned.length; seen++) said[seen] = fitted.forecast(seen, 1)[0]!;
  return said;
}

/**
 * The series with points that are far from those around them, a season or a point apart, replaced by their median. Those
 * around stand in pairs, so that a trend is no distance; what has none is left alone.
 */
function withoutSpikes(values: Float64Array, period: number): Float64Array {
  const around = values.map((value, t) => {
    const pairs = Array.from({ length: NEIGHBOURS }, (_, index) => (index + 1) * period)
      .filter((apart) => t >= apart && t + apart < values.length)
      .flatMap((apart) => [values[t - apart]!, values[t + apart]!]);
    return pairs.length === 0 ? value : medianOf(pairs);
  });
  const scale = medianOf(values.map((value, t) => Math.abs(value - around[t]!)));
  return values.map((value, t) => (Math.abs(value - around[t]!) > SPIKE * scale ? around[t]! : value));
}

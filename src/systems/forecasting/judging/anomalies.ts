import { finiteOrNull } from "../../../numeric/finite";
import { normalQuantile, normalShare } from "../../../numeric/normal";
import { medianOf } from "../../../numeric/quantiles";

/** How one point of a series was judged. */
export interface JudgedPoint {
  value: number | null;
  expected: number | null;
  /** Between these, at the level asked for, a point is ordinary. */
  lower: number | null;
  upper: number | null;
  /** Its distance from what was expected, in scales of the ordinary errors. */
  score: number | null;
  /** The chance of an ordinary point to be as far away. */
  p_value: number | null;
  anomaly: boolean;
  /** False for a point that is too early, missing, or not asked for. */
  judged: boolean;
}

export interface AnomalyRules {
  /** Share of ordinary points that are to be called ordinary. */
  level: number;
  /** So many points at the end are judged; all that can be where absent. */
  last?: number;
}

/** Points that a model sees before it says something of the next one. */
const LEAST_SEEN = 4;
/** Errors that tell how large ordinary ones are. */
const LEAST_ERRORS = 6;
/** The median distance of normal errors from their middle, over their standard deviation. */
const NORMAL_MEDIAN_DISTANCE = 0.674489750196082;

/** The first point of a series that can be expected: a season and some points come before. */
export function firstJudged(length: number, seasons: readonly number[]): number {
  const season = seasons.filter((period) => 3 * period <= length).reduce((most, period) => Math.max(most, period), 0);
  return Math.max(LEAST_SEEN, season);
}

/** Points that a series must have for its last `last` ones to be judged, or for any. */
export function neededPoints(last = 0): number {
  return LEAST_SEEN + LEAST_ERRORS + last;
}

/**
 * The standard deviation of ordinary errors, by the median of their magnitudes, which anomalies among them do not move;
 * by their mean square where most are 0. NaN among them are left out.
 */
export function scaleOf(errors: Float64Array): number {
  const sizes = errors.filter((error) => !Number.isNaN(error)).map(Math.abs);
  const scale = medianOf(sizes) / NORMAL_MEDIAN_DISTANCE;
  if (scale > 0) return scale;
  if (sizes.length === 0) return 0;
  return Math.sqrt(sizes.reduce((sum, size) => sum + size * size, 0) / sizes.length);
}

/**
 * Judges the points of a series by what was expected of each (docs/forecasting.md, "Anomalies"): a row for every point.
 * With `last` the scale of ordinary errors is that of the points before.
 * @param expected NaN where nothing was
 */
export function judgedPoints(
  values: Float64Array,
  expected: Float64Array,
  { level, last }: AnomalyRules,
): JudgedPoint[] {
  const from = last === undefined ? 0 : values.length - last;
  const errors = values.map((value, t) => value - expected[t]!);
  const scale = scaleOf(last === undefined ? errors : errors.subarray(0, from));
  const reach = normalQuantile((1 + level) / 2) * scale;
  return Array.from(values, (value, t) => {
    const said = expected[t]!;
    const error = errors[t]!;
    const known = { value: finiteOrNull(value), expected: finiteOrNull(said) };
    if (!Number.isFinite(error) || t < from) {
      return { ...known, lower: null, upper: null, score: null, p_value: null, anomaly: false, judged: false };
    }
    const score = scoreOf(error, scale);
    const p = 2 * normalShare(-Math.abs(score));
    return {
      ...known,
      lower: said - reach,
      upper: said + reach,
      score,
      p_value: p,
      anomaly: p < 1 - level,
      judged: true,
    };
  });
}

/** The largest score that is told, for a point that differs where none ever did. */
const MAX_SCORE = 1e6;

function scoreOf(error: number, scale: number): number {
  if (error === 0) return 0;
  return Math.max(-MAX_SCORE, Math.min(MAX_SCORE, error / scale));
}

/**
 * The optimised theta models in state-space form. Source: J. Fiorucci, T. Pellegrini, F. Louzada, F. Petropoulos,
 * A. Koehler, "Models for optimising the theta method and their relationship to state space models", 2016, equations 15 ff.
 * Static: the line is that of least squares over the whole series. Dynamic: the line through what was seen so far.
 */
export interface ThetaParameters {
  /** Where the level begins. */
  level: number;
  alpha: number;
  /** How much of the curvature is kept: 2 is the classical method, 1 is exponential smoothing alone. */
  theta: number;
}

export interface ThetaStates {
  /** Before each point, and after the last. */
  level: Float64Array;
  mean: Float64Array;
  /** Value of the line at 0 and its slope, before each point and after the last. */
  start: Float64Array;
  slope: Float64Array;
  /** What was said of each point before it was seen. */
  said: Float64Array;
}

/** The line that stays, or nothing where it follows what is seen. */
export type StaticLine = { start: number; slope: number } | undefined;

export function createThetaStates(length: number): ThetaStates {
  const row = () => new Float64Array(length + 1);
  return { level: row(), mean: row(), start: row(), slope: row(), said: new Float64Array(length) };
}

/** Runs the states over the series and gives the sum of the squared errors from the fourth point on (all of a shorter one). */
export function runTheta(
  values: Float64Array,
  { level, alpha, theta }: ThetaParameters,
  line: StaticLine,
  states: ThetaStates,
): number {
  const count = values.length;
  const skip = count > 6 ? 3 : 1;
  const bend = 1 - 1 / theta;
  const rest = 1 - alpha;
  let squares = 0;
  let power = 1;
  let at = level;
  let mean = 0;
  let [start, slope] = line === undefined ? [values[0]!, 0] : [line.start, line.slope];
  for (let t = 0; t < count; t++) {
    states.level[t] = at;
    states.mean[t] = mean;
    states.start[t] = start;
    states.slope[t] = slope;
    const y = values[t]!;
    const said = line === undefined && t === 0 ? y : at + bend * (start * power + (slope * (1 - power * rest)) / alpha);
    states.said[t] = said;
    if (t >= skip) squares += (y - said) * (y - said);
    at = alpha * y + rest * at;
    if (line === undefined) {
      slope = ((t - 1) * slope + (6 * (y - mean)) / (t + 1)) / (t + 2);
      if (t === 0) slope = 0;
      mean += (y - mean) / (t + 1);
      start = mean - (slope * (t + 2)) / 2;
    }
    power *= rest;
  }
  states.level[count] = at;
  states.mean[count] = mean;
  states.start[count] = start;
  states.slope[count] = slope;
  return squares;
}

/** Goes on from the states after `seen` points, each forecast taken for what came. */
export function thetaForecast(
  { alpha, theta }: ThetaParameters,
  line: StaticLine,
  states: ThetaStates,
  seen: number,
  horizon: number,
): Float64Array {
  const forecast = new Float64Array(horizon);
  const bend = 1 - 1 / theta;
  const rest = 1 - alpha;
  let power = rest ** seen;
  let at = states.level[seen]!;
  let mean = states.mean[seen]!;
  let start = states.start[seen]!;
  let slope = states.slope[seen]!;
  for (let step = 0; step < horizon; step++) {
    const y = at + bend * (start * power + (slope * (1 - power * rest)) / alpha);
    forecast[step] = y;
    at = alpha * y + rest * at;
    if (line === undefined) {
      const t = seen + step;
      slope = ((t - 1) * slope + (6 * (y - mean)) / (t + 1)) / (t + 2);
      mean += (y - mean) / (t + 1);
      start = mean - (slope * (t + 2)) / 2;
    }
    power *= rest;
  }
  return forecast;
}

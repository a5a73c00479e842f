import { minimise } from "../../../../numeric/quasiNewton";
import { type Composition, lineThrough, seasonalShape, withoutSeason } from "../decomposition";
import { createStates, type Form, runStates, type Slopes, type Smoothing, type States, slopesOf } from "./states";

/** One form with the parameters of the largest likelihood. */
export interface FittedForm {
  form: Form;
  period: number;
  smoothing: Smoothing;
  states: States;
  /** Smoothing parameters, beginnings, and the size of the errors. */
  parameters: number;
  /** Akaike's criterion, corrected for short series; Infinity where the form has more parameters than the series bears. */
  aicc: number;
}

/** Parameters lie between these; beta as a share of alpha, gamma as a share of 1 - alpha. */
const BOUNDS = { alpha: [1e-4, 0.9999], beta: [1e-4, 0.9999], gamma: [1e-4, 0.9999], phi: [0.8, 0.98] } as const;
const BEGINNING = { alpha: 0.5, beta: 0.005, gamma: 0.3, phi: 0.95 };
const MAX_STEPS = 50;
const TOLERANCE = 1e-6;

export function formParameters({ trend, season }: Form, period: number): number {
  const ofTrend = { N: 0, A: 2, Ad: 3 }[trend];
  return 2 + ofTrend + (season === "N" ? 0 : period) + 1;
}

/**
 * Finds smoothing parameters and beginnings together.
 * @param values of size about 1; above 0 where the form has relative errors or a season that multiplies
 * @param period 1 for a form without a season
 */
export function fitForm(form: Form, values: Float64Array, period: number): FittedForm {
  const states = createStates(values.length, period);
  const slopes: Slopes = { smoothing: BEGINNING, level: 0, trend: 0, season: new Float64Array(values.length + period) };
  const beginning = beginningsOf(form, values, period);
  const parameters = formParameters(form, period);
  const point = new Float64Array(6 + (form.season === "N" ? 0 : period));
  point.set([unbounded("alpha", 0), unbounded("beta", 0), unbounded("gamma", 0), unbounded("phi", 0)]);
  point.set(beginning, 4);
  const trended = form.trend !== "N";
  let smoothing = BEGINNING;
  const at = (where: Float64Array, gradient: Float64Array): number => {
    smoothing = smoothingAt(form, where);
    states.level[0] = where[4]!;
    states.trend[0] = trended ? where[5]! : 0;
    if (form.season === "N") states.season.fill(0, 0, period);
    else for (let phase = 0; phase < period; phase++) states.season[phase] = where[6 + phase]!;
    const likelihood = runStates(form, values, smoothing, period, states);
    if (!Number.isFinite(likelihood)) return Number.POSITIVE_INFINITY;
    slopesOf(form, values, smoothing, period, states, slopes);
    writeGradient(form, where, slopes, gradient);
    return likelihood;
  };
  minimise(at, point, MAX_STEPS, TOLERANCE);
  const likelihood = at(point, new Float64Array(point.length));
  const spare = values.length - parameters - 1;
  const aicc = spare > 0 ? likelihood + 2 * parameters + (2 * parameters * (parameters + 1)) / spare : Infinity;
  return { form, period, smoothing, states, parameters, aicc };
}

/** Level, trend and season to begin from: a line through the first points without the season's mean shape. */
function beginningsOf(form: Form, values: Float64Array, period: number): Float64Array {
  const hasSeason = form.season !== "N";
  const composition = form.season as Composition;
  const shape = hasSeason ? seasonalShape(values, period, composition) : new Float64Array(0);
  if (form.season === "M") for (let phase = 0; phase < period; phase++) shape[phase] = Math.max(shape[phase]!, 0.01);
  const rest = hasSeason ? withoutSeason(values, shape, composition) : values;
  const head = rest.subarray(0, Math.max(10, 2 * period));
  const line = lineThrough(head);
  const slope = form.trend === "N" ? 0 : line.slope;
  let level = form.trend === "N" ? meanOf(head) : line.start - slope;
  if ((form.error === "M" || form.season === "M") && !(level + slope > 1e-3)) level = Math.max(head[0]!, 1e-3) - slope;
  const beginning = new Float64Array(2 + shape.length);
  beginning.set([level, slope]);
  beginning.set(shape, 2);
  return beginning;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

type Bounded = keyof typeof BOUNDS;

function share(where: number): number {
  return 1 / (1 + Math.exp(-where));
}

function bounded(name: Bounded, where: number): number {
  const [low, high] = BOUNDS[name];
  return low + (high - low) * share(where);
}

/** Where a parameter begins, on the line that {@link bounded} bends into its bounds. */
function unbounded(name: Bounded, offset: number): number {
  const [low, high] = BOUNDS[name];
  const part = (BEGINNING[name] - low) / (high - low);
  return Math.log(part / (1 - part)) + offset;
}

function smoothingAt({ trend, season }: Form, where: Float64Array): Smoothing {
  const alpha = bounded("alpha", where[0]!);
  const beta = trend === "N" ? 0 : alpha * bounded("beta", where[1]!);
  const gamma = season === "N" ? 0 : (1 - alpha) * bounded("gamma", where[2]!);
  return { alpha, beta, gamma, phi: trend === "Ad" ? bounded("phi", where[3]!) : 1 };
}

function writeGradient({ trend, season }: Form, where: Float64Array, slopes: Slopes, gradient: Float64Array): void {
  const { alpha, beta, gamma, phi } = slopes.smoothing;
  const bend = (name: Bounded, index: number) => {
    const [low, high] = BOUNDS[name];
    const part = share(where[index]!);
    return (high - low) * part * (1 - part);
  };
  const size = bounded("alpha", where[0]!);
  const betaShare = trend === "N" ? 0 : bounded("beta", where[1]!);
  const gammaShare = season === "N" ? 0 : bounded("gamma", where[2]!);
  gradient.fill(0);
  gradient[0] = (alpha + beta * betaShare - gamma * gammaShare) * bend("alpha", 0);
  if (trend !== "N") gradient[1] = beta * size * bend("beta", 1);
  if (season !== "N") gradient[2] = gamma * (1 - size) * bend("gamma", 2);
  if (trend === "Ad") gradient[3] = phi * bend("phi", 3);
  gradient[4] = slopes.level;
  gradient[5] = trend === "N" ? 0 : slopes.trend;
  for (let index = 6; index < gradient.length; index++) gradient[index] = slopes.season[index - 6]!;
}

import { simplexSearch } from "../../../../numeric/simplexSearch";
import { type Composition, lineThrough, seasonalShape, withoutSeason } from "../decomposition";
import type { Fitted } from "../fitted";
import {
  createThetaStates,
  runTheta,
  type StaticLine,
  type ThetaParameters,
  type ThetaStates,
  thetaForecast,
} from "./states";

interface Kind {
  label: string;
  /** Whether the line is that of the whole series. */
  isStatic: boolean;
  /** Given where it is not looked for. */
  theta?: number;
}

const KINDS: readonly Kind[] = [
  { label: "standard theta", isStatic: true, theta: 2 },
  { label: "optimised theta", isStatic: true },
  { label: "dynamic standard theta", isStatic: false, theta: 2 },
  { label: "dynamic optimised theta", isStatic: false },
];

const MIN_ALPHA = 0.1;
const MAX_ALPHA = 0.99;
const MAX_CALLS = 250;
const TOLERANCE = 1e-7;

export interface FittedTheta {
  kind: Kind;
  parameters: ThetaParameters;
  line: StaticLine;
  states: ThetaStates;
  /** The sum of the squared errors, seen one step ahead. */
  squares: number;
}

/**
 * The one of four theta models that says the next point best, on the series without its season where it has one.
 * Source: V. Assimakopoulos, K. Nikolopoulos, "The theta model", 2000; the four forms by J. Fiorucci et al., 2016.
 * @param values without gaps, at least one
 * @param period 1 where there is no season
 */
export function autoTheta(values: Float64Array, period: number): Fitted {
  const { shape, composition } = seasonOf(values, period);
  const rest = withoutSeason(values, shape, composition);
  const best = KINDS.map((kind) => fitTheta(rest, kind)).reduce((best, one) =>
    one.squares < best.squares ? one : best,
  );
  const season = {
    multiplies: composition === "M",
    at: (seen: number, step: number) => shape[(seen + step) % shape.length]!,
  };
  const fitted = thetaOver(best, season);
  return { ...fitted, parameters: fitted.parameters + (shape.length > 1 ? shape.length : 0) };
}

/** The two forms that look for their theta, static and dynamic. */
export function fitOptimisedThetas(values: Float64Array): FittedTheta[] {
  return KINDS.filter(({ theta }) => theta === undefined).map((kind) => fitTheta(values, kind));
}

/** A theta model of a series whose season was taken out. */
export function thetaOver(
  fit: FittedTheta,
  season: { multiplies: boolean; at(seen: number, step: number): number },
): Fitted {
  return {
    label: fit.kind.label,
    parameters: fit.kind.theta === undefined ? 3 : 2,
    forecast(seen, horizon) {
      const forecast = thetaForecast(fit.parameters, fit.line, fit.states, seen, horizon);
      return forecast.map((value, step) => {
        const share = season.at(seen, step);
        return season.multiplies ? value * share : value + share;
      });
    },
  };
}

interface Season {
  /** One value for each phase; a single neutral one where the series has no season. */
  shape: Float64Array;
  composition: Composition;
}

/** The season where its autocorrelation stands out at the level of 10 %; it multiplies where nothing speaks against it. */
function seasonOf(values: Float64Array, period: number): Season {
  if (period < 2 || values.length < 2 * period || !isSeasonal(values, period)) {
    return { shape: Float64Array.of(0), composition: "A" };
  }
  if (values.every((value) => value > 0)) {
    const shape = seasonalShape(values, period, "M");
    if (shape.every((value) => value > 0.01)) return { shape, composition: "M" };
  }
  return { shape: seasonalShape(values, period, "A"), composition: "A" };
}

const NINETY_PERCENT = 1.645;

function isSeasonal(values: Float64Array, period: number): boolean {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2;
  if (!(variance > 0)) return false;
  let noise = 1;
  let last = 0;
  for (let lag = 1; lag <= period; lag++) {
    let sum = 0;
    for (let t = lag; t < count; t++) sum += (values[t]! - mean) * (values[t - lag]! - mean);
    last = sum / variance;
    if (lag < period) noise += 2 * last * last;
  }
  return Math.abs(last) > NINETY_PERCENT * Math.sqrt(noise / count);
}

function fitTheta(values: Float64Array, kind: Kind): FittedTheta {
  const whole = lineThrough(values);
  const line = kind.isStatic ? { start: whole.start - whole.slope, slope: whole.slope } : undefined;
  const states = createThetaStates(values.length);
  const read = (point: Float64Array): ThetaParameters => ({
    level: point[0]!,
    alpha: Math.min(MAX_ALPHA, Math.max(MIN_ALPHA, point[1]!)),
    theta: kind.theta ?? Math.max(1, point[2]!),
  });
  const size = values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  const start = kind.theta === undefined ? [values[0]! / 2, 0.5, 2] : [values[0]! / 2, 0.5];
  const strides = [0.3 * size, 0.2, 1].slice(0, start.length);
  const at = (point: Float64Array) => {
    // Outside of the bounds it grows, so that the search turns back.
    const outside = Math.max(0, MIN_ALPHA - point[1]!) + Math.max(0, point[1]! - MAX_ALPHA);
    const below = kind.theta === undefined ? Math.max(0, 1 - point[2]!) : 0;
    return runTheta(values, read(point), line, states) * (1 + outside + below);
  };
  const parameters = read(simplexSearch(at, Float64Array.from(start), strides, MAX_CALLS, TOLERANCE));
  const squares = runTheta(values, parameters, line, states);
  return { kind, parameters, line, states, squares };
}

import { quantileOfSorted } from "../../../numeric/quantiles";
import { type ChancePlan, chanceMaker, type Wandering } from "../batch/request/chance";
import { fitLevelWalk } from "../batch/request/levelWalk";
import { fitRates, weeksOf } from "../batch/request/rateProcess";
import type { MeasuredStocks } from "../history/measured";
import type { HistorySnapshot } from "../history/snapshot";
import { type Engine, prepareEngine } from "../model/engine";
import { forecast } from "../model/forecast";
import { type ScenarioMembers, scenarioFrom } from "../scenario";
import type { OutputName } from "../schema/series";
import { type Known, pastHistory } from "./pastHistory";

/** A forecast from a past day, for one Worker. Values only. */
export interface AnchorInput {
  snapshotId: string;
  /** Days from the start date. */
  day: number;
  outputs: readonly OutputName[];
  horizonsDays: readonly number[];
  /** Members that do not depend on the history. */
  members: ScenarioMembers;
  known: Known;
  /** How the bands come about; the fit is made on the past. None where there are no runs. */
  runs: number;
  method: Wandering["method"] | "none";
  fitWeeks: number | undefined;
  blockWeeks: number;
  seed: number;
}

/** The quantiles that are scored: the median, and the ends of bands that aim at 50, 80 and 90 %. */
export const SCORED_SHARES = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] as const;

/** One value for each output and horizon, the horizon fastest; NaN for days beyond the history. */
export interface AnchorForecast {
  day: number;
  forecast: Float64Array;
  actual: Float64Array;
  /** What was on the anchor itself. */
  unchanged: Float64Array;
  /** For each of them the quantiles of `SCORED_SHARES`; NaN without runs. */
  quantiles: Float64Array;
}

/**
 * Forecasts from a past day with what was known then, beside what came. Undefined where the engine is on another
 * snapshot than the request was made for.
 */
export function anchorForecast(present: Engine, input: AnchorInput): AnchorForecast | undefined {
  if (present.snapshotId !== input.snapshotId) return undefined;
  const { day, outputs, horizonsDays, members, known } = input;
  // Days beyond the history are not compared, so they need no forecast.
  const ahead = horizonsDays.filter((horizon) => day + horizon < present.historyDays);
  const forecastDays = Math.max(1, ...ahead) + 1;
  const rules = members.rules ?? "plain";
  const past = pastHistory(present.history, day, known, members.sector_duration_days!, rules);
  const engine = prepareEngine(past, forecastDays, { rules });
  const scenario = scenarioFrom({ ...members, forecast_length_days: forecastDays }, past.smoothed);
  const today = scenarioFrom({ rules, forecast_length_days: 1 }, present.history.smoothed);
  const came = forecast(present, today, outputs);
  const pick = (series: Float64Array, days: number) =>
    day + days < present.historyDays ? series[day + days]! : Number.NaN;
  const truth = (output: OutputName, days: number) => {
    const measured = measuredValue(present.history, output, day + days);
    return measured !== undefined && day + days < present.historyDays ? measured : pick(came.series(output), days);
  };
  const values = (read: (output: OutputName, horizon: number) => number) =>
    Float64Array.from(outputs.flatMap((output) => horizonsDays.map((horizon) => read(output, horizon))));
  const actual = values(truth);
  const unchanged = values((output) => truth(output, 0));
  const run = forecast(engine, scenario, outputs);
  const point = values((output, horizon) => pick(run.series(output), horizon));
  const samples = Array.from({ length: input.runs }, () => new Float64Array(0));
  if (input.runs > 0) {
    const make = chanceMaker(scenario, chanceOf(input, engine));
    for (let i = 0; i < input.runs; i++) {
      const one = forecast(engine, make(i), outputs);
      samples[i] = values((output, horizon) => pick(one.series(output), horizon));
    }
  }
  return { day, forecast: point, actual, unchanged, quantiles: quantilesOf(samples, point.length) };
}

/** What was measured of a series on a day of the history; undefined where only the model tells it. */
export function measuredValue({ measured }: HistorySnapshot, output: OutputName, day: number): number | undefined {
  const stock = MEASURED_STOCKS[output];
  if (measured === undefined || stock === undefined) return undefined;
  const value = measured[stock][day];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

const MEASURED_STOCKS: Partial<Record<OutputName, keyof MeasuredStocks>> = {
  circ_supply: "circulatingFil",
  network_locked: "lockedFil",
};

function chanceOf({ seed, method, fitWeeks, blockWeeks, day }: AnchorInput, { history }: Engine): ChancePlan {
  const still: ChancePlan = { seed: (seed + day) >>> 0, levels: [], levelMixing: new Float64Array(0) };
  if (method === "none") return still;
  const fit = fitRates(history, Math.min(fitWeeks ?? Infinity, weeksOf(history)));
  const walk = method === "random_walk" ? { walk: fitLevelWalk(history) } : {};
  return { ...still, wandering: { method, fit, ...walk, inputs: ["rbp", "rr", "fpr"], blockWeeks } };
}

function quantilesOf(samples: readonly Float64Array[], count: number): Float64Array {
  const width = SCORED_SHARES.length;
  const quantiles = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    const sorted = Float64Array.from(samples, (values) => values[i]!)
      .filter(Number.isFinite)
      .sort();
    for (const [k, share] of SCORED_SHARES.entries()) {
      quantiles[i * width + k] = quantileOfSorted(sorted, sorted.length, share);
    }
  }
  return quantiles;
}

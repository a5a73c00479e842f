import { cholesky } from "../../../../numeric/cholesky";
import { refuseIdle } from "../../idleMembers";
import { scenarioFrom } from "../../scenario";
import {
  type BatchRequest,
  MAX_CARD_RUNS,
  MAX_STUDY_VALUES,
  type MonteCarloRequest,
  type PoliciesRequest,
  type SensitivityRequest,
  type SweepRequest,
} from "../schema/requests";
import { INPUT_NAMES, type InputName } from "../schema/variation";
import type { ChancePlan } from "./chance";
import { chanceNotes } from "./chanceNotes";
import { type Design, designRows, type Range } from "./design";
import type { Distribution } from "./distribution";
import { INPUTS } from "./inputs";
import { fitLevelWalk } from "./levelWalk";
import { type BatchOrder, type OrderContext, shownBy, withinLimits } from "./order";
import { fitRates, MIN_FIT_WEEKS, RATE_INPUTS, type RateFit, weeksOf } from "./rateProcess";
import { refusal } from "./refusal";

/** The scenarios of a list, each with its series where they are wanted. */
export function listOrder(request: BatchRequest, { history, defaults }: OrderContext): BatchOrder {
  const scenarios = request.scenarios.map((members) => {
    const scenario = scenarioFrom(members, history.smoothed, defaults);
    refuseIdle(scenario, members);
    return scenario;
  });
  const runs = scenarios.length;
  const keptRuns = request.series ? scenarios.map((_, run) => ({ run })) : [];
  return withinLimits({
    plan: { kind: "list", scenarios },
    runs,
    ...shownBy(request),
    wantsBands: true,
    keptRuns,
    table: request.series ? "series" : "bands",
    about: {},
  });
}

/** The scenario without the policies that are named, then with them. */
export function policiesOrder(request: PoliciesRequest, { history, defaults }: OrderContext): BatchOrder {
  const { fip81, fip100, fip118, ...rest } = request;
  const off = { ...(fip81 && { fip81: false as const }), ...(fip100 && { fip100: false as const }) };
  const scenarios = [{ fip81, fip100, ...rest, ...off }, request].map((members) =>
    scenarioFrom(members, history.smoothed, defaults),
  );
  refuseIdle(scenarios[0]!, request);
  return withinLimits({
    plan: { kind: "list", scenarios },
    runs: 2,
    ...shownBy(request),
    wantsBands: false,
    keptRuns: [
      { run: 0, name: "before" },
      { run: 1, name: "after" },
    ],
    table: "series",
    about: {},
  });
}

export function sweepOrder(request: SweepRequest, { history, defaults }: OrderContext): BatchOrder {
  const inputs = INPUT_NAMES.filter((name) => request.axes[name] !== undefined);
  const axes = inputs.map((name) => ({ name, ...request.axes[name]! }));
  const design: Design =
    request.method === "grid"
      ? { kind: "grid", values: axes.map(axisValues) }
      : { kind: "latin_hypercube", ranges: axes.map(rangeOf), runs: request.runs, seed: request.seed };
  const runs = designRows(design);
  if (runs > MAX_CARD_RUNS) throw refusal(["axes"], `at most ${MAX_CARD_RUNS} combinations`, String(runs));
  const base = scenarioFrom(request, history.smoothed, defaults);
  refuseIdle(base, request);
  refuseIdle(base, request.axes, ["axes"]);
  return withinLimits({
    plan: { kind: "design", base, inputs, design },
    runs,
    ...shownBy(request),
    wantsBands: true,
    keptRuns: request.keep_runs.map((run) => ({ run })),
    table: "points",
    about: { method: request.method },
    seed: request.seed,
  });
}

export function monteCarloOrder(request: MonteCarloRequest, { history, defaults }: OrderContext): BatchOrder {
  const base = scenarioFrom(request, history.smoothed, defaults);
  refuseIdle(base, request);
  refuseIdle(base, request.distributions, ["distributions"]);
  const drawn = INPUT_NAMES.filter((name) => request.distributions[name] !== undefined);
  const method = request.method ?? USUAL_METHODS[base.model];
  const wanders = method === "none" ? [] : request.inputs.filter((name) => !drawn.includes(name));
  const weeks = Math.min(request.fit_weeks ?? Infinity, weeksOf(history));
  if (weeks < MIN_FIT_WEEKS) throw refusal(["method"], `a history of ${MIN_FIT_WEEKS} weeks or more`, `${weeks}`);
  const fit = fitRates(history, weeks);
  const chance: ChancePlan = {
    seed: request.seed,
    levels: drawn.map((input) => ({ input, distribution: request.distributions[input] as Distribution })),
    levelMixing: request.correlation === "history" ? levelMixing(drawn, fit) : identity(drawn.length),
  };
  if (method !== "none" && wanders.length > 0) {
    const walk = method === "random_walk" ? { walk: fitLevelWalk(history) } : {};
    chance.wandering = { method, fit, ...walk, inputs: wanders, blockWeeks: request.block_weeks };
  }
  const isCalibrated = base.model === "attrition" && method === "random_walk" && wanders.length === RATE_INPUTS.length;
  return withinLimits({
    plan: {
      kind: "chance",
      base: { ...base, notes: [...base.notes, ...chanceNotes(base, chance, isCalibrated)] },
      chance,
    },
    runs: request.runs,
    ...shownBy(request),
    wantsBands: true,
    keptRuns: request.keep_runs.map((run) => ({ run })),
    table: "bands",
    about: { method, fit: shownFit(fit) },
    seed: request.seed,
    isCalibrated,
  });
}

/** How rates wander where nothing is said: as the errors of each model were found to. */
export const USUAL_METHODS = { attrition: "random_walk", schedule: "mean_reverting" } as const;

/** The runs of a sensitivity study; their points are all that is kept. */
export function sensitivityOrder(request: SensitivityRequest, { history, defaults }: OrderContext): BatchOrder {
  const base = scenarioFrom(request, history.smoothed, defaults);
  refuseIdle(base, request);
  refuseIdle(base, request.ranges, ["ranges"]);
  const inputs = INPUT_NAMES.filter((name) => request.ranges[name] !== undefined);
  const ranges = inputs.map((name) => request.ranges[name]!);
  const centre = inputs.map((name, i) => {
    const usual = base[INPUTS[name].key];
    return typeof usual === "number" ? usual : (ranges[i]!.low + ranges[i]!.high) / 2;
  });
  const design: Design = { kind: "saltelli", ranges, centre, samples: request.samples, seed: request.seed };
  const runs = designRows(design);
  if (runs > MAX_CARD_RUNS) throw refusal(["samples"], `at most ${MAX_CARD_RUNS} runs`, String(runs));
  const { engine, outputs, forecastDays, pointDays } = shownBy(request);
  return withinLimits(
    {
      engine,
      plan: { kind: "design", base, inputs, design },
      runs,
      outputs,
      forecastDays,
      sampledDays: pointDays,
      pointDays,
      wantsBands: false,
      keptRuns: [],
      table: "points",
      about: { centre: Object.fromEntries(inputs.map((name, i) => [name, centre[i]])) },
      seed: request.seed,
    },
    MAX_STUDY_VALUES,
  );
}

type Axis = { name: InputName } & SweepRequest["axes"][InputName];

function axisValues({ low, high, steps, values }: Axis & NonNullable<SweepRequest["axes"][InputName]>): number[] {
  if (values !== undefined) return values;
  return Array.from({ length: steps }, (_, i) => low! + ((high! - low!) * i) / (steps - 1));
}

function rangeOf({ name, low, high }: Axis & NonNullable<SweepRequest["axes"][InputName]>): Range {
  if (low === undefined || high === undefined) {
    throw refusal(["axes", name], "low and high, which a Latin hypercube lies between", "values");
  }
  return { low, high };
}

/** Correlations of drawn inputs as of their weekly deviations; those without a history are drawn by themselves. */
function levelMixing(inputs: readonly InputName[], { correlations }: RateFit): Float64Array {
  const rates = inputs.map((name) => (RATE_INPUTS as readonly string[]).indexOf(name));
  const matrix = identity(inputs.length);
  for (const [a, row] of rates.entries()) {
    for (const [b, column] of rates.entries()) {
      if (row >= 0 && column >= 0) matrix[a * inputs.length + b] = correlations[row * RATE_INPUTS.length + column]!;
    }
  }
  return cholesky(matrix, inputs.length);
}

function identity(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
}

/** What was found in the history, for whoever wonders how wide the bands are and why. */
function shownFit({ weeks, persistence, sd, correlations }: RateFit) {
  const each = (values: Float64Array) => Object.fromEntries(RATE_INPUTS.map((name, i) => [name, values[i]]));
  const rows = RATE_INPUTS.map((_, row) => Array.from(correlations.subarray(row * 3, row * 3 + 3)));
  return { weeks, persistence_per_week: each(persistence), sd_in_logs: each(sd), correlations: rows };
}

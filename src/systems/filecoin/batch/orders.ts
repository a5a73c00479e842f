import { cholesky } from "../../../numeric/cholesky";
import {
  type BatchRequest,
  MAX_ANSWER_VALUES,
  MAX_OUTPUTS,
  MAX_RUNS,
  type MonteCarloRequest,
  type PoliciesRequest,
  type SensitivityRequest,
  type SweepRequest,
} from "../batchSchema";
import type { HistorySnapshot } from "../history/snapshot";
import type { OutputName } from "../model/outputs";
import { MAX_FORECAST_DAYS, type Scenario, scenarioFrom } from "../scenario";
import type { BatchTable } from "./answer";
import type { ChancePlan } from "./chance";
import { type Design, designRows, type Range } from "./design";
import type { Distribution } from "./distribution";
import { INPUT_NAMES, INPUTS, type InputName } from "./inputs";
import { finestStep, MAX_SAMPLED_DAYS, sampledDays } from "./job";
import type { ScenarioPlan } from "./plan";
import { fitRates, MIN_FIT_WEEKS, RATE_INPUTS, type RateFit, weeksOf } from "./rateProcess";
import { refusal } from "./refusal";

/** What a request asks for, checked against its limits, before anything is run. */
export interface BatchOrder {
  /** Where it is a design, its points are not yet laid out. */
  plan: ScenarioPlan | { kind: "design"; base: Scenario; inputs: readonly InputName[]; design: Design };
  runs: number;
  forecastDays: number;
  outputs: readonly OutputName[];
  sampledDays: Int32Array;
  wantsBands: boolean;
  pointDays: Int32Array;
  keptRuns: readonly { run: number; name?: string }[];
  /** What a CSV holds. */
  table: BatchTable;
  /** Members of the answer that tell how it came about. */
  about: Record<string, unknown>;
  seed?: number;
}

/** What orders are made for. */
export interface OrderContext {
  history: HistorySnapshot;
  knownTrim: Scenario["knownTrim"];
}

/** What a batch keeps where nothing else is asked for. */
export const USUAL_OUTPUTS: readonly OutputName[] = [
  "circ_supply",
  "network_locked",
  "day_network_reward",
  "network_RBP_EIB",
  "1y_sector_roi",
];

const YEARS_AHEAD = [365, 1095, 1825, 3650];

export function listOrder(request: BatchRequest, { history, knownTrim }: OrderContext): BatchOrder {
  const scenarios = request.scenarios.map((members) => scenarioFrom(members, history.smoothed, knownTrim));
  const runs = scenarios.length;
  const keptRuns = request.series ? scenarios.map((_, run) => ({ run })) : [];
  return limited({
    plan: { kind: "list", scenarios },
    runs,
    ...keptOf(request),
    wantsBands: true,
    keptRuns,
    table: request.series ? "series" : "bands",
    about: {},
  });
}

/** The scenario without its policies, then with them. */
export function policiesOrder(request: PoliciesRequest, { history, knownTrim }: OrderContext): BatchOrder {
  const { fip81, fip100, ...plain } = request;
  const scenarios = [plain, { ...plain, fip81, fip100 }].map((members) =>
    scenarioFrom(members, history.smoothed, knownTrim),
  );
  return limited({
    plan: { kind: "list", scenarios },
    runs: 2,
    ...keptOf(request),
    wantsBands: false,
    keptRuns: [
      { run: 0, name: "before" },
      { run: 1, name: "after" },
    ],
    table: "series",
    about: {},
  });
}

export function sweepOrder(request: SweepRequest, { history, knownTrim }: OrderContext): BatchOrder {
  const inputs = INPUT_NAMES.filter((name) => request.axes[name] !== undefined);
  const axes = inputs.map((name) => ({ name, ...request.axes[name]! }));
  const design: Design =
    request.method === "grid"
      ? { kind: "grid", values: axes.map(axisValues) }
      : { kind: "latin_hypercube", ranges: axes.map(rangeOf), runs: request.runs, seed: request.seed };
  const runs = designRows(design);
  if (runs > MAX_RUNS) throw refusal(["axes"], `at most ${MAX_RUNS} combinations`, String(runs));
  const base = scenarioFrom(request, history.smoothed, knownTrim);
  return limited({
    plan: { kind: "design", base, inputs, design },
    runs,
    ...keptOf(request),
    wantsBands: true,
    keptRuns: request.keep_runs.map((run) => ({ run })),
    table: "points",
    about: { method: request.method },
    seed: request.seed,
  });
}

export function monteCarloOrder(request: MonteCarloRequest, { history, knownTrim }: OrderContext): BatchOrder {
  const base = scenarioFrom(request, history.smoothed, knownTrim);
  const drawn = INPUT_NAMES.filter((name) => request.distributions[name] !== undefined);
  const wanders = request.method === "none" ? [] : request.inputs.filter((name) => !drawn.includes(name));
  const weeks = Math.min(request.fit_weeks ?? Infinity, weeksOf(history));
  if (weeks < MIN_FIT_WEEKS) throw refusal(["method"], `a history of ${MIN_FIT_WEEKS} weeks or more`, `${weeks}`);
  const fit = fitRates(history, weeks);
  const chance: ChancePlan = {
    seed: request.seed,
    levels: drawn.map((input) => ({ input, distribution: request.distributions[input] as Distribution })),
    levelMixing: request.correlation === "history" ? levelMixing(drawn, fit) : identity(drawn.length),
  };
  if (request.method !== "none" && wanders.length > 0) {
    chance.wandering = { method: request.method, fit, inputs: wanders, blockWeeks: request.block_weeks };
  }
  return limited({
    plan: { kind: "chance", base, chance },
    runs: request.runs,
    ...keptOf(request),
    wantsBands: true,
    keptRuns: request.keep_runs.map((run) => ({ run })),
    table: "bands",
    about: { method: request.method, fit: shownFit(fit) },
    seed: request.seed,
  });
}

/** The runs of a sensitivity study; their points are all that is kept. */
export function sensitivityOrder(request: SensitivityRequest, { history, knownTrim }: OrderContext): BatchOrder {
  const base = scenarioFrom(request, history.smoothed, knownTrim);
  const inputs = INPUT_NAMES.filter((name) => request.ranges[name] !== undefined);
  const ranges = inputs.map((name) => request.ranges[name]!);
  const centre = inputs.map((name, i) => {
    const usual = base[INPUTS[name].key];
    return typeof usual === "number" ? usual : (ranges[i]!.low + ranges[i]!.high) / 2;
  });
  const design: Design = { kind: "saltelli", ranges, centre, samples: request.samples, seed: request.seed };
  const runs = designRows(design);
  if (runs > MAX_RUNS) throw refusal(["samples"], `at most ${MAX_RUNS} runs`, String(runs));
  const { outputs, forecastDays, pointDays } = keptOf(request);
  return limited({
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
  });
}

interface Kept {
  forecast_length_days?: number | undefined;
  output?: OutputName[] | undefined;
  step_days?: number | undefined;
  at_days?: number[] | undefined;
}

function keptOf(request: Kept): Pick<BatchOrder, "forecastDays" | "outputs" | "sampledDays" | "pointDays"> {
  const forecastDays = request.forecast_length_days ?? MAX_FORECAST_DAYS;
  const last = forecastDays - 1;
  const beyond = request.at_days?.find((day) => day > last);
  if (beyond !== undefined) throw refusal(["at_days"], `days up to the last of the forecast, ${last}`, String(beyond));
  const pointDays = request.at_days ?? YEARS_AHEAD.map((day) => Math.min(day, last));
  return {
    forecastDays,
    outputs: request.output ?? USUAL_OUTPUTS,
    sampledDays: sampledDays(forecastDays, request.step_days ?? finestStep(forecastDays)),
    pointDays: Int32Array.from(new Set(pointDays)).sort(),
  };
}

/** The order itself. @throws RequestError 422 with the limit that it passes. */
function limited(order: BatchOrder): BatchOrder {
  const { outputs, sampledDays, pointDays, keptRuns, runs } = order;
  if (outputs.length < 1 || outputs.length > MAX_OUTPUTS) {
    throw refusal(["output"], `1 to ${MAX_OUTPUTS} series`, String(outputs.length));
  }
  if (sampledDays.length > MAX_SAMPLED_DAYS) {
    const step = Math.ceil(order.forecastDays / MAX_SAMPLED_DAYS);
    throw refusal(["step_days"], `${step} or more, for at most ${MAX_SAMPLED_DAYS} entries`, "less");
  }
  const beyond = keptRuns.find(({ run }) => run >= runs);
  if (beyond !== undefined) throw refusal(["keep_runs"], `numbers of runs below ${runs}`, String(beyond.run));
  const values = Math.max(runs * pointDays.length, keptRuns.length * sampledDays.length) * outputs.length;
  if (values > MAX_ANSWER_VALUES) {
    const expected = `at most ${MAX_ANSWER_VALUES} values in one answer; ask for fewer series, days or runs`;
    throw refusal(["output"], expected, String(values));
  }
  return order;
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

import { seededRandom } from "../../../../../src/platform/random";
import type { Wandering } from "../../../../../src/systems/filecoin/batch/request/chance";
import { fitLevelWalk } from "../../../../../src/systems/filecoin/batch/request/levelWalk";
import type { ScenarioPlan } from "../../../../../src/systems/filecoin/batch/request/plan";
import { fitRates, weeksOf } from "../../../../../src/systems/filecoin/batch/request/rateProcess";
import type { HistorySnapshot } from "../../../../../src/systems/filecoin/history/snapshot";
import { type ScenarioMembers, scenarioFrom } from "../../../../../src/systems/filecoin/scenario";
import { FIP100 } from "../../../../../src/systems/filecoin/schema/policies";

/** Runs that every engine must do alike. */
export interface EngineCase {
  name: string;
  plan: ScenarioPlan;
  runs: number;
  forecastDays: number;
  /** How many times of what is allowed; 1 where absent. */
  tolerance?: number;
}

const SEED = 20_101;
const DAYS = 3650;

/** One table of cases for all engines: each kind of input, rule and chance. */
export function engineCases(history: HistorySnapshot, runs: number): EngineCase[] {
  const random = seededRandom(SEED);
  const between = (low: number, high: number) => low + (high - low) * random.next();
  const base = (members: ScenarioMembers = {}) => scenarioFrom(members, history.smoothed);
  const byDay = (low: number, high: number) => Float64Array.from({ length: DAYS }, () => between(low, high));
  const points = (name: string, members: ScenarioMembers): EngineCase => {
    const rows = Array.from({ length: runs }, () => [
      between(0.5, 6),
      between(0.3, 0.98),
      random.next(),
      between(0.1, 0.5),
    ]);
    const plan = {
      kind: "points",
      base: base(members),
      inputs: ["rbp", "rr", "fpr", "lock_target"],
      points: Float64Array.from(rows.flat()),
    } as const;
    return { name, plan, runs, forecastDays: members.forecast_length_days ?? DAYS };
  };
  const fit = fitRates(history, weeksOf(history));
  const wandering = { fit, walk: fitLevelWalk(history), inputs: ["rbp", "rr", "fpr"], blockWeeks: 4 } as const;
  const chance = (name: string, method: Wandering["method"], seed: number, members = {}): EngineCase => {
    const plan = { seed, levels: [], levelMixing: new Float64Array(0), wandering: { ...wandering, method } };
    return { name, plan: { kind: "chance", base: base(members), chance: plan }, runs, forecastDays: DAYS };
  };
  const lives = Array.from({ length: runs }, () => [between(1, 5), 180 + random.below(1400)]).flat();
  const list = Array.from({ length: runs }, () =>
    base({
      rbp: byDay(2, 3),
      rr: byDay(0.5, 0.9),
      fpr: between(0.3, 0.8),
      sector_duration_days: 300 + random.below(300),
    }),
  );
  const changing = base({
    rbp: byDay(2, 3),
    fil_plus_m: Float64Array.from({ length: DAYS }, (_, day) => (day < 900 ? 10 : 5)),
    qa_renew_relative_multiplier: 0.9,
    gamma: byDay(0.6, 1),
  });
  return [
    points("540 days", {}),
    points("180 days", { sector_duration_days: 180 }),
    points("1,278 days", { sector_duration_days: 1278 }),
    points("400 days ahead", { forecast_length_days: 400 }),
    points("gamma", { gamma: 0.6 }),
    points("gamma, geometric", { gamma: 0.6, gamma_weight_type: 1 }),
    points("gamma, harmonic", { gamma: 0.6, gamma_weight_type: 2 }),
    points("FIP-81", { fip81: { startDay: 20_048, rampDays: 365, floor: 0.7 } }),
    points("FIP-100", { fip100: { ...FIP100, startDay: 20_192 } }),
    points("FIP-100 that begins later", { fip100: { ...FIP100, startDay: 20_892 } }),
    points("the rules in force", { rules: "mainnet", model: "schedule" }),
    points("the rules in force, without a fee", { rules: "mainnet", model: "schedule", fip100: false }),
    points("power lost by shares", { rules: "mainnet", model: "attrition" }),
    points("power lost by shares, without a fee", { rules: "mainnet", model: "attrition", fip100: false }),
    points("power lost by shares, quality-adjusted renewed less", {
      model: "attrition",
      qa_renew_relative_multiplier: 0.9,
      burn_per_day: 3000,
    }),
    points("burn by day", { burn_per_day: byDay(1000, 3000) }),
    points("available supply", { use_available_supply: true }),
    points("known expirations cut twice", { known_trim: "server" }),
    {
      name: "lives of sectors",
      plan: { kind: "points", base: base(), inputs: ["rbp", "sector_duration_days"], points: Float64Array.from(lives) },
      runs,
      forecastDays: DAYS,
    },
    { name: "a list with vectors", plan: { kind: "list", scenarios: list }, runs, forecastDays: DAYS },
    {
      name: "controls by day",
      plan: {
        kind: "points",
        base: changing,
        inputs: ["fpr"],
        points: Float64Array.from({ length: runs }, random.next),
      },
      runs,
      forecastDays: DAYS,
    },
    chance("chance", "mean_reverting", 42),
    chance("bootstrap", "block_bootstrap", 7),
    // A level keeps what its draws are off by, 4e-7 in ten years, and what is lost by it adds up.
    { ...chance("levels that walk", "random_walk", 11, { rules: "mainnet", model: "attrition" }), tolerance: 2 },
    { name: "drawn levels", plan: levels(base()), runs, forecastDays: DAYS },
    {
      name: "power that falls to nothing",
      plan: {
        kind: "points",
        base: base(),
        inputs: ["rbp", "rr"],
        points: Float64Array.of(0, 0.1, 3, 0.8, 0.05, 0.02, 2, 0.5),
      },
      runs: 4,
      forecastDays: DAYS,
    },
  ];
}

function levels(base: ReturnType<typeof scenarioFrom>): ScenarioPlan {
  const [share, rest] = [0.5, Math.sqrt(0.75)];
  return {
    kind: "chance",
    base,
    chance: {
      seed: 9,
      levels: [
        { input: "rbp", distribution: { kind: "lognormal", median: 3, log_sd: 0.3 } },
        { input: "rr", distribution: { kind: "uniform", low: 0.4, high: 0.9 } },
        { input: "fpr", distribution: { kind: "triangular", low: 0.2, mode: 0.8, high: 1 } },
        { input: "lock_target", distribution: { kind: "normal", mean: 0.3, sd: 0.03 } },
        { input: "sector_duration_days", distribution: { kind: "values", values: [180, 360, 540] } },
      ],
      levelMixing: Float64Array.of(1, 0, 0, 0, 0, share, rest, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1),
    },
  };
}

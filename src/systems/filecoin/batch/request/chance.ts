import { normalQuantile } from "../../../../numeric/normal";
import { type Random, seededRandom } from "../../../../platform/random";
import type { Control, Scenario } from "../../scenario";
import type { InputName } from "../schema/variation";
import { type Distribution, valueAt } from "./distribution";
import { INPUTS, setInput } from "./inputs";
import { type LevelWalk, WALK_LEVELS } from "./levelWalk";
import { RATE_INPUTS, type RateFit, WEEK_DAYS } from "./rateProcess";

/** How the inputs of a run come about by chance. Run n of a seed is the same whoever makes it. */
export interface ChancePlan {
  seed: number;
  /** The rates that wander about the scenario's own values, and how; none where it is absent. */
  wandering?: Wandering;
  /** Inputs that are drawn once for a run. */
  levels: readonly { input: InputName; distribution: Distribution }[];
  /** What turns independent standard draws into those of `levels`, correlations included: lower triangle. */
  levelMixing: Float64Array;
}

export interface Wandering {
  method: "mean_reverting" | "block_bootstrap" | "random_walk";
  fit: RateFit;
  /** Needed by `random_walk`. */
  walk?: LevelWalk;
  inputs: readonly (typeof RATE_INPUTS)[number][];
  /** Weeks that the bootstrap takes in one piece. */
  blockWeeks: number;
}

const RATES = RATE_INPUTS.length;
/** Factors of a knot: of each rate, and of what quality-adjusted power loses. */
const COLUMNS = 4;
const QA_LOST = 3;
/** Degrees of freedom of the steps of a walk, whose tails are those of Student's t: as many squares of normal draws. */
const TAIL_DEGREES = 5;

/** The scenarios of a plan; docs/filecoin.md, "Rates by chance". */
export function chanceMaker(base: Scenario, plan: ChancePlan): (run: number) => Scenario {
  const scenario = { ...base };
  const days = base.forecastDays;
  const knots = Math.ceil(days / WEEK_DAYS) + 1;
  const factors = new Float64Array(knots * COLUMNS);
  const { inputs = [], method } = plan.wandering ?? {};
  const paths: { path: Float64Array; rate: number; centre: Control; apply: ApplyFactor }[] = inputs.map((input) => {
    const path = new Float64Array(days);
    scenario[INPUTS[input].key] = path;
    const apply = input === "rbp" ? times : input === "rr" && method === "random_walk" ? withLossTimes : withOddsTimes;
    return { path, rate: RATE_INPUTS.indexOf(input), centre: base[INPUTS[input].key], apply };
  });
  if (method === "random_walk" && inputs.includes("rr")) {
    const path = new Float64Array(days);
    scenario.qaAttrition = path;
    paths.push({ path, rate: QA_LOST, centre: 1, apply: times });
  }
  const draws = new Float64Array(plan.levels.length);
  return (run) => {
    const random = seededRandom(streamSeed(plan.seed, run));
    drawLevels(plan, random, draws, scenario);
    if (plan.wandering !== undefined) {
      FACTORS[plan.wandering.method](plan.wandering, random, knots, factors);
      for (const { path, rate, centre, apply } of paths) fillPath(path, centre, factors, rate, apply);
    }
    return scenario;
  };
}

/** Seeds of the runs of one seed differ from each other, and begin anywhere for the next seed. */
export function streamSeed(seed: number, run: number): number {
  return (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x5f356495 + run) >>> 0;
}

function standardDraw(random: Random): number {
  return normalQuantile(notZero(random));
}

/** Zero is one of the numbers that can come; it has no quantile and no logarithm. */
function notZero(random: Random): number {
  return random.next() || 2 ** -54;
}

function drawLevels({ levels, levelMixing }: ChancePlan, random: Random, draws: Float64Array, out: Scenario): void {
  const count = levels.length;
  for (let i = 0; i < count; i++) draws[i] = standardDraw(random);
  for (const [i, { input, distribution }] of levels.entries()) {
    let z = 0;
    for (let k = 0; k <= i; k++) z += levelMixing[i * count + k]! * draws[k]!;
    setInput(out, input, valueAt(distribution, z));
  }
}

/** Fill the factor on onboarding or odds at each knot, a week apart, row by row. */
const FACTORS: Record<
  Wandering["method"],
  (wandering: Wandering, random: Random, knots: number, factors: Float64Array) => void
> = {
  mean_reverting({ fit: { start, persistence, shocks } }, random, knots, factors) {
    const state = start.slice();
    const draws = new Float64Array(RATES);
    for (let knot = 0; knot < knots; knot++) {
      for (let rate = 0; rate < RATES; rate++) factors[knot * COLUMNS + rate] = Math.exp(state[rate]!);
      for (let rate = 0; rate < RATES; rate++) draws[rate] = standardDraw(random);
      for (let rate = 0; rate < RATES; rate++) {
        let shock = 0;
        for (let k = 0; k <= rate; k++) shock += shocks[rate * RATES + k]! * draws[k]!;
        state[rate] = persistence[rate]! * state[rate]! + shock;
      }
    }
  },
  // Blocks run on from the last week to the first, so that every week is as likely as any other.
  block_bootstrap({ fit: { weeks, deviations }, blockWeeks }, random, knots, factors) {
    let week = 0;
    for (let knot = 0; knot < knots; knot++) {
      week = knot % blockWeeks === 0 ? random.below(weeks) : (week + 1) % weeks;
      for (let rate = 0; rate < RATES; rate++) {
        factors[knot * COLUMNS + rate] = Math.exp(deviations[week * RATES + rate]!);
      }
    }
  },
  // Steps have the tails of Student's t: normal draws over the root of a mean of squared ones, the same for all levels.
  random_walk({ walk }, random, knots, factors) {
    const { steps, startSteps } = walk!;
    const state = new Float64Array(WALK_LEVELS);
    const draws = new Float64Array(WALK_LEVELS);
    const step = (size: (level: number) => number) => {
      for (let level = 0; level < WALK_LEVELS; level++) draws[level] = standardDraw(random);
      for (let level = 0; level < WALK_LEVELS; level++) {
        let by = 0;
        for (let k = 0; k <= level; k++) by += steps[level * WALK_LEVELS + k]! * draws[k]!;
        state[level]! += size(level) * by;
      }
    };
    step((level) => startSteps[level]!);
    for (let knot = 0; knot < knots; knot++) {
      const at = knot * COLUMNS;
      factors[at] = Math.exp(state[0]!);
      factors[at + 1] = Math.exp(state[1]!);
      factors[at + 2] = Math.exp(state[2]!);
      factors[at + QA_LOST] = Math.exp(state[3]! - state[1]!);
      // Two squared normal draws together are twice an exponential one, which is had of one number: so four are of two.
      const squares = standardDraw(random) ** 2 - 2 * Math.log(notZero(random) * notZero(random));
      const tail = Math.sqrt((TAIL_DEGREES - 2) / squares);
      step(() => tail);
    }
  },
};

type ApplyFactor = (usual: number, factor: number) => number;

/** A rate on each day: its centre with a factor on it that is linear between the knots. */
function fillPath(path: Float64Array, centre: Control, factors: Float64Array, rate: number, apply: ApplyFactor): void {
  for (let day = 0; day < path.length; day++) {
    const knot = Math.floor(day / WEEK_DAYS) * COLUMNS + rate;
    const along = (day % WEEK_DAYS) / WEEK_DAYS;
    const factor = factors[knot]! + along * (factors[knot + COLUMNS]! - factors[knot]!);
    const usual = typeof centre === "number" ? centre : centre[centre.length === 1 ? 0 : day]!;
    path[day] = apply(usual, factor);
  }
}

function times(usual: number, factor: number): number {
  return usual * factor;
}

/** A ratio of which the rest is so many times as large. */
function withLossTimes(ratio: number, factor: number): number {
  return Math.max(0, 1 - (1 - Math.min(1, ratio)) * factor);
}

function withOddsTimes(ratio: number, factor: number): number {
  const share = Math.min(1, Math.max(0, ratio));
  return (share * factor) / (1 - share + share * factor);
}

import { normalQuantile } from "../../../../numeric/normal";
import { type Random, seededRandom } from "../../../../platform/random";
import type { Control, Scenario } from "../../scenario";
import type { InputName } from "../schema/variation";
import { type Distribution, valueAt } from "./distribution";
import { INPUTS, setInput } from "./inputs";
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
  method: "mean_reverting" | "block_bootstrap";
  fit: RateFit;
  inputs: readonly (typeof RATE_INPUTS)[number][];
  /** Weeks that the bootstrap takes in one piece. */
  blockWeeks: number;
}

const RATES = RATE_INPUTS.length;

/** The scenarios of a plan; docs/filecoin.md, "Rates by chance". */
export function chanceMaker(base: Scenario, plan: ChancePlan): (run: number) => Scenario {
  const scenario = { ...base };
  const days = base.forecastDays;
  const knots = Math.ceil(days / WEEK_DAYS) + 1;
  const factors = new Float64Array(knots * RATES);
  const paths = (plan.wandering?.inputs ?? []).map((input) => {
    const path = new Float64Array(days);
    scenario[INPUTS[input].key] = path;
    return { path, rate: RATE_INPUTS.indexOf(input), centre: base[INPUTS[input].key] };
  });
  const draws = new Float64Array(plan.levels.length);
  return (run) => {
    const random = seededRandom(streamSeed(plan.seed, run));
    drawLevels(plan, random, draws, scenario);
    if (plan.wandering !== undefined) {
      FACTORS[plan.wandering.method](plan.wandering, random, knots, factors);
      for (const { path, rate, centre } of paths) fillPath(path, centre, factors, rate);
    }
    return scenario;
  };
}

/** Seeds of the runs of one seed differ from each other, and begin anywhere for the next seed. */
export function streamSeed(seed: number, run: number): number {
  return (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x5f356495 + run) >>> 0;
}

function standardDraw(random: Random): number {
  // Zero is one of the numbers that can come; it has no quantile.
  return normalQuantile(random.next() || 2 ** -54);
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
      for (let rate = 0; rate < RATES; rate++) factors[knot * RATES + rate] = Math.exp(state[rate]!);
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
        factors[knot * RATES + rate] = Math.exp(deviations[week * RATES + rate]!);
      }
    }
  },
};

/** A rate on each day: its centre with a factor on it, or on its odds, that is linear between the knots. */
function fillPath(path: Float64Array, centre: Control, factors: Float64Array, rate: number): void {
  const isRatio = rate > 0;
  for (let day = 0; day < path.length; day++) {
    const knot = Math.floor(day / WEEK_DAYS) * RATES + rate;
    const along = (day % WEEK_DAYS) / WEEK_DAYS;
    const factor = factors[knot]! + along * (factors[knot + RATES]! - factors[knot]!);
    const usual = typeof centre === "number" ? centre : centre[centre.length === 1 ? 0 : day]!;
    path[day] = isRatio ? withOddsTimes(usual, factor) : usual * factor;
  }
}

function withOddsTimes(ratio: number, factor: number): number {
  const share = Math.min(1, Math.max(0, ratio));
  return (share * factor) / (1 - share + share * factor);
}

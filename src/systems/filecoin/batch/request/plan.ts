import type { Scenario } from "../../scenario";
import type { InputName } from "../schema/variation";
import { type ChancePlan, chanceMaker } from "./chance";
import { setInput } from "./inputs";

/**
 * Which scenario each run has, as values that a Worker or another engine makes the scenarios from: thousands of
 * vectors are never held or sent.
 */
export type ScenarioPlan =
  | { kind: "list"; scenarios: readonly Scenario[] }
  /** Inputs that are constant in time, one row of `points` for each run. */
  | { kind: "points"; base: Scenario; inputs: readonly InputName[]; points: Float64Array }
  | { kind: "chance"; base: Scenario; chance: ChancePlan };

/** The scenario that all runs of a plan share, but for what it varies; of a list, the first. */
export function sharedScenario({ plan }: { plan: SharedPlan }): Scenario {
  return "scenarios" in plan ? plan.scenarios[0]! : plan.base;
}

type SharedPlan = { scenarios: readonly Scenario[] } | { base: Scenario };

/** The scenario of a run. It is valid until the next is asked for, since its lists are filled anew. */
export type ScenarioMaker = (run: number) => Scenario;

export function scenarioMaker(plan: ScenarioPlan): ScenarioMaker {
  switch (plan.kind) {
    case "list":
      return (run) => plan.scenarios[run]!;
    case "points":
      return pointMaker(plan.base, plan.inputs, plan.points);
    case "chance":
      return chanceMaker(plan.base, plan.chance);
  }
}

function pointMaker(base: Scenario, inputs: readonly InputName[], points: Float64Array): ScenarioMaker {
  const scenario = { ...base };
  return (run) => {
    for (const [i, input] of inputs.entries()) setInput(scenario, input, points[run * inputs.length + i]!);
    return scenario;
  };
}

import { spreadControl } from "../../scenario";
import { INPUTS } from "../request/inputs";
import type { ScenarioPlan } from "../request/plan";
import { RATE_INPUTS } from "../request/rateProcess";
import { INPUT_NAMES } from "../schema/variation";
import { LEVEL_FLOATS } from "./inputText";
import { type KernelShape, shownRenewal } from "./shape";
import { firstValue } from "./supported";

/** The inputs of the runs themselves: a row of each, or the numbers of the distributions that they are drawn from. */
export function rowsOf(plan: ScenarioPlan, shape: KernelShape): Float32Array<ArrayBuffer> {
  if (plan.kind === "points") return pointRows(plan, shape);
  if (plan.kind === "chance") return levelNumbers(plan.chance.levels, plan.chance.levelMixing);
  const rows = new Float32Array(plan.scenarios.length * shape.rowFloats);
  for (const input of INPUT_NAMES) {
    const source = shape.sources[input];
    if (source.kind !== "row") continue;
    for (const [run, scenario] of plan.scenarios.entries()) {
      const value = Float64Array.of(firstValue(scenario[INPUTS[input].key]));
      rows[run * shape.rowFloats + source.place] = (input === "rr" ? shownRenewal(shape, value) : value)[0]!;
    }
  }
  return rows;
}

function pointRows(
  { points, inputs }: Extract<ScenarioPlan, { kind: "points" }>,
  { model }: KernelShape,
): Float32Array<ArrayBuffer> {
  const rows = Float32Array.from(points);
  const place = inputs.indexOf("rr");
  if (model === "schedule" || place < 0) return rows;
  for (let i = place; i < rows.length; i += inputs.length) rows[i] = 1 - points[i]!;
  return rows;
}

/** What changes by day and run: vectors of a list, or the factors of each week that a bootstrap draws from. */
export function factorsOf(plan: ScenarioPlan, shape: KernelShape): Float32Array<ArrayBuffer> {
  if (plan.kind === "chance" && plan.chance.wandering?.method === "block_bootstrap") {
    const { weeks, deviations } = plan.chance.wandering.fit;
    return Float32Array.from(deviations.subarray(0, weeks * RATE_INPUTS.length), Math.exp);
  }
  if (plan.kind !== "list" || shape.vectorFloats === 0) return new Float32Array(1);
  const { scenarios } = plan;
  const days = scenarios[0]!.forecastDays;
  const factors = new Float32Array(scenarios.length * days * shape.vectorFloats);
  for (const input of INPUT_NAMES) {
    const source = shape.sources[input];
    if (source.kind !== "vector") continue;
    for (const [run, scenario] of scenarios.entries()) {
      const spread = new Float64Array(days);
      spreadControl(scenario[INPUTS[input].key], days, spread, 0, input);
      const values = input === "rr" ? shownRenewal(shape, spread) : spread;
      for (let t = 0; t < days; t++) {
        factors[(t * scenarios.length + run) * shape.vectorFloats + source.place] = values[t]!;
      }
    }
  }
  return factors;
}

type Levels = Extract<ScenarioPlan, { kind: "chance" }>["chance"]["levels"];

/** For each level three numbers and where its list begins; then the mixing; then the lists. */
function levelNumbers(levels: Levels, mixing: Float64Array): Float32Array<ArrayBuffer> {
  const count = levels.length;
  const head = new Float32Array(LEVEL_FLOATS * count + count * count);
  head.set(mixing, LEVEL_FLOATS * count);
  const lists: number[] = [];
  for (const [i, { distribution }] of levels.entries()) {
    const at = LEVEL_FLOATS * i;
    if (distribution.kind === "uniform") head.set([distribution.low, distribution.high], at);
    else if (distribution.kind === "triangular") head.set([distribution.low, distribution.mode, distribution.high], at);
    else if (distribution.kind === "normal") head.set([distribution.mean, distribution.sd], at);
    else if (distribution.kind === "lognormal") head.set([distribution.median, distribution.log_sd], at);
    else {
      head.set([distribution.values.length, 0, 0, head.length + lists.length], at);
      lists.push(...distribution.values);
    }
  }
  const numbers = new Float32Array(head.length + lists.length + 1);
  numbers.set(head);
  numbers.set(lists, head.length);
  return numbers;
}

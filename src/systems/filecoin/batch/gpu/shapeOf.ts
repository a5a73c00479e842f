import type { Scenario } from "../../scenario";
import type { OutputName } from "../../schema/series";
import { INPUTS } from "../request/inputs";
import { sharedScenario } from "../request/plan";
import type { BatchJob } from "../run/job";
import { INPUT_NAMES, type InputName } from "../schema/variation";
import { isFixed } from "./kernelText";
import type { InputSource, KernelShape } from "./shape";
import { firstValue, isConstant } from "./supported";

/** How a kernel for a job looks, its runs one after another. */
export function shapeOf(job: BatchJob, store: KernelShape["store"]): KernelShape {
  const base = sharedScenario(job);
  const hasFee = base.sectorFee !== undefined;
  const sources = sourcesOf(job);
  const places = (kind: "row" | "vector") => Object.values(sources).filter((source) => source.kind === kind).length;
  const shape: KernelShape = {
    outputs: job.outputs.filter((name) => !isFixed(name, hasFee)),
    store,
    hasPoints: job.pointDays.length > 0,
    isListed: false,
    placedBy: "run",
    sources,
    rowFloats: places("row"),
    vectorFloats: places("vector"),
    tables: needsTables(base),
    gamma: gammaKind(base),
    supplyBase: base.supplyBase,
    hasFee,
    model: base.model,
  };
  if (job.plan.kind !== "chance") return shape;
  const { levels, wandering } = job.plan.chance;
  const kinds = levels.map(({ distribution }) => distribution.kind);
  return { ...shape, chance: { levels: kinds, ...(wandering && { method: wandering.method }) } };
}

/** Outputs of a job that no run changes. */
export function fixedOutputs(job: BatchJob): OutputName[] {
  const hasFee = sharedScenario(job).sectorFee !== undefined;
  return job.outputs.filter((name) => isFixed(name, hasFee));
}

function sourcesOf({ plan }: BatchJob): Record<InputName, InputSource> {
  const shared = Object.fromEntries(INPUT_NAMES.map((name) => [name, { kind: "shared" }])) as Record<
    InputName,
    InputSource
  >;
  if (plan.kind === "points") {
    for (const [place, input] of plan.inputs.entries()) shared[input] = { kind: "row", place };
  } else if (plan.kind === "chance") {
    for (const input of plan.chance.wandering?.inputs ?? []) shared[input] = { kind: "wandering" };
    for (const [place, { input }] of plan.chance.levels.entries()) shared[input] = { kind: "level", place };
  } else {
    let [rows, vectors] = [0, 0];
    for (const input of INPUT_NAMES) {
      const isRow = plan.scenarios.every((scenario) => isConstant(scenario[INPUTS[input].key]));
      shared[input] = isRow ? { kind: "row", place: rows++ } : { kind: "vector", place: vectors++ };
    }
  }
  return shared;
}

function needsTables(base: Scenario): boolean {
  const controls = [
    base.rbpPibPerDay,
    base.renewalRate,
    base.filPlusRate,
    base.lockTarget,
    base.filPlusMultiplier,
    base.qaRenewalMultiplier,
    base.gamma,
  ];
  return base.gammaRamp !== undefined || !controls.every(isConstant);
}

const WEIGHTINGS = ["arithmetic", "geometric", "harmonic"] as const;

function gammaKind(base: Scenario): KernelShape["gamma"] {
  const weighting = WEIGHTINGS[firstValue(base.gammaWeighting)]!;
  const isOne = base.gammaRamp === undefined && isConstant(base.gamma) && firstValue(base.gamma) === 1;
  return isOne && weighting === "arithmetic" ? "gammaOne" : weighting;
}

import type { Control, Scenario } from "../../scenario";
import { MAX_FORECAST_DAYS } from "../../schema/bounds";
import { sharedScenario } from "../request/plan";
import type { BatchJob } from "../run/job";

/** Members in which the scenarios of a list may differ from each other on the card. */
const VARIED: readonly (keyof Scenario)[] = [
  "rbpPibPerDay",
  "renewalRate",
  "filPlusRate",
  "lockTarget",
  "sectorDays",
  "notes",
];

/** Why the kernel cannot run a job, as a clause; undefined where it can. */
export function whyUnsupported(job: BatchJob, historyDays: number): string | undefined {
  const base = sharedScenario(job);
  if (historyDays < 2) return "the history has less than two days";
  if (base.rewardSplit !== undefined) return "FIP-118 splits the reward";
  if (base.baselineEib !== undefined) return "a baseline of the scenario's own changes the history too";
  if (!isConstant(base.gammaWeighting)) return "gamma_weight_type changes by day";
  const sweepsLife = job.plan.kind === "points" && job.plan.inputs.includes("sector_duration_days");
  const drawsLife =
    job.plan.kind === "chance" && job.plan.chance.levels.some((l) => l.input === "sector_duration_days");
  if (base.sectorFee !== undefined && (sweepsLife || drawsLife))
    return "a sector fee is combined with varied sector lives";
  if (job.plan.kind !== "list") return undefined;
  const common = commonPart(base);
  if (job.plan.scenarios.some((scenario) => commonPart(scenario) !== common)) {
    return "the scenarios of the list differ in more than rbp, rr, fpr, lock_target and sector_duration_days";
  }
  const sharesLife = job.plan.scenarios.every(({ sectorDays }) => sectorDays === base.sectorDays);
  if (base.sectorFee !== undefined && !sharesLife) return "a sector fee is combined with varied sector lives";
  return undefined;
}

/** Whether a control is the same on all days. */
export function isConstant(control: Control): boolean {
  return typeof control === "number" || control.length === 1;
}

/** Its value on the first day. */
export function firstValue(control: Control): number {
  return typeof control === "number" ? control : control[0]!;
}

/** The longest life of a sector in any run, at most the longest forecast: beyond it nothing falls due. */
export function longestLife({ plan }: BatchJob): number {
  if (plan.kind === "list") return plan.scenarios.reduce((most, { sectorDays }) => Math.max(most, sectorDays), 1);
  if (plan.kind === "chance") {
    const draws = plan.chance.levels.some(({ input }) => input === "sector_duration_days");
    return draws ? MAX_FORECAST_DAYS : plan.base.sectorDays;
  }
  const place = plan.inputs.indexOf("sector_duration_days");
  if (place < 0) return plan.base.sectorDays;
  let most = 1;
  for (let i = place; i < plan.points.length; i += plan.inputs.length) most = Math.max(most, plan.points[i]!);
  return most;
}

function commonPart(scenario: Scenario): string {
  return JSON.stringify({ ...scenario, ...Object.fromEntries(VARIED.map((member) => [member, null])) });
}

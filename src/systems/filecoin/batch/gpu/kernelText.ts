import chance from "../../../../../kernels/chance.wgsl" with { type: "text" };
import runs from "../../../../../kernels/filecoinRuns.wgsl" with { type: "text" };
import functions from "../../../../../kernels/functions.wgsl" with { type: "text" };
import twoFloat from "../../../../../kernels/twoFloat.wgsl" with { type: "text" };
import { membersText } from "../../../../gpu/params";
import { HISTOGRAM_TEXT } from "../../../../gpu/quantiles";
import { fillTemplate } from "../../../../gpu/template";
import { BASELINE_GROWTH, YEAR_DAYS } from "../../model/constants";
import type { OutputName } from "../../schema/series";
import { attritionText, inputsText, prologueText } from "./inputText";
import { BASE_VECTORS, dayVectors, type KernelShape, PARAM_MEMBERS } from "./shape";

const DAYS_PER_GROWTH = 1 / BASELINE_GROWTH;

/** What a series is in the kernel, on each day; those absent follow from the history alone. */
const DAILY: Partial<Record<OutputName, string>> = {
  rb_total_power_eib: "rawEib",
  network_RBP_EIB: "rawEib",
  qa_total_power_eib: "qaEib",
  network_QAP_EIB: "qaEib",
  rb_day_onboarded_power_pib: "onboardedRaw",
  rb_day_renewed_power_pib: "renewedRaw",
  qa_day_onboarded_power_pib: "onboardedQa",
  day_onboarded_power_QAP_PIB: "onboardedQa",
  qa_day_renewed_power_pib: "renewedQa",
  day_renewed_power_QAP_PIB: "renewedQa",
  rb_sched_expire_power_pib: "expiringOf(t, 0u, life, readSlot, id)",
  qa_sched_expire_power_pib: "expiringOf(t, 1u, life, readSlot, id)",
  full_renewal_rate: "renewalRate",
  capped_power_EIB: "capped",
  cum_baseline_reward: "byPower.x",
  cum_capped_power_EIB: `((depth.x - P.launchDepth) + depth.y) * ${DAYS_PER_GROWTH}`,
  cum_network_reward: "(E.z + byPower.x) + (E.w + byPower.y)",
  day_network_reward: "reward",
  network_time: `(growth.x + growth.y) * ${DAYS_PER_GROWTH}`,
  available_supply: "available",
  circ_supply: "circulating",
  day_locked_pledge: "pledgePerDay",
  day_renewed_pledge: "renewedPledge",
  network_locked: "locked.x",
  network_locked_pledge: "lockedPledge.x",
  network_locked_reward: "lockedReward.x",
  day_pledge_per_QAP: "pledgePerSector",
  day_rewards_per_sector: "rewardPerSector",
};

/** Series that a fee changes. */
const WITH_FEE: Partial<Record<OutputName, string>> = {
  network_gas_burn: "F.w + feesBurnt.x",
  day_rewards_per_sector: "rewardPerSector - min(owedPerSector, P.feeCap * rewardPerSector)",
};

/** Series that are something else where power is lost by shares. */
const BY_SHARES: Partial<Record<OutputName, string>> = {
  rb_sched_expire_power_pib: "P.rawDueShare * raw.x",
  qa_sched_expire_power_pib: "P.qaDueShare * qa.x",
};

/** Series of a year that is over on the day. */
const YEARLY: Partial<Record<OutputName, string>> = {
  "1y_return_per_sector": "yearReturn",
  "1y_sector_roi": "yearRoi",
};

/** Series that divide by what is onboarded on the day. */
const PER_ONBOARDED: readonly OutputName[] = ["day_pledge_per_QAP", "1y_sector_roi"];

const EXPIRING = `
fn expiringOf(t: u32, kind: u32, life: u32, readSlot: u32, id: u32) -> f32 {
  let known = days[{{dayVectors}}u * (t + 1u)][kind];
  if (t < life) { return known; }
  return known + ring[(readSlot * {{ringFloats}}u + kind) * P.room + id];
}
`;

/** Whether a series takes one value a day for all runs, whatever the scenario: nothing to run then. */
export function isFixed(name: OutputName, hasFee: boolean): boolean {
  return DAILY[name] === undefined && YEARLY[name] === undefined && !(hasFee && WITH_FEE[name] !== undefined);
}

/** The kernel that runs a job of this shape. */
export function kernelText(shape: KernelShape): string {
  const { outputs, hasFee, gamma, store, model } = shape;
  const wants = (names: readonly OutputName[]) => names.some((name) => outputs.includes(name));
  const wantsYears = wants(["1y_return_per_sector", "1y_sector_roi"]);
  const kept = new Set<string>([
    store,
    gamma,
    model,
    ...(store === "none" ? [] : ["bands"]),
    ...(shape.hasPoints ? ["points"] : []),
    ...(shape.isListed ? ["listed"] : []),
    ...(shape.chance === undefined ? [] : ["chance"]),
    ...(hasFee ? ["fee"] : []),
    ...(wantsYears ? ["years"] : []),
    ...(wants(["network_time"]) ? ["networkTime"] : []),
  ]);
  const layout = {
    dayVectors: String(dayVectors(shape)),
    ringFloats: String(ringFloats(shape)),
    yearFloats: String(yearFloats(shape)),
  };
  const controls = `days[${layout.dayVectors}u * t + ${BASE_VECTORS + Number(hasFee) + 1}u]`;
  const before = `days[${layout.dayVectors}u * (t - 1u) + ${BASE_VECTORS + Number(hasFee) + 1}u]`;
  const table = shape.tables;
  const texts = {
    ...layout,
    params: membersText(PARAM_MEMBERS),
    twoFloat,
    functions: functions + (model === "schedule" ? fillTemplate(EXPIRING, layout, kept) : ""),
    chance,
    histogram: HISTOGRAM_TEXT,
    place: shape.placedBy,
    prologue: prologueText(shape),
    inputs: inputsText(shape),
    multiplierBefore: table ? `${before}.x` : "P.multiplier",
    renewedFactor: table ? `${controls}.y` : "P.renewedFactor",
    qaAttrition: attritionText(shape),
    renewedFactorBefore: table ? ` * ${before}.y` : " * P.renewedFactor",
    gamma: table ? `${controls}.z` : "P.gamma",
    supplyBase: shape.supplyBase,
    outputs: keepText(shape, dailyOf(shape)) + guardText(outputs),
    yearOutputs: keepText(shape, (name) => YEARLY[name]),
  };
  return fillTemplate(runs, texts, kept);
}

function dailyOf({ hasFee, model }: KernelShape): (name: OutputName) => string | undefined {
  const table = { ...DAILY, ...(hasFee && WITH_FEE), ...(model === "attrition" && BY_SHARES) };
  return (name) => table[name];
}

/** Floats that the ring holds for each day and run. */
export function ringFloats({ hasFee }: Pick<KernelShape, "hasFee">): number {
  return hasFee ? 5 : 3;
}

/** Floats that are held for each run beside those: where a fee is owed, the rewards of the last year. */
export function rewardFloats({ hasFee }: Pick<KernelShape, "hasFee">): number {
  return hasFee ? YEAR_DAYS : 0;
}

/** Floats that are held for each run and day whose year is not over. */
export function yearFloats({ hasFee }: Pick<KernelShape, "hasFee">): number {
  return hasFee ? 4 : 3;
}

function keepText({ outputs }: KernelShape, expressionOf: (name: OutputName) => string | undefined): string {
  return outputs
    .flatMap((name, output) => {
      const expression = expressionOf(name);
      return expression === undefined ? [] : [`      keep(${output}u, slot, place, ${expression});`];
    })
    .join("\n");
}

/** PiB a day: shares of less than that are too small for 32 bits, and a driver may take them for nothing. */
const LEAST_ONBOARDED = "1e-25";

/** A division by nothing is no number in 64 bits; what it gives in 32 is the driver's choice. */
function guardText(outputs: readonly OutputName[]): string {
  if (!PER_ONBOARDED.some((name) => outputs.includes(name))) return "";
  return `\n      if (onboardedQa < ${LEAST_ONBOARDED}) { isFlagged = true; }`;
}

import { twoFloats } from "../../../../gpu/params";
import { BASELINE_AT_LAUNCH_EIB, BASELINE_GROWTH, PIB_PER_EIB, UNLOCK_DECAY_DAYS } from "../../model/constants";
import type { Engine } from "../../model/engine";
import { attritionOf } from "../../model/forecast";
import { feeSharePerPib, feeSharePerSector } from "../../policies/sectorFee";
import type { Scenario } from "../../scenario";
import { MAX_FORECAST_DAYS } from "../../schema/bounds";
import type { Rules } from "../../schema/rules";
import { type ChancePlan, streamSeed } from "../request/chance";
import { type LevelWalk, WALK_LEVELS } from "../request/levelWalk";
import type { FeeStart } from "./feeStart";
import { type SHARE_MEMBERS, type TWO_FLOAT_MEMBERS, WALK_MEMBERS } from "./shape";
import { firstValue } from "./supported";

/**
 * Runs whose raw or quality-adjusted power falls below this share of today's are done again in 64 bits: what is left is
 * then small beside the flows that it is the sum of, and the flows have 32 bits.
 */
export const LEAST_POWER_SHARE = 0.05;

/** The members of the kernel's uniform that a job sets for all of its chunks. */
export function jobParams(
  engine: Engine,
  scenario: Scenario,
  chance: ChancePlan | undefined,
  fee: FeeStart | undefined,
): Record<string, number> {
  const { history, historyDays: h, minting, power } = engine;
  const supply = engine.supplies[scenario.supplyBase];
  // What shrinks by a share of itself keeps its digits however little is left.
  const leastShare = scenario.model === "attrition" ? 0 : LEAST_POWER_SHARE;
  const launchDepth = BASELINE_AT_LAUNCH_EIB[engine.rules];
  const depth = launchDepth + BASELINE_GROWTH * minting.cumCappedEib[h]!;
  const pairs: Record<(typeof TWO_FLOAT_MEMBERS)[number], number> = {
    raw: history.rawPowerTodayPib,
    qa: history.qaPowerTodayPib,
    depth,
    left: (depth / launchDepth) ** (-1 / 6),
    byPower: minting.baselineFil[h]!,
    lockedPledge: supply.lockedPledge[h - 1]!,
    lockedReward: supply.lockedReward[h - 1]!,
    locked: supply.locked[h - 1]!,
    time: Math.log(depth / launchDepth),
    owed: fee?.owedFil ?? 0,
    paying: fee?.payingPib ?? 0,
  };
  return {
    ...inTwoFloats(pairs, "High"),
    zero: 0,
    days: scenario.forecastDays,
    life: Math.min(scenario.sectorDays, MAX_FORECAST_DAYS + 1),
    circulating: supply.circulating[h - 1]!,
    available: supply.available[h - 1]!,
    onboardedRaw: power.onboardedRawPib[h]!,
    onboardedQa: power.onboardedQaPib[h]!,
    renewedRaw: power.renewedRawPib[h]!,
    renewedQa: power.renewedQaPib[h]!,
    reward: minting.perDayFil[h]!,
    rawEib: power.rawEib[h]!,
    qaEib: power.qaEib[h]!,
    capped: minting.cappedEib[h]!,
    leastRaw: leastShare * history.rawPowerTodayPib,
    leastQa: (leastShare * history.qaPowerTodayPib) / PIB_PER_EIB,
    launchDepth,
    ...ruleParams(engine.rules),
    ...feeParams(scenario),
    ...controlParams(scenario),
    ...attritionParams(engine, scenario),
    ...chanceParams(chance),
  };
}

/** Each number as two members: its high part under the name and the suffix, what is left under `Low`. */
function inTwoFloats(numbers: Record<string, number>, highSuffix: string): Record<string, number> {
  const split = Object.entries(numbers).flatMap(([name, value]) => {
    const [high, low] = twoFloats(value);
    return [
      [name + highSuffix, high],
      [`${name}Low`, low],
    ] as const;
  });
  return Object.fromEntries(split);
}

/** Controls that are the same on all days. */
function controlParams(scenario: Scenario): Record<string, number> {
  const renewalRate = firstValue(scenario.renewalRate);
  return {
    rbp: firstValue(scenario.rbpPibPerDay),
    renewalRate,
    renewalLoss: 1 - renewalRate,
    filPlusRate: firstValue(scenario.filPlusRate),
    lockTarget: firstValue(scenario.lockTarget),
    multiplier: firstValue(scenario.filPlusMultiplier),
    renewedFactor: firstValue(scenario.qaRenewalMultiplier),
    gamma: firstValue(scenario.gamma),
  };
}

function ruleParams(rules: Rules): Record<string, number> {
  return { releasesWhatExists: rules === "mainnet" ? 1 : 0, unlockShare: 1 / UNLOCK_DECAY_DAYS[rules] };
}

function attritionParams(engine: Engine, { model }: Scenario): Record<string, number> {
  const fit = model === "attrition" ? attritionOf(engine) : undefined;
  const shares: Record<(typeof SHARE_MEMBERS)[number], number> = {
    rawDueShare: fit?.rawDueShare ?? 0,
    qaDueShare: fit?.qaDueShare ?? 0,
    qaLostShare: fit === undefined ? 0 : fit.qaShare / (1 - fit.renewalRate),
  };
  return { ...inTwoFloats(shares, ""), pledgeExtraShare: fit?.pledgeExtraShare ?? 0 };
}

function feeParams({ sectorFee: fee }: Scenario): Record<string, number> {
  if (fee === undefined) return { feePerPib: 0, feePerSector: 0, feeCap: 0 };
  return { feePerPib: feeSharePerPib(fee), feePerSector: feeSharePerSector(fee), feeCap: fee.rewardCap };
}

function chanceParams(chance: ChancePlan | undefined): Record<string, number> {
  const fit = chance?.wandering?.fit;
  const at = (values: Float64Array | undefined, i: number) => values?.[i] ?? 0;
  return {
    seed: chance === undefined ? 0 : streamSeed(chance.seed, 0),
    weeks: fit?.weeks ?? 1,
    blockWeeks: chance?.wandering?.blockWeeks ?? 1,
    start0: at(fit?.start, 0),
    start1: at(fit?.start, 1),
    start2: at(fit?.start, 2),
    persistence0: at(fit?.persistence, 0),
    persistence1: at(fit?.persistence, 1),
    persistence2: at(fit?.persistence, 2),
    shock00: at(fit?.shocks, 0),
    shock10: at(fit?.shocks, 3),
    shock11: at(fit?.shocks, 4),
    shock20: at(fit?.shocks, 6),
    shock21: at(fit?.shocks, 7),
    shock22: at(fit?.shocks, 8),
    ...walkParams(chance?.wandering?.walk),
  };
}

/** The rows of a walk's steps as far as they are filled, then the sizes of its first step. */
function walkParams(walk: LevelWalk | undefined): Record<string, number> {
  const rows = Array.from({ length: WALK_LEVELS }, (_, row) => row);
  const steps = rows.flatMap((row) => rows.slice(0, row + 1).map((k) => walk?.steps[row * WALK_LEVELS + k] ?? 0));
  const values = [...steps, ...rows.map((level) => walk?.startSteps[level] ?? 0)];
  return Object.fromEntries(WALK_MEMBERS.map((name, i) => [name, values[i]!]));
}

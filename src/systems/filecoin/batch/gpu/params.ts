import { twoFloats } from "../../../../gpu/params";
import { BASELINE_AT_LAUNCH_EIB, BASELINE_GROWTH, PIB_PER_EIB, UNLOCK_DECAY_DAYS } from "../../model/constants";
import type { Engine } from "../../model/engine";
import { feeSharePerPib, feeSharePerSector } from "../../policies/sectorFee";
import type { Scenario } from "../../scenario";
import { MAX_FORECAST_DAYS } from "../../schema/bounds";
import type { Rules } from "../../schema/rules";
import { type ChancePlan, streamSeed } from "../request/chance";
import type { FeeStart } from "./feeStart";
import { TWO_FLOAT_MEMBERS } from "./shape";
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
  const split = TWO_FLOAT_MEMBERS.flatMap((name) => {
    const [high, low] = twoFloats(pairs[name]);
    return [
      [`${name}High`, high],
      [`${name}Low`, low],
    ] as const;
  });
  return {
    ...Object.fromEntries(split),
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
    leastRaw: LEAST_POWER_SHARE * history.rawPowerTodayPib,
    leastQa: (LEAST_POWER_SHARE * history.qaPowerTodayPib) / PIB_PER_EIB,
    launchDepth,
    ...ruleParams(engine.rules),
    ...feeParams(scenario),
    rbp: firstValue(scenario.rbpPibPerDay),
    renewalRate: firstValue(scenario.renewalRate),
    filPlusRate: firstValue(scenario.filPlusRate),
    lockTarget: firstValue(scenario.lockTarget),
    multiplier: firstValue(scenario.filPlusMultiplier),
    renewedFactor: firstValue(scenario.qaRenewalMultiplier),
    gamma: firstValue(scenario.gamma),
    ...chanceParams(chance),
  };
}

function ruleParams(rules: Rules): Record<string, number> {
  return { releasesWhatExists: rules === "mainnet" ? 1 : 0, unlockShare: 1 / UNLOCK_DECAY_DAYS[rules] };
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
  };
}

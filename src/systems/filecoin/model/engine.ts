import { epochDay } from "../../../numeric/calendar";
import { snapshotId } from "../history/identity";
import type { HistorySnapshot } from "../history/snapshot";
import { datedRamp } from "../policies/gammaRamp";
import { type FeeRoom, pastFees } from "../policies/sectorFee";
import type { SupplyBase } from "../scenario";
import { DEFAULT_SECTOR_DAYS, MAX_FORECAST_DAYS } from "../schema/bounds";
import { MAINNET_FEE, MAINNET_RAMP } from "../schema/policies";
import type { Rules } from "../schema/rules";
import type { Attrition, AttritionRoom } from "./attrition";
import {
  BASELINE_AT_LAUNCH_EIB,
  BURN_DAYS,
  HISTORICAL_GAMMA,
  HISTORICAL_LOCK_TARGET,
  LAUNCH_DATE,
  LOCKED_REWARD_SHARE,
  RESERVE_DISBURSED_FIL,
  UNLOCK_DECAY_DAYS,
} from "./constants";
import { divideOutReward, type ReturnSeries, returnSeries } from "./derived";
import { type MintingSeries, mint, mintingSeries, protocolBaseline, simpleMinting } from "./minting";
import { type PowerControls, type PowerSeries, powerSeries, recallPower } from "./power";
import {
  openSupply,
  type PledgeControls,
  type PledgeHazard,
  type SupplyInputs,
  type SupplySeries,
  settleSupply,
  supplySeries,
} from "./supply";
import { type VestingSeries, vestingSeries } from "./vesting";

/** What no scenario changes, for every day from the start date to the end of the longest forecast. */
export interface FixedSeries {
  /** Days since launch. */
  dayNumbers: Float64Array;
  vesting: VestingSeries;
  baselineEib: Float64Array;
  simpleFil: Float64Array;
  burntFil: Float64Array;
  reserveFil: Float64Array;
}

/**
 * The economy model prepared for one snapshot: what all scenarios share is worked out once, up to the day at which
 * they part, and the room for a run is allocated once. A run writes from the current date on; it is over before the
 * next begins, so that one engine serves one thread.
 */
export interface Engine {
  readonly history: HistorySnapshot;
  readonly rules: Rules;
  /** The engine of the same history under other rules, where a run asked for one. */
  sibling?: Engine;
  readonly snapshotId: string;
  /** The start date in days since 1970-01-01. */
  readonly startDay: number;
  /** Days from the start date to the current date. */
  readonly historyDays: number;
  /** Longest forecast there is room for. */
  readonly horizonDays: number;
  readonly fixed: FixedSeries;
  readonly powerControls: PowerControls;
  readonly pledgeControls: PledgeControls;
  readonly power: PowerSeries;
  readonly minting: MintingSeries;
  /** One set for each supply base, since the base shapes the history too. */
  readonly supplies: Record<SupplyBase, SupplySeries>;
  readonly returns: ReturnSeries;
  /** The set of the last run. */
  supply: SupplySeries;
  /** What the last run shows of burn and returns: those of the plain model, or those of a fee. */
  shown: { burntFil: Float64Array; returns: ReturnSeries };
  fees?: FeeRoom;
  /** By how much the measured supply differs from what the inputs come to, of each base, FIL; 0 where none is known. */
  readonly offsetFil: Record<SupplyBase, number>;
  /** What is burnt without fees in the run at hand, FIL so far. */
  burntFil: Float64Array;
  /** Found when the first run of that model comes. */
  attrition?: Attrition;
  attritionRoom?: AttritionRoom;
}

/** What an engine is prepared with beside its history. */
export interface EngineOptions {
  /** `plain` where absent. */
  rules?: Rules;
  /** In place of the protocol's baseline on each day of the history and the forecast. */
  baselineEib?: ArrayLike<number>;
}

/** Prepares the model for a snapshot and for forecasts of up to `horizonDays`. */
export function prepareEngine(
  history: HistorySnapshot,
  horizonDays: number = MAX_FORECAST_DAYS,
  { rules = "plain", baselineEib }: EngineOptions = {},
): Engine {
  const startDay = epochDay(history.startDate)!;
  const historyDays = epochDay(history.currentDate)! - startDay;
  const totalDays = historyDays + horizonDays;
  const fixed = fixedSeries(history, historyDays, totalDays, baselineEib);
  const supplies = { circulating: supplySeries(totalDays), available: supplySeries(totalDays) };
  const returns = returnSeries(totalDays);
  const engine: Engine = {
    history,
    rules,
    snapshotId: snapshotId(history),
    startDay,
    historyDays,
    horizonDays,
    fixed,
    powerControls: powerControls(horizonDays),
    pledgeControls: pledgeControls(history, rules, startDay, historyDays, totalDays),
    power: powerSeries(totalDays, horizonDays),
    minting: mintingSeries(totalDays),
    supplies,
    returns,
    supply: supplies.circulating,
    shown: { burntFil: fixed.burntFil, returns },
    offsetFil: { circulating: 0, available: 0 },
    burntFil: fixed.burntFil,
  };
  recallPower(history, engine.power);
  const { power, minting } = engine;
  mintOn(engine, 0, historyDays + 1);
  divideOutReward(minting.perDayFil, power.qaEib, 0, historyDays + 1, returns);
  for (const base of ["circulating", "available"] as const) {
    openSupply(history, lockedRewardAtStart(engine), supplies[base]);
    // Nothing pledged in the forecast falls due before the forecast, whatever the life of a sector.
    engine.offsetFil[base] = settle(engine, base, totalDays, 1, historyDays, { isHistory: true });
  }
  if (rules === "mainnet") goOnBurning(engine);
  return engine;
}

/** The engine of the same history under these rules, which is prepared when it is first asked for. */
export function engineUnder(engine: Engine, rules: Rules): Engine {
  if (engine.rules === rules) return engine;
  engine.sibling ??= prepareEngine(engine.history, engine.horizonDays, { rules });
  return engine.sibling;
}

/** Mints on days `from` to `to - 1`; power of those days must be there. */
export function mintOn({ history, rules, fixed, power, minting }: Engine, from: number, to: number): void {
  const { baselineEib, simpleFil } = fixed;
  const atLaunchEib = BASELINE_AT_LAUNCH_EIB[rules];
  // The opening sum holds the start date already; the original adds that day again.
  const twiceEib = rules === "plain" ? 0 : Math.min(baselineEib[0]!, power.rawEib[0]!);
  const openingEib = history.cumCappedAtStartEib - twiceEib;
  mint(power.rawEib, baselineEib, simpleFil, openingEib, atLaunchEib, from, to, minting);
}

/** What a run says of supply beside its controls. */
export interface SupplyTerms {
  /** Whether the days are those of the history, whose measured stocks stand in for reconstructed ones. */
  isHistory?: boolean;
  /** Burnt beside the plain burn so far, FIL: asked once for each day in turn. */
  policyBurntFil?: (day: number) => number;
  /** Share of each day's reward that block winners get; all where absent. */
  consensusShare?: Float64Array | undefined;
  /** In place of the table and the life of sectors. */
  pledgeHazard?: PledgeHazard | undefined;
}

/**
 * Carries the supply of one base on from day `from` to the day before `to`; what else a run holds must be there.
 * @returns as `settleSupply`
 */
export function settle(
  engine: Engine,
  base: SupplyBase,
  sectorDays: number,
  from: number,
  to: number,
  { isHistory = false, policyBurntFil, consensusShare, pledgeHazard }: SupplyTerms = {},
): number {
  const { fixed, power, minting, pledgeControls: controls, history, historyDays, rules } = engine;
  const inputs: SupplyInputs = {
    controls,
    qaEib: power.qaEib,
    onboardedQaPib: power.onboardedQaPib,
    renewedQaPib: power.renewedQaPib,
    baselineEib: fixed.baselineEib,
    mintedPerDayFil: minting.perDayFil,
    mintedFil: minting.cumFil,
    vestedFil: fixed.vesting.totalFil,
    burntFil: engine.burntFil,
    history,
    historyDays,
    releasesWhatExists: rules === "mainnet",
    unlockDays: UNLOCK_DECAY_DAYS[rules],
    offsetFil: engine.offsetFil[base],
    ...(isHistory && rules === "mainnet" && history.measured && { measured: history.measured }),
    ...(policyBurntFil && { policyBurntFil }),
    ...(consensusShare && { consensusShare }),
    ...(pledgeHazard && { pledgeHazard }),
  };
  return settleSupply(inputs, base, sectorDays, from, to, engine.supplies[base]);
}

/** How much of what is locked on the start date counts as reward: half in the original, which cannot know it. */
function lockedRewardAtStart({ history, rules, minting }: Engine): number {
  if (rules === "plain") return history.lockedAtStartFil / 2;
  return Math.min(history.lockedAtStartFil, LOCKED_REWARD_SHARE * minting.perDayFil[0]! * UNLOCK_DECAY_DAYS[rules]);
}

/** Burn goes on as in the last 90 days, less what the fee of FIP-100 came to in them: the fee is reckoned by itself. */
function goOnBurning(engine: Engine): void {
  const { fixed, power, minting, supplies, startDay, historyDays, history } = engine;
  const { burntFil } = fixed;
  const days = Math.min(BURN_DAYS, historyDays);
  const firstDay = Math.max(1, MAINNET_FEE.startDay - startDay);
  const { onboardedQaPib, renewedQaPib, qaEib } = power;
  const flows = { historyDays, sectorDays: DEFAULT_SECTOR_DAYS, onboardedQaPib, renewedQaPib, qaEib, burntFil };
  const inputs = { ...flows, mintedPerDayFil: minting.perDayFil, circulatingFil: supplies.circulating.circulating };
  const fees = pastFees(MAINNET_FEE, firstDay, inputs, historyDays - days);
  const burnt = history.burntFil[historyDays]! - history.burntFil[historyDays - days]!;
  const perDayFil = Math.max(0, (burnt - fees) / days);
  for (let i = historyDays + 1; i < burntFil.length; i++) burntFil[i] = burntFil[i - 1]! + perDayFil;
}

function fixedSeries(
  history: HistorySnapshot,
  historyDays: number,
  totalDays: number,
  baselineEib: ArrayLike<number> | undefined,
): FixedSeries {
  const startDay = epochDay(history.startDate)! - epochDay(LAUNCH_DATE)!;
  const dayNumbers = new Float64Array(totalDays).map((_, i) => startDay + i);
  const burntFil = new Float64Array(totalDays);
  burntFil.set(history.burntFil);
  for (let i = historyDays + 1; i < totalDays; i++) burntFil[i] = burntFil[i - 1]! + history.burntPerDayFil;
  return {
    dayNumbers,
    vesting: vestingSeries(dayNumbers, history.vestedAtStartFil),
    baselineEib:
      baselineEib === undefined
        ? protocolBaseline(history.baselineAtStartEib, totalDays)
        : Float64Array.from(baselineEib),
    simpleFil: simpleMinting(dayNumbers),
    burntFil,
    reserveFil: new Float64Array(totalDays).fill(RESERVE_DISBURSED_FIL),
  };
}

function powerControls(horizonDays: number): PowerControls {
  const whole = () => new Float64Array(horizonDays);
  return {
    rbpPibPerDay: whole(),
    filPlusRate: whole(),
    filPlusMultiplier: whole(),
    qaRenewalMultiplier: whole(),
    qaAttrition: whole(),
  };
}

function pledgeControls(
  history: HistorySnapshot,
  rules: Rules,
  startDay: number,
  historyDays: number,
  totalDays: number,
): PledgeControls {
  const renewalRate = new Float64Array(totalDays);
  renewalRate.set(history.renewalRate);
  const gamma = new Float64Array(totalDays).fill(HISTORICAL_GAMMA, 0, historyDays);
  if (rules === "mainnet") datedRamp(MAINNET_RAMP, startDay, historyDays, gamma, 0);
  return {
    renewalRate,
    lockTarget: new Float64Array(totalDays).fill(HISTORICAL_LOCK_TARGET, 0, historyDays),
    gamma,
    gammaWeighting: new Uint8Array(totalDays),
  };
}

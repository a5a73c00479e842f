import { epochDay } from "../../../numeric/calendar";
import { snapshotId } from "../history/identity";
import type { HistorySnapshot } from "../history/snapshot";
import { spreadRamp } from "../policies/gammaRamp";
import { type FeeRoom, feeCharge, feeRoom, netReturns, type SectorFee } from "../policies/sectorFee";
import { MAX_FORECAST_DAYS, type Scenario, type SupplyBase, spreadControl } from "../scenario";
import { HISTORICAL_GAMMA, HISTORICAL_LOCK_TARGET, LAUNCH_DATE, RESERVE_DISBURSED_FIL } from "./constants";
import {
  divideOutPledge,
  divideOutReward,
  divideReturns,
  type ReturnSeries,
  returnSeries,
  sumYears,
  yearEntries,
} from "./derived";
import { type MintingSeries, mint, mintingSeries, protocolBaseline, simpleMinting } from "./minting";
import { type Extent, OUTPUT_NAMES, OUTPUTS, type OutputName, type Step, stepsFor } from "./outputs";
import { forecastPower, type PowerControls, type PowerSeries, powerSeries, recallPower, type Span } from "./power";
import { openSupply, type PledgeControls, type SupplySeries, settleSupply, supplySeries } from "./supply";
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
}

/** The series of one run. They are views into the engine: copy what must outlive its next run. */
export interface Forecast {
  engine: Engine;
  forecastDays: number;
  /** How many entries the series of each extent have; `total` is H + F. */
  lengths: Record<Extent, number>;
  series(name: OutputName): Float64Array;
}

/**
 * Prepares the model for a snapshot and for forecasts of up to `horizonDays`; `baselineEib`, where given, stands in
 * for the protocol's baseline on each of those days and the days of the history.
 */
export function prepareEngine(
  history: HistorySnapshot,
  horizonDays: number = MAX_FORECAST_DAYS,
  baselineEib?: ArrayLike<number>,
): Engine {
  const startDay = epochDay(history.startDate)!;
  const historyDays = epochDay(history.currentDate)! - startDay;
  const totalDays = historyDays + horizonDays;
  const fixed = fixedSeries(history, historyDays, totalDays, baselineEib);
  const supplies = { circulating: supplySeries(totalDays), available: supplySeries(totalDays) };
  const returns = returnSeries(totalDays);
  const engine: Engine = {
    history,
    snapshotId: snapshotId(history),
    startDay,
    historyDays,
    horizonDays,
    fixed,
    powerControls: powerControls(horizonDays),
    pledgeControls: pledgeControls(history, historyDays, totalDays),
    power: powerSeries(totalDays, horizonDays),
    minting: mintingSeries(totalDays),
    supplies,
    returns,
    supply: supplies.circulating,
    shown: { burntFil: fixed.burntFil, returns },
  };
  recallPower(history, engine.power);
  const { power, minting } = engine;
  mint(power.rawEib, fixed.baselineEib, fixed.simpleFil, history.cumCappedAtStartEib, 0, historyDays + 1, minting);
  divideOutReward(minting.perDayFil, power.qaEib, 0, historyDays + 1, returns);
  for (const base of ["circulating", "available"] as const) {
    openSupply(history, supplies[base]);
    // Nothing pledged in the forecast falls due before the forecast, whatever the life of a sector.
    settle(engine, base, totalDays, 1, historyDays);
  }
  return engine;
}

/**
 * Runs a scenario as far as the named series need.
 * @throws RangeError when the forecast is longer than the engine has room for, or a vector has another length.
 */
export function forecast(
  prepared: Engine,
  scenario: Scenario,
  outputs: readonly OutputName[] = OUTPUT_NAMES,
): Forecast {
  const engine = engineFor(prepared, scenario);
  const { historyDays } = engine;
  const { forecastDays, sectorDays } = scenario;
  if (!(forecastDays >= 1 && forecastDays <= engine.horizonDays)) {
    throw new RangeError(`forecast: expected 1 to ${engine.horizonDays} days, got ${forecastDays}`);
  }
  if (!(sectorDays >= 1)) throw new RangeError(`sector duration: expected 1 day or more, got ${sectorDays}`);
  setControls(engine, scenario);
  engine.supply = engine.supplies[scenario.supplyBase];
  const knownOffset = scenario.knownTrim === "server" ? historyDays : 0;
  const span = { historyDays, forecastDays, sectorDays, knownOffset };
  if (scenario.sectorFee === undefined) {
    engine.shown = { burntFil: engine.fixed.burntFil, returns: engine.returns };
    for (const step of stepsFor(outputs)) RUN[step](engine, span, scenario.supplyBase);
  } else {
    runWithFee(engine, span, scenario.supplyBase, scenario.sectorFee);
  }
  const totalDays = historyDays + forecastDays;
  const lengths = { total: totalDays, forecast: forecastDays, years: yearEntries(totalDays) };
  const series = (name: OutputName) => OUTPUTS[name].read(engine).subarray(0, lengths[OUTPUTS[name].extent]);
  return { engine, forecastDays, lengths, series };
}

/** What each step does for the days of the forecast. */
const RUN: Record<Step, (engine: Engine, span: Span, base: SupplyBase) => void> = {
  power: ({ history, powerControls, pledgeControls, power }, span) =>
    forecastPower(history, powerControls, pledgeControls.renewalRate, span, power),
  minting: ({ history, fixed, power, minting }, { historyDays, forecastDays }) => {
    const end = historyDays + forecastDays;
    mint(power.rawEib, fixed.baselineEib, fixed.simpleFil, history.cumCappedAtStartEib, historyDays + 1, end, minting);
  },
  supply: (engine, { historyDays, forecastDays, sectorDays }, base) =>
    settle(engine, base, sectorDays, historyDays, historyDays + forecastDays),
  pledgeRatio: ({ supply, power, returns }, { historyDays, forecastDays }) => {
    const { lockedPledgePerDay, renewedPledgePerDay } = supply;
    const days = historyDays + forecastDays;
    divideOutPledge(lockedPledgePerDay, renewedPledgePerDay, power.onboardedQaPib, days, returns);
  },
  rewardRatio: ({ minting, power, returns }, { historyDays, forecastDays }) =>
    divideOutReward(minting.perDayFil, power.qaEib, historyDays + 1, historyDays + forecastDays, returns),
  yearReturn: ({ returns }, { historyDays, forecastDays }) => sumYears(historyDays + forecastDays, returns),
  yearRoi: ({ returns }, { historyDays, forecastDays }) => divideReturns(historyDays + forecastDays, returns),
};

/** A fee changes supply and, through it, every return: all steps run, whatever was asked. */
function runWithFee(engine: Engine, span: Span, base: SupplyBase, fee: SectorFee): void {
  const { power, minting, fixed, returns, startDay } = engine;
  const { historyDays, forecastDays, sectorDays } = span;
  const circulatingFil = engine.supplies[base].circulating;
  engine.fees ??= feeRoom(fixed.burntFil, returns);
  engine.shown = engine.fees;
  // The start date has no day before it whose supply a fee could be a share of.
  const firstDay = Math.max(1, fee.startDay - startDay);
  const { onboardedQaPib, renewedQaPib, qaEib } = power;
  const flows = { historyDays, sectorDays, onboardedQaPib, renewedQaPib, qaEib };
  const inputs = { ...flows, mintedPerDayFil: minting.perDayFil, burntFil: fixed.burntFil, circulatingFil };
  for (const step of stepsFor(OUTPUT_NAMES)) {
    if (step !== "supply") RUN[step](engine, span, base);
    else {
      const charge = feeCharge(fee, firstDay, inputs, engine.fees);
      settle(engine, base, sectorDays, historyDays, historyDays + forecastDays, charge);
    }
  }
  netReturns(fee, firstDay, circulatingFil, returns, historyDays + forecastDays, engine.fees);
}

function settle(
  engine: Engine,
  base: SupplyBase,
  sectorDays: number,
  from: number,
  to: number,
  feesBurntFil?: (day: number) => number,
): void {
  const { fixed, power, minting, pledgeControls: controls, history, historyDays } = engine;
  const inputs = {
    controls,
    qaEib: power.qaEib,
    onboardedQaPib: power.onboardedQaPib,
    renewedQaPib: power.renewedQaPib,
    baselineEib: fixed.baselineEib,
    mintedPerDayFil: minting.perDayFil,
    mintedFil: minting.cumFil,
    vestedFil: fixed.vesting.totalFil,
    burntFil: fixed.burntFil,
    history,
    historyDays,
    ...(feesBurntFil && { feesBurntFil }),
  };
  settleSupply(inputs, base, sectorDays, from, to, engine.supplies[base]);
}

/** A baseline of the scenario's own changes the history too, so it needs an engine of its own. */
function engineFor(prepared: Engine, { baselineEib, forecastDays }: Scenario): Engine {
  if (baselineEib === undefined) return prepared;
  const days = prepared.historyDays + forecastDays;
  if (baselineEib.length !== days) {
    throw new RangeError(`baseline_eib: expected ${days} values, got ${baselineEib.length}`);
  }
  return prepareEngine(prepared.history, forecastDays, baselineEib);
}

function setControls(engine: Engine, scenario: Scenario): void {
  const { powerControls: power, pledgeControls: pledge, historyDays } = engine;
  const days = scenario.forecastDays;
  spreadControl(scenario.rbpPibPerDay, days, power.rbpPibPerDay, 0, "rbp");
  spreadControl(scenario.filPlusRate, days, power.filPlusRate, 0, "fpr");
  spreadControl(scenario.filPlusMultiplier, days, power.filPlusMultiplier, 0, "fil_plus_m");
  spreadControl(scenario.qaRenewalMultiplier, days, power.qaRenewalMultiplier, 0, "qa_renew_relative_multiplier");
  // The rules of pledge change on the current date itself, a day before the flows of power.
  spreadControl(scenario.renewalRate, days, pledge.renewalRate, historyDays, "rr");
  spreadControl(scenario.lockTarget, days, pledge.lockTarget, historyDays, "lock_target");
  if (scenario.gammaRamp === undefined) spreadControl(scenario.gamma, days, pledge.gamma, historyDays, "gamma");
  else spreadRamp(scenario.gammaRamp, engine.startDay + historyDays, days, pledge.gamma, historyDays);
  spreadControl(scenario.gammaWeighting, days, pledge.gammaWeighting, historyDays, "gamma_weight_type");
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
  };
}

function pledgeControls(history: HistorySnapshot, historyDays: number, totalDays: number): PledgeControls {
  const renewalRate = new Float64Array(totalDays);
  renewalRate.set(history.renewalRate);
  return {
    renewalRate,
    lockTarget: new Float64Array(totalDays).fill(HISTORICAL_LOCK_TARGET, 0, historyDays),
    gamma: new Float64Array(totalDays).fill(HISTORICAL_GAMMA, 0, historyDays),
    gammaWeighting: new Uint8Array(totalDays),
  };
}

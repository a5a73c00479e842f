import { datedRamp, spreadRamp } from "../policies/gammaRamp";
import { type SplitShares, splitShares } from "../policies/rewardSplit";
import { feeCharge, feeRoom, netReturns } from "../policies/sectorFee";
import { type Scenario, type SupplyBase, spreadControl } from "../scenario";
import type { RewardSplit, SectorFee } from "../schema/policies";
import type { Model } from "../schema/rules";
import { OUTPUT_NAMES, type OutputName } from "../schema/series";
import { type Attrition, attritePower, fitAttrition } from "./attrition";
import { divideOutPledge, divideOutReward, divideReturns, sumYears, yearEntries } from "./derived";
import { type Engine, engineUnder, mintOn, prepareEngine, type SupplyTerms, settle } from "./engine";
import { type Extent, OUTPUTS, type Step, stepsFor } from "./outputs";
import { forecastPower, type PowerControls, type Span } from "./power";
import type { PledgeHazard } from "./supply";

/** The series of one run. They are views into the engine: copy what must outlive its next run. */
export interface Forecast {
  engine: Engine;
  model: Model;
  forecastDays: number;
  /** How many entries the series of each extent have; `total` is H + F. */
  lengths: Record<Extent, number>;
  series(name: OutputName): Float64Array;
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
  const span: RunSpan = { historyDays, forecastDays, sectorDays, knownOffset };
  if (scenario.rules === "mainnet") span.leastPib = 0;
  if (scenario.model === "attrition") {
    engine.attritionRoom ??= { keptPledgeShare: new Float64Array(historyDays + engine.horizonDays) };
    span.attrition = attritionOf(engine);
  }
  engine.burntFil = burnOf(engine, scenario);
  if (scenario.sectorFee === undefined && scenario.rewardSplit === undefined) {
    engine.shown = { burntFil: engine.burntFil, returns: engine.returns };
    for (const step of stepsFor(outputs)) RUN[step](engine, span, scenario.supplyBase);
  } else {
    runWithPolicies(engine, span, scenario, outputs);
  }
  const totalDays = historyDays + forecastDays;
  const lengths = { total: totalDays, forecast: forecastDays, years: yearEntries(totalDays) };
  const series = (name: OutputName) => OUTPUTS[name].read(engine).subarray(0, lengths[OUTPUTS[name].extent]);
  return { engine, model: scenario.model, forecastDays, lengths, series };
}

/** What an engine's history loses and renews, found when it is first asked for. */
export function attritionOf(engine: Engine): Attrition {
  engine.attrition ??= fitAttrition(engine.history, engine.historyDays, engine.supplies.circulating);
  return engine.attrition;
}

/** The span of a run, and what is lost in it where that goes by shares. */
interface RunSpan extends Span {
  attrition?: Attrition;
}

function pledgeHazard({ attritionRoom }: Engine, { attrition }: RunSpan): PledgeHazard | undefined {
  if (attrition === undefined) return undefined;
  return { dueShare: attrition.qaDueShare, keptShare: attritionRoom!.keptPledgeShare };
}

/** What is burnt so far without fees: as the history goes on, or as the scenario says. */
export function burnOf({ fixed, historyDays }: Engine, { burnPerDayFil, forecastDays }: Scenario): Float64Array {
  if (burnPerDayFil === undefined) return fixed.burntFil;
  const burntFil = fixed.burntFil.slice();
  const perDay = new Float64Array(forecastDays);
  spreadControl(burnPerDayFil, forecastDays, perDay, 0, "burn_per_day");
  for (let j = 0; j < forecastDays - 1; j++) burntFil[historyDays + 1 + j] = burntFil[historyDays + j]! + perDay[j]!;
  return burntFil;
}

/** What each step does for the days of the forecast. */
const RUN: Record<Step, (engine: Engine, span: RunSpan, base: SupplyBase) => void> = {
  power(engine, span) {
    const { history, powerControls, pledgeControls, power } = engine;
    const { renewalRate } = pledgeControls;
    if (span.attrition === undefined) forecastPower(history, powerControls, renewalRate, span, power);
    else attritePower(history, span.attrition, powerControls, renewalRate, span, power, engine.attritionRoom!);
  },
  minting: (engine, { historyDays, forecastDays }) => mintOn(engine, historyDays + 1, historyDays + forecastDays),
  supply(engine, span, base) {
    const { historyDays, forecastDays, sectorDays } = span;
    const terms = { pledgeHazard: pledgeHazard(engine, span) };
    settle(engine, base, sectorDays, historyDays, historyDays + forecastDays, terms);
  },
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

/** A fee or a split of the reward changes supply and, through it, every return but those of power and minting. */
function runWithPolicies(engine: Engine, span: RunSpan, scenario: Scenario, outputs: readonly OutputName[]): void {
  const { fixed, returns, startDay } = engine;
  const { historyDays, forecastDays, sectorDays } = span;
  const { sectorFee: fee, rewardSplit, supplyBase: base } = scenario;
  engine.fees ??= feeRoom(fixed.burntFil, returns);
  engine.shown = engine.fees;
  const end = historyDays + forecastDays;
  const shares = rewardSplit && splitShares(rewardSplit, startDay, end);
  const steps = stepsFor(outputs);
  const isNet = steps.includes("rewardRatio");
  // What a sector earns is net of the fee, which is a share of supply.
  for (const step of isNet ? stepsFor(OUTPUT_NAMES) : steps) {
    if (step === "supply")
      settle(engine, base, sectorDays, historyDays, end, supplyTerms(engine, span, scenario, shares));
    else RUN[step](engine, span, base);
    if (step === "rewardRatio" && shares !== undefined) {
      for (let i = historyDays + 1; i < end; i++) returns.rewardPerSector[i]! *= shares.consensus[i]!;
    }
  }
  if (!isNet) return;
  if (fee === undefined) engine.shown = { burntFil: engine.fees.burntFil, returns };
  else netReturns(fee, firstFeeDay(engine, fee), engine.supplies[base].circulating, returns, end, engine.fees);
}

/** The start date has no day before it whose supply a fee could be a share of. */
function firstFeeDay({ startDay }: Engine, fee: SectorFee): number {
  return Math.max(1, fee.startDay - startDay);
}

/** What a run's policies do to supply; the burn they come to stands in the engine's room for fees. */
function supplyTerms(
  engine: Engine,
  span: RunSpan,
  { sectorFee, supplyBase }: Scenario,
  shares: SplitShares | undefined,
): SupplyTerms {
  const { power, minting, burntFil: plainFil } = engine;
  const { historyDays, sectorDays } = span;
  const dueShare = span.attrition?.qaDueShare;
  const { onboardedQaPib, renewedQaPib, qaEib } = power;
  const { perDayFil: mintedPerDayFil } = minting;
  const flows = { historyDays, sectorDays, dueShare, onboardedQaPib, renewedQaPib, qaEib };
  const circulatingFil = engine.supplies[supplyBase].circulating;
  const inputs = { ...flows, mintedPerDayFil, burntFil: plainFil, circulatingFil };
  const fees = sectorFee && feeCharge(sectorFee, firstFeeDay(engine, sectorFee), inputs, engine.fees!);
  const hazard = { pledgeHazard: pledgeHazard(engine, span) };
  if (shares === undefined) return { policyBurntFil: fees!, ...hazard };
  const { burntFil } = engine.fees!;
  let splitFil = 0;
  function burnt(day: number): number {
    if (day > historyDays) splitFil += shares!.burnt[day]! * mintedPerDayFil[day]!;
    const all = splitFil + (fees?.(day) ?? 0);
    burntFil[day] = plainFil[day]! + all;
    return all;
  }
  return { policyBurntFil: burnt, consensusShare: shares.consensus, ...hazard };
}

/** A baseline of the scenario's own changes the history too, so it needs an engine of its own. */
function engineFor(prepared: Engine, { rules, baselineEib, forecastDays }: Scenario): Engine {
  if (baselineEib === undefined) return engineUnder(prepared, rules);
  const days = prepared.historyDays + forecastDays;
  if (baselineEib.length !== days) {
    throw new RangeError(`baseline_eib: expected ${days} values, got ${baselineEib.length}`);
  }
  return prepareEngine(prepared.history, forecastDays, { rules, baselineEib });
}

function setControls(engine: Engine, scenario: Scenario): void {
  const { powerControls: power, pledgeControls: pledge, historyDays } = engine;
  const days = scenario.forecastDays;
  spreadControl(scenario.rbpPibPerDay, days, power.rbpPibPerDay, 0, "rbp");
  spreadControl(scenario.filPlusRate, days, power.filPlusRate, 0, "fpr");
  spreadControl(scenario.filPlusMultiplier, days, power.filPlusMultiplier, 0, "fil_plus_m");
  if (scenario.rewardSplit !== undefined) countAlike(scenario.rewardSplit, engine.startDay + historyDays, days, power);
  spreadControl(scenario.qaRenewalMultiplier, days, power.qaRenewalMultiplier, 0, "qa_renew_relative_multiplier");
  spreadControl(scenario.qaAttrition ?? 1, days, power.qaAttrition, 0, "qa_attrition");
  // The rules of pledge change on the current date itself, a day before the flows of power.
  spreadControl(scenario.renewalRate, days, pledge.renewalRate, historyDays, "rr");
  spreadControl(scenario.lockTarget, days, pledge.lockTarget, historyDays, "lock_target");
  spreadGamma(scenario, engine.startDay + historyDays, pledge.gamma, historyDays);
  spreadControl(scenario.gammaWeighting, days, pledge.gammaWeighting, historyDays, "gamma_weight_type");
}

/** From the start of a split on all new sectors count alike, whatever they hold. */
function countAlike({ startDay, multiplier }: RewardSplit, today: number, days: number, power: PowerControls): void {
  for (let j = Math.max(0, startDay - today); j < days; j++) {
    const most = power.filPlusMultiplier[j]!;
    power.filPlusRate[j] = most === 1 ? 0 : (multiplier - 1) / (most - 1);
  }
}

/** Gamma on each forecast day, into `gamma` from index `from` on. @param today in days since 1970-01-01 */
export function spreadGamma(scenario: Scenario, today: number, gamma: Float64Array, from: number): void {
  const { rules, gammaRamp, forecastDays } = scenario;
  if (gammaRamp === undefined) spreadControl(scenario.gamma, forecastDays, gamma, from, "gamma");
  else if (rules === "mainnet") datedRamp(gammaRamp, today, forecastDays, gamma, from);
  else spreadRamp(gammaRamp, today, forecastDays, gamma, from);
}

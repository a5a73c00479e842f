import { spreadRamp } from "../policies/gammaRamp";
import { feeCharge, feeRoom, netReturns } from "../policies/sectorFee";
import { type Scenario, type SupplyBase, spreadControl } from "../scenario";
import type { SectorFee } from "../schema/policies";
import { OUTPUT_NAMES, type OutputName } from "../schema/series";
import { divideOutPledge, divideOutReward, divideReturns, sumYears, yearEntries } from "./derived";
import { type Engine, prepareEngine, settle } from "./engine";
import { mint } from "./minting";
import { type Extent, OUTPUTS, type Step, stepsFor } from "./outputs";
import { forecastPower, type Span } from "./power";

/** The series of one run. They are views into the engine: copy what must outlive its next run. */
export interface Forecast {
  engine: Engine;
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

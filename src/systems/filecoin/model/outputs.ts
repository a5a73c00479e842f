import type { OutputName } from "../schema/series";
import type { Engine } from "./engine";

/** A part of a run. Each needs those that `NEEDS` names, and runs only when an asked series needs it. */
export type Step = "power" | "minting" | "supply" | "pledgeRatio" | "rewardRatio" | "yearReturn" | "yearRoi";

/** The steps in the order in which they run. */
const STEPS: readonly Step[] = ["power", "minting", "supply", "pledgeRatio", "rewardRatio", "yearReturn", "yearRoi"];

/** All steps that must have run before a series of the step can be read, the step itself included. */
const NEEDS: Record<Step, readonly Step[]> = {
  power: ["power"],
  minting: ["power", "minting"],
  supply: ["power", "minting", "supply"],
  pledgeRatio: ["power", "minting", "supply", "pledgeRatio"],
  rewardRatio: ["power", "minting", "rewardRatio"],
  yearReturn: ["power", "minting", "rewardRatio", "yearReturn"],
  yearRoi: STEPS,
};

/**
 * Which days a series has: `total` every day from the start date to the last forecast day, `forecast` every day from
 * the current date, `years` every day from the start date that begins a whole year.
 */
export type Extent = "total" | "forecast" | "years";

export interface Output {
  /** The step that fills it; none for what the snapshot alone determines. */
  step?: Step;
  extent: Extent;
  read: (engine: Engine) => Float64Array;
}

type Read = Output["read"];
const fixed = (read: Read): Output => ({ extent: "total", read });
const byDay = (step: Step, read: Read): Output => ({ step, extent: "total", read });

const rawPower = byDay("power", (e) => e.power.rawEib);
const qaPower = byDay("power", (e) => e.power.qaEib);
const onboardedQa = byDay("power", (e) => e.power.onboardedQaPib);
const renewedQa = byDay("power", (e) => e.power.renewedQaPib);

/** Where each series stands in the engine. Four are second names of another; docs/filecoin.md, "Series". */
export const OUTPUTS = {
  rb_total_power_eib: rawPower,
  qa_total_power_eib: qaPower,
  rb_day_onboarded_power_pib: byDay("power", (e) => e.power.onboardedRawPib),
  rb_day_renewed_power_pib: byDay("power", (e) => e.power.renewedRawPib),
  qa_day_onboarded_power_pib: onboardedQa,
  qa_day_renewed_power_pib: renewedQa,
  rb_sched_expire_power_pib: { step: "power", extent: "forecast", read: (e) => e.power.expiringRawPib },
  qa_sched_expire_power_pib: { step: "power", extent: "forecast", read: (e) => e.power.expiringQaPib },
  full_renewal_rate: fixed((e) => e.pledgeControls.renewalRate),
  days: fixed((e) => e.fixed.dayNumbers),
  one_year_vest_saft: fixed((e) => e.fixed.vesting.tranches.one_year_vest_saft),
  six_month_vest_saft: fixed((e) => e.fixed.vesting.tranches.six_month_vest_saft),
  six_year_vest_foundation: fixed((e) => e.fixed.vesting.tranches.six_year_vest_foundation),
  six_year_vest_pl: fixed((e) => e.fixed.vesting.tranches.six_year_vest_pl),
  six_year_vest_saft: fixed((e) => e.fixed.vesting.tranches.six_year_vest_saft),
  three_year_vest_saft: fixed((e) => e.fixed.vesting.tranches.three_year_vest_saft),
  total_day_vest: fixed((e) => e.fixed.vesting.perDayFil),
  total_vest: fixed((e) => e.fixed.vesting.totalFil),
  two_year_vest_saft: fixed((e) => e.fixed.vesting.tranches.two_year_vest_saft),
  capped_power_EIB: byDay("minting", (e) => e.minting.cappedEib),
  cum_baseline_reward: byDay("minting", (e) => e.minting.baselineFil),
  cum_capped_power_EIB: byDay("minting", (e) => e.minting.cumCappedEib),
  cum_network_reward: byDay("minting", (e) => e.minting.cumFil),
  cum_simple_reward: fixed((e) => e.fixed.simpleFil),
  day_network_reward: byDay("minting", (e) => e.minting.perDayFil),
  day_onboarded_power_QAP_PIB: onboardedQa,
  day_renewed_power_QAP_PIB: renewedQa,
  network_QAP_EIB: qaPower,
  network_RBP_EIB: rawPower,
  network_baseline_EIB: fixed((e) => e.fixed.baselineEib),
  network_time: byDay("minting", (e) => e.minting.networkTimeDays),
  available_supply: byDay("supply", (e) => e.supply.available),
  circ_supply: byDay("supply", (e) => e.supply.circulating),
  day_locked_pledge: byDay("supply", (e) => e.supply.lockedPledgePerDay),
  day_renewed_pledge: byDay("supply", (e) => e.supply.renewedPledgePerDay),
  disbursed_reserve: fixed((e) => e.fixed.reserveFil),
  network_gas_burn: byDay("supply", (e) => e.shown.burntFil),
  network_locked: byDay("supply", (e) => e.supply.locked),
  network_locked_pledge: byDay("supply", (e) => e.supply.lockedPledge),
  network_locked_reward: byDay("supply", (e) => e.supply.lockedReward),
  day_pledge_per_QAP: byDay("pledgeRatio", (e) => e.shown.returns.pledgePerSector),
  day_rewards_per_sector: byDay("rewardRatio", (e) => e.shown.returns.rewardPerSector),
  "1y_return_per_sector": { step: "yearReturn", extent: "years", read: (e) => e.shown.returns.yearReturn },
  "1y_sector_roi": { step: "yearRoi", extent: "years", read: (e) => e.shown.returns.yearRoi },
} as const satisfies Record<OutputName, Output>;

/** The steps that must run, in order, for the named series. */
export function stepsFor(names: readonly OutputName[]): Step[] {
  const needed = new Set<Step>();
  for (const name of names) {
    const { step }: Output = OUTPUTS[name];
    if (step !== undefined) for (const need of NEEDS[step]) needed.add(need);
  }
  return STEPS.filter((step) => needed.has(step));
}

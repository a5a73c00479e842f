import { isoDateOf } from "../../../numeric/calendar";
import type { GammaRamp, RewardSplit, SectorFee } from "../schema/policies";
import type { Rules } from "../schema/rules";

interface Policies {
  rules: Rules;
  gammaRamp?: GammaRamp;
  sectorFee?: SectorFee;
  rewardSplit?: RewardSplit;
}

/** The policies of a scenario as members that give them again. */
export function policyMembers({ rules, gammaRamp, sectorFee, rewardSplit }: Policies) {
  return {
    ...(gammaRamp && {
      fip81: { start: isoDateOf(gammaRamp.startDay), ramp_days: gammaRamp.rampDays, floor: gammaRamp.floor },
    }),
    ...(sectorFee && {
      fip100: {
        start: isoDateOf(sectorFee.startDay),
        supply_share_per_byte: sectorFee.supplySharePerByte,
        reward_cap: sectorFee.rewardCap,
      },
    }),
    ...(rules === "mainnet" && sectorFee === undefined && { fip100: false }),
    ...(rewardSplit && {
      fip118: {
        start: isoDateOf(rewardSplit.startDay),
        multiplier: rewardSplit.multiplier,
        consensus_from: rewardSplit.consensus.from,
        consensus_to: rewardSplit.consensus.to,
        ramp_days: rewardSplit.consensus.days,
        service_from: rewardSplit.service.from,
        service_to: rewardSplit.service.to,
        service_days: rewardSplit.service.days,
      },
    }),
  };
}

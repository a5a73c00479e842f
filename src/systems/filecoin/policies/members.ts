import { isoDateOf } from "../../../numeric/calendar";
import type { GammaRamp, SectorFee } from "../schema/policies";

/** The policies of a scenario as members that give them again. */
export function policyMembers({ gammaRamp, sectorFee }: { gammaRamp?: GammaRamp; sectorFee?: SectorFee }) {
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
  };
}

import { z } from "zod";
import { epochDay, isoDateOf } from "../../../numeric/calendar";
import { FIP81, type GammaRamp } from "./gammaRamp";
import { FIP100, type SectorFee } from "./sectorFee";

const date = z.string().refine((text) => epochDay(text) !== undefined, "expected a date as YYYY-MM-DD");

/** A policy is off where it is absent, null or false, on as activated where it is true, else on as its members say. */
const switched = <Shape extends z.ZodType>(about: string, shape: Shape) =>
  z
    .preprocess(
      (input) => (input === true ? {} : input === false || input === null ? undefined : input),
      shape.optional(),
    )
    .meta({ description: about, type: ["object", "boolean"] });

/** The member `fip81` of a scenario; docs/filecoin.md, "FIP-81". */
export const fip81Member = switched(
  "FIP-81: gamma falls from 1 to a floor. `true` for the protocol's own dates. Stands in for `gamma`.",
  z
    .strictObject({
      start: date.default(FIP81.startDate),
      ramp_days: z.int().min(1).max(36_500).default(FIP81.rampDays),
      floor: z.number().min(0).max(1).default(FIP81.floor),
    })
    .transform(
      (given): GammaRamp => ({ startDay: epochDay(given.start)!, rampDays: given.ramp_days, floor: given.floor }),
    ),
).optional();

/** The member `fip100` of a scenario; docs/filecoin.md, "FIP-100". */
export const fip100Member = switched(
  "FIP-100: a daily fee on sectors that is burnt. `true` for the protocol's own date and figures.",
  z
    .strictObject({
      start: date.default(FIP100.startDate),
      supply_share_per_byte: z.number().min(0).max(1e-20).default(FIP100.supplySharePerByte),
      reward_cap: z.number().min(0).max(1).default(FIP100.rewardCap),
    })
    .transform(
      (given): SectorFee => ({
        startDay: epochDay(given.start)!,
        supplySharePerByte: given.supply_share_per_byte,
        rewardCap: given.reward_cap,
      }),
    ),
).optional();

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

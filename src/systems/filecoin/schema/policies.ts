import { z } from "zod";
import { epochDay } from "../../../numeric/calendar";

/** The fall of gamma by which consensus pledge looks less at the baseline; docs/filecoin.md, "FIP-81". */
export interface GammaRamp {
  /** The day on which it begins to fall from 1, in days since 1970-01-01. */
  startDay: number;
  /** Days until it stands at the floor. */
  rampDays: number;
  floor: number;
}

/** FIP-81 as it was activated on mainnet, with network version 24. */
export const FIP81 = { startDate: "2024-11-21", rampDays: 365, floor: 0.7 };

/** A fee that each sector owes every day from its commitment, extension or update on; docs/filecoin.md, "FIP-100". */
export interface SectorFee {
  /** The first day on which sectors take it on, in days since 1970-01-01. */
  startDay: number;
  /** Share of the circulating supply of that day that a byte of quality-adjusted power owes for every day. */
  supplySharePerByte: number;
  /** What is owed is paid up to this share of the day's expected reward. */
  rewardCap: number;
}

/** FIP-100 as it was activated on mainnet, with network version 25. */
export const FIP100 = { startDate: "2025-04-14", supplySharePerByte: 1.61817e-25, rewardCap: 0.5 };

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

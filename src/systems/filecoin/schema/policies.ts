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

/** The same as a scenario holds it. */
export const MAINNET_RAMP: GammaRamp = {
  startDay: epochDay(FIP81.startDate)!,
  rampDays: FIP81.rampDays,
  floor: FIP81.floor,
};

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

export const MAINNET_FEE: SectorFee = {
  startDay: epochDay(FIP100.startDate)!,
  supplySharePerByte: FIP100.supplySharePerByte,
  rewardCap: FIP100.rewardCap,
};

const date = z.string().refine((text) => epochDay(text) !== undefined, "expected a date as YYYY-MM-DD");

/**
 * A policy is as the rules have it where it is absent or null, off where it is false, on as activated where it is true,
 * else on as its members say.
 */
function switched<Shape extends z.ZodType>(about: string, shape: Shape) {
  function read(input: unknown, context: z.core.$RefinementCtx): z.output<Shape> | false | undefined {
    if (input == null) return undefined;
    if (input === false) return false;
    const { data, error } = shape.safeParse(input === true ? {} : input);
    if (error === undefined) return data;
    for (const { code: _, input: __, ...issue } of error.issues) context.addIssue({ ...issue, code: "custom", input });
    return false;
  }
  const { $schema: _, ...described } = z.toJSONSchema(shape, { io: "input" });
  return z
    .unknown()
    .transform(read)
    .meta({ ...described, description: about, type: ["object", "boolean"] })
    .optional();
}

/**
 * What new sectors count and how each day's reward is split, from a date on; docs/filecoin.md, "FIP-118". Shares change
 * evenly from the first day to the last of their ramp, and stay.
 */
export interface RewardSplit {
  /** In days since 1970-01-01. */
  startDay: number;
  /** Quality of all sectors that are onboarded from then on. */
  multiplier: number;
  /** Share of the reward that goes to those who win blocks. */
  consensus: ShareRamp;
  /** Share that pays for services. What neither takes is burnt. */
  service: ShareRamp;
}

export interface ShareRamp {
  from: number;
  to: number;
  days: number;
}

/**
 * FIP-0118 as its draft of July 2026 has it: consensus falls over nine quarters, services rise in the first one and then
 * only as far as paid volume grows, which is taken not to happen. It has no date yet.
 */
const FIP118 = {
  multiplier: 10,
  consensus: [0.95, 0.5],
  rampDays: 822,
  service: [0.05, 0.1],
  serviceDays: 91,
} as const;

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
);

/** The member `fip100` of a scenario; docs/filecoin.md, "FIP-100". */
export const fip100Member = switched(
  "FIP-100: a daily fee on sectors that is burned. `true` for the protocol's own date and figures.",
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
);

const share = z.number().min(0).max(1);

/** The member `fip118` of a scenario; docs/filecoin.md, "FIP-118". */
export const fip118Member = switched(
  "FIP-118, a draft: new sectors count tenfold, the reward is split between consensus, services and burn. `start` is yours to say.",
  z
    .strictObject({
      start: date,
      multiplier: z.number().min(1).max(100).default(FIP118.multiplier),
      consensus_from: share.default(FIP118.consensus[0]),
      consensus_to: share.default(FIP118.consensus[1]),
      ramp_days: z.int().min(1).max(36_500).default(FIP118.rampDays),
      service_from: share.default(FIP118.service[0]),
      service_to: share.default(FIP118.service[1]),
      service_days: z.int().min(1).max(36_500).default(FIP118.serviceDays),
    })
    .transform(
      (given): RewardSplit => ({
        startDay: epochDay(given.start)!,
        multiplier: given.multiplier,
        consensus: { from: given.consensus_from, to: given.consensus_to, days: given.ramp_days },
        service: { from: given.service_from, to: given.service_to, days: given.service_days },
      }),
    ),
);

import type { Rules } from "../schema/rules";

/** Rises with each change of arithmetic that changes results; part of every answer. */
export const MODEL_VERSION = 1;

/** Mainnet launch, day number 0 of vesting and of simple minting. */
export const LAUNCH_DATE = "2020-10-15";

export const PIB_PER_EIB = 1024;
/** A sector of 32 GiB. */
export const SECTOR_PIB = 2 ** -15;
export const SECTOR_EIB = 2 ** -25;

/** The protocol's year. */
export const YEAR_DAYS = 365;

/** Decay of minting per day: half is minted in six years. Filecoin specification, "Minting". */
export const MINTING_DECAY = Math.LN2 / 2190;
/** Growth of the baseline per day: it doubles every year. */
export const BASELINE_GROWTH = Math.LN2 / YEAR_DAYS;
/**
 * The baseline on launch day by each set of rules, EiB. The protocol's is 2.766 EiB, 3.189e18 bytes; the original takes
 * that many units of 1e18 bytes for it, which is 13 % less and mints 11 million FIL too many by May 2025.
 */
export const BASELINE_AT_LAUNCH_EIB: Record<Rules, number> = {
  plain: 2.766213637444971e18 / 2 ** 60,
  mainnet: 2.766213637444971,
};
/** What storage providers may be paid in all, FIL: 55 % of two thousand million, by clock 30 %, by power 70 %. */
export const SIMPLE_ALLOCATION_FIL = 0.3 * 1.1e9;
export const BASELINE_ALLOCATION_FIL = 0.7 * 1.1e9;

/** FIL disbursed from the mining reserve, the same on every day. */
export const RESERVE_DISBURSED_FIL = 17066618.96177341;

/** The seven parts of the genesis allocation that vest day by day, FIL over days from launch. */
export const VESTING_TRANCHES = [
  ["six_month_vest_saft", 51803587, 183],
  ["one_year_vest_saft", 31821712, 365],
  ["two_year_vest_saft", 7223364, 730],
  ["three_year_vest_saft", 88536841, 1095],
  ["six_year_vest_saft", 9805053, 2190],
  ["six_year_vest_pl", 300000000, 2190],
  ["six_year_vest_foundation", 100000000, 2190],
] as const;

/** Days of expected reward that a sector pledges for storage. */
export const STORAGE_PLEDGE_DAYS = 20;
/** Most that is pledged for a PiB of quality-adjusted power: 1 FIL per GiB. */
export const MAX_PLEDGE_FIL_PER_PIB = 1048576;
/** Share of each reward that is locked, and the days over which what is locked decays. */
export const LOCKED_REWARD_SHARE = 0.75;
export const REWARD_UNLOCK_DAYS = 180;
/**
 * The protocol unlocks a reward evenly over 180 days: what is locked of a steady reward is then that of 90.5 days. The
 * original lets what is locked decay by a 180th a day, which holds twice as much.
 */
export const UNLOCK_DECAY_DAYS: Record<Rules, number> = {
  plain: REWARD_UNLOCK_DAYS,
  mainnet: (REWARD_UNLOCK_DAYS + 1) / 2,
};

/** Days whose mean burn goes on under the rules in force. */
export const BURN_DAYS = 90;

/** The consensus rules that held over the whole history. */
export const HISTORICAL_LOCK_TARGET = 0.3;
export const HISTORICAL_GAMMA = 1;

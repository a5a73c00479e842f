export interface SeriesMeaning {
  title: string;
  unit: string;
}

const means = (title: string, unit: string): SeriesMeaning => ({ title, unit });

/**
 * The 44 series by the contract's names, in the contract's order: what each is and its unit, for those who look at it;
 * docs/filecoin.md, "Series".
 */
export const SERIES_MEANINGS = {
  rb_total_power_eib: means("Raw power", "EiB"),
  qa_total_power_eib: means("Quality-adjusted power", "EiB"),
  rb_day_onboarded_power_pib: means("Raw power onboarded", "PiB/day"),
  rb_day_renewed_power_pib: means("Raw power renewed", "PiB/day"),
  qa_day_onboarded_power_pib: means("Quality-adjusted power onboarded", "PiB/day"),
  qa_day_renewed_power_pib: means("Quality-adjusted power renewed", "PiB/day"),
  rb_sched_expire_power_pib: means("Raw power expiring", "PiB/day"),
  qa_sched_expire_power_pib: means("Quality-adjusted power expiring", "PiB/day"),
  full_renewal_rate: means("Renewal rate", "ratio"),
  days: means("Days since launch", "days"),
  one_year_vest_saft: means("Vesting, one-year tranche", "FIL/day"),
  six_month_vest_saft: means("Vesting, six-month tranche", "FIL/day"),
  six_year_vest_foundation: means("Vesting, foundation", "FIL/day"),
  six_year_vest_pl: means("Vesting, Protocol Labs", "FIL/day"),
  six_year_vest_saft: means("Vesting, six-year tranche", "FIL/day"),
  three_year_vest_saft: means("Vesting, three-year tranche", "FIL/day"),
  total_day_vest: means("Vesting of the day", "FIL/day"),
  total_vest: means("Vested so far", "FIL"),
  two_year_vest_saft: means("Vesting, two-year tranche", "FIL/day"),
  capped_power_EIB: means("Capped power", "EiB"),
  cum_baseline_reward: means("Baseline minting so far", "FIL"),
  cum_capped_power_EIB: means("Capped power so far", "EiB·day"),
  cum_network_reward: means("Minted so far", "FIL"),
  cum_simple_reward: means("Simple minting so far", "FIL"),
  day_network_reward: means("Minted on the day", "FIL/day"),
  day_onboarded_power_QAP_PIB: means("Quality-adjusted power onboarded", "PiB/day"),
  day_renewed_power_QAP_PIB: means("Quality-adjusted power renewed", "PiB/day"),
  network_QAP_EIB: means("Quality-adjusted power", "EiB"),
  network_RBP_EIB: means("Raw power", "EiB"),
  network_baseline_EIB: means("Baseline power", "EiB"),
  network_time: means("Network time", "days"),
  available_supply: means("Available supply", "FIL"),
  circ_supply: means("Circulating supply", "FIL"),
  day_locked_pledge: means("Pledge locked on the day", "FIL/day"),
  day_renewed_pledge: means("Pledge of renewals on the day", "FIL/day"),
  disbursed_reserve: means("Reserve disbursed", "FIL"),
  network_gas_burn: means("Burnt so far", "FIL"),
  network_locked: means("Locked", "FIL"),
  network_locked_pledge: means("Locked pledge", "FIL"),
  network_locked_reward: means("Locked rewards", "FIL"),
  day_pledge_per_QAP: means("Pledge per sector", "FIL"),
  day_rewards_per_sector: means("Reward per sector", "FIL/day"),
  "1y_return_per_sector": means("One-year return per sector", "FIL"),
  "1y_sector_roi": means("One-year return on pledge", "ratio"),
} as const satisfies Record<string, SeriesMeaning>;

export type OutputName = keyof typeof SERIES_MEANINGS;

export const OUTPUT_NAMES = Object.keys(SERIES_MEANINGS) as OutputName[];

/** What a provider pays and gets for one TiB, day by day; docs/filecoin.md, "The page". Loops only. */

/** 32 GiB each. */
const SECTORS_PER_TIB = 32;
/** Of a reward, paid at once; the rest follows evenly over the days after. */
const FREE_SHARE = 0.25;
const VESTING_DAYS = 180;
const YEAR_DAYS = 365;

export interface Commitment {
  /** Day of the run on which the sectors begin. */
  startDay: number;
  durationDays: number;
  /** Quality-adjusted bytes of a byte: 1 for plain capacity, 10 for verified deals. */
  quality: number;
  costFilPerYear: number;
}

export interface CashFlow {
  /** Flows by day from the start on: what is paid is negative. The last day is the one on which the last reward is free. */
  pledge: Float64Array<ArrayBuffer>;
  /** Rewards as they become free. */
  rewards: Float64Array<ArrayBuffer>;
  cumulative: Float64Array<ArrayBuffer>;
  pledgeFil: number;
  rewardFil: number;
  costFil: number;
  /** The first day, counted from the start, from which on the sum is never below zero again; undefined without one. */
  paidBackAfterDays: number | undefined;
  /** Whether the run ends before the commitment does: what comes after is then missing. */
  isCut: boolean;
}

/**
 * @param pledgePerSector FIL for 32 GiB of quality-adjusted power, by day of the run.
 * @param rewardPerSector FIL a day for the same.
 */
export function cashFlow(
  pledgePerSector: Float64Array,
  rewardPerSector: Float64Array,
  { startDay, durationDays, quality, costFilPerYear }: Commitment,
): CashFlow {
  const sectors = SECTORS_PER_TIB * quality;
  const known = Math.min(durationDays, Math.max(0, rewardPerSector.length - startDay));
  const days = durationDays + VESTING_DAYS + 1;
  const [pledge, rewards] = [new Float64Array(days), new Float64Array(days)];
  const cumulative = new Float64Array(days);
  const pledgeFil = sectors * (pledgePerSector[startDay] ?? Number.NaN);
  pledge[0] = -pledgeFil;
  pledge[durationDays] = pledgeFil;
  let rewardFil = 0;
  for (let day = 0; day < known; day++) {
    const reward = sectors * rewardPerSector[startDay + day]!;
    rewardFil += reward;
    rewards[day]! += FREE_SHARE * reward;
    const daily = ((1 - FREE_SHARE) * reward) / VESTING_DAYS;
    for (let later = 1; later <= VESTING_DAYS; later++) rewards[day + later]! += daily;
  }
  const costPerDay = costFilPerYear / YEAR_DAYS;
  let sum = 0;
  let belowZero = -1;
  for (let day = 0; day < days; day++) {
    sum += pledge[day]! + rewards[day]! - (day < durationDays ? costPerDay : 0);
    cumulative[day] = sum;
    if (sum < 0) belowZero = day;
  }
  return {
    pledge,
    rewards,
    cumulative,
    pledgeFil,
    rewardFil,
    costFil: costPerDay * durationDays,
    paidBackAfterDays: belowZero + 1 < days ? belowZero + 1 : undefined,
    isCut: known < durationDays,
  };
}

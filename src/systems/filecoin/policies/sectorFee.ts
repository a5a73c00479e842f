import { PIB_PER_EIB, YEAR_DAYS } from "../model/constants";
import type { ReturnSeries } from "../model/derived";
import type { SectorFee } from "../schema/policies";

const BYTES_PER_PIB = 2 ** 50;
const BYTES_PER_SECTOR = 2 ** 35;

/** Share of the supply that a PiB of quality-adjusted power owes for every day. */
export function feeSharePerPib({ supplySharePerByte }: SectorFee): number {
  return supplySharePerByte * BYTES_PER_PIB;
}

/** Share of the supply that a sector of 32 GiB owes for every day. */
export function feeSharePerSector({ supplySharePerByte }: SectorFee): number {
  return supplySharePerByte * BYTES_PER_SECTOR;
}

/** What the fee is reckoned from, by day from the start date. */
export interface FeeInputs {
  historyDays: number;
  sectorDays: number;
  /** Share of the power that ends each day, in place of the life of sectors. */
  dueShare?: number | undefined;
  onboardedQaPib: Float64Array;
  renewedQaPib: Float64Array;
  qaEib: Float64Array;
  mintedPerDayFil: Float64Array;
  /** What is burnt without the fee, so far. */
  burntFil: Float64Array;
  /** Read as far as it is filled: the day before the one that is charged. */
  circulatingFil: Float64Array;
}

/** What runs with a fee need beside the plain model; made when the first of them comes. */
export interface FeeRoom {
  /** What the power that takes the fee on on a day owes for each day, FIL. */
  takenOnFil: Float64Array;
  /** Burnt so far, fees included, FIL. */
  burntFil: Float64Array;
  /** Returns net of the fee. */
  returns: ReturnSeries;
}

/** Room for as many days as the plain series have, with the burn of the history filled. */
export function feeRoom(burntFil: Float64Array, plain: ReturnSeries): FeeRoom {
  return {
    takenOnFil: new Float64Array(burntFil.length),
    burntFil: burntFil.slice(),
    returns: {
      ...plain,
      rewardPerSector: plain.rewardPerSector.slice(),
      yearReturn: plain.yearReturn.slice(),
      yearRoi: plain.yearRoi.slice(),
    },
  };
}

/** What all sectors owe for every day, as they take the fee on and end. */
interface FeeBook {
  /** To be called for each day in turn. */
  takeOn(day: number): void;
  /** What is paid on a day whose power has taken the fee on. */
  paidOn(day: number): number;
}

function feeBook(fee: SectorFee, firstDay: number, inputs: FeeInputs, takenOnFil: Float64Array): FeeBook {
  const { sectorDays, dueShare, onboardedQaPib, renewedQaPib, circulatingFil } = inputs;
  const sharePerPib = feeSharePerPib(fee);
  let owedFil = 0;
  let payingPib = 0;
  return {
    takeOn(day) {
      const powerPib = onboardedQaPib[day]! + renewedQaPib[day]!;
      takenOnFil[day] = sharePerPib * circulatingFil[day - 1]! * powerPib;
      if (dueShare !== undefined) {
        owedFil -= dueShare * owedFil;
        payingPib -= dueShare * payingPib;
      }
      owedFil += takenOnFil[day]!;
      payingPib += powerPib;
      const ended = day - sectorDays;
      if (ended < firstDay || dueShare !== undefined) return;
      owedFil -= takenOnFil[ended]!;
      payingPib -= onboardedQaPib[ended]! + renewedQaPib[ended]!;
    },
    paidOn(day) {
      const covered = Math.min(1, payingPib / (inputs.qaEib[day]! * PIB_PER_EIB));
      return Math.min(owedFil, fee.rewardCap * inputs.mintedPerDayFil[day]! * covered);
    },
  };
}

/**
 * The fees burnt so far by day: to be called for each day in turn from the current date on, when the supply of the day
 * before is known. Sectors that took the fee on in the history are in its book; what they paid there is in the
 * history's own burn.
 */
export function feeCharge(
  fee: SectorFee,
  firstDay: number,
  inputs: FeeInputs,
  { takenOnFil, burntFil }: FeeRoom,
): (day: number) => number {
  const { historyDays } = inputs;
  const book = feeBook(fee, firstDay, inputs, takenOnFil);
  let burnt = 0;
  for (let day = firstDay; day < historyDays; day++) book.takeOn(day);
  return (day) => {
    if (day >= firstDay) book.takeOn(day);
    if (day > historyDays && day >= firstDay) burnt += book.paidOn(day);
    burntFil[day] = inputs.burntFil[day]! + burnt;
    return burnt;
  };
}

/** What the fee came to on the days of the history after `from`, FIL. */
export function pastFees(fee: SectorFee, firstDay: number, inputs: FeeInputs, from: number): number {
  const book = feeBook(fee, firstDay, inputs, new Float64Array(inputs.historyDays + 1));
  let paid = 0;
  for (let day = firstDay; day <= inputs.historyDays; day++) {
    book.takeOn(day);
    if (day > from) paid += book.paidOn(day);
  }
  return paid;
}

/**
 * Fills the returns of a sector net of the fee that it takes on on its first day: each later day's reward loses the
 * fee, or its capped share where that is less. `days` counts from the start date.
 */
export function netReturns(
  fee: SectorFee,
  firstDay: number,
  circulatingFil: Float64Array,
  plain: ReturnSeries,
  days: number,
  { returns }: FeeRoom,
): void {
  const { rewardPerSector, yearReturn, pledgePerSector } = plain;
  const sharePerSector = feeSharePerSector(fee);
  // The least that the cap is from a day on: a fee below it is paid whole on each of them.
  let leastCap = Infinity;
  for (let day = days - 1; day >= 0; day--) {
    const cap = fee.rewardCap * rewardPerSector[day]!;
    leastCap = Math.min(leastCap, cap);
    const owed = day < firstDay ? 0 : sharePerSector * circulatingFil[day - 1]!;
    returns.rewardPerSector[day] = rewardPerSector[day]! - Math.min(owed, cap);
    if (day + YEAR_DAYS > days) continue;
    const paid = owed <= leastCap ? YEAR_DAYS * owed : paidInYear(owed, fee.rewardCap, rewardPerSector, day);
    returns.yearReturn[day] = yearReturn[day]! - paid;
    returns.yearRoi[day] = returns.yearReturn[day]! / pledgePerSector[day]!;
  }
}

function paidInYear(owed: number, rewardCap: number, rewardPerSector: Float64Array, from: number): number {
  let paid = 0;
  for (let day = from; day < from + YEAR_DAYS; day++) paid += Math.min(owed, rewardCap * rewardPerSector[day]!);
  return paid;
}

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
  /** Scratch: the least reward per sector of each piece of a year, from its end and from its beginning. */
  leastFrom: Float64Array;
  leastTo: Float64Array;
}

/** Room for as many days as the plain series have, with the burn of the history filled. */
export function feeRoom(burntFil: Float64Array, plain: ReturnSeries): FeeRoom {
  return {
    takenOnFil: new Float64Array(burntFil.length),
    leastFrom: new Float64Array(burntFil.length),
    leastTo: new Float64Array(burntFil.length),
    burntFil: burntFil.slice(),
    returns: {
      ...plain,
      rewardPerSector: plain.rewardPerSector.slice(),
      yearReturn: plain.yearReturn.slice(),
      yearRoi: plain.yearRoi.slice(),
    },
  };
}

/**
 * What all sectors owe for every day and the power that pays, as they take the fee on and end. The two stand in an
 * array, since numbers that functions share are slow.
 */
const [OWED, PAYING, BURNT] = [0, 1, 2];
type FeeBook = Float64Array;

/** Carries the book over a day, to be called for each in turn from the first on. */
function takeOn(
  book: FeeBook,
  sharePerPib: number,
  firstDay: number,
  day: number,
  { sectorDays, dueShare, onboardedQaPib, renewedQaPib, circulatingFil }: FeeInputs,
  takenOnFil: Float64Array,
): void {
  const powerPib = onboardedQaPib[day]! + renewedQaPib[day]!;
  const takenFil = sharePerPib * circulatingFil[day - 1]! * powerPib;
  takenOnFil[day] = takenFil;
  const kept = dueShare === undefined ? 1 : 1 - dueShare;
  book[OWED] = kept * book[OWED]! + takenFil;
  book[PAYING] = kept * book[PAYING]! + powerPib;
  const ended = day - sectorDays;
  if (ended < firstDay || dueShare !== undefined) return;
  book[OWED]! -= takenOnFil[ended]!;
  book[PAYING]! -= onboardedQaPib[ended]! + renewedQaPib[ended]!;
}

/** What is paid on a day whose power has taken the fee on. */
function paidOn(book: FeeBook, rewardCap: number, day: number, { qaEib, mintedPerDayFil }: FeeInputs): number {
  const covered = Math.min(1, book[PAYING]! / (qaEib[day]! * PIB_PER_EIB));
  return Math.min(book[OWED]!, rewardCap * mintedPerDayFil[day]! * covered);
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
  const { historyDays, burntFil: plainFil } = inputs;
  const { rewardCap } = fee;
  const sharePerPib = feeSharePerPib(fee);
  const book = new Float64Array(3);
  for (let day = firstDay; day < historyDays; day++) takeOn(book, sharePerPib, firstDay, day, inputs, takenOnFil);
  return (day) => {
    if (day >= firstDay) {
      takeOn(book, sharePerPib, firstDay, day, inputs, takenOnFil);
      if (day > historyDays) book[BURNT]! += paidOn(book, rewardCap, day, inputs);
    }
    burntFil[day] = plainFil[day]! + book[BURNT]!;
    return book[BURNT]!;
  };
}

/** What the fee came to on the days of the history after `from`, FIL. */
export function pastFees(fee: SectorFee, firstDay: number, inputs: FeeInputs, from: number): number {
  const takenOnFil = new Float64Array(inputs.historyDays + 1);
  const sharePerPib = feeSharePerPib(fee);
  const book = new Float64Array(3);
  let paid = 0;
  for (let day = firstDay; day <= inputs.historyDays; day++) {
    takeOn(book, sharePerPib, firstDay, day, inputs, takenOnFil);
    if (day > from) paid += paidOn(book, fee.rewardCap, day, inputs);
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
  { returns, leastFrom, leastTo }: FeeRoom,
): void {
  const { rewardPerSector, yearReturn, pledgePerSector } = plain;
  const sharePerSector = feeSharePerSector(fee);
  leastByYears(rewardPerSector, days, leastFrom, leastTo);
  const { rewardCap } = fee;
  const lastYear = days - YEAR_DAYS;
  for (let day = 0; day < days; day++) {
    const reward = rewardPerSector[day]!;
    const owed = day < firstDay ? 0 : sharePerSector * circulatingFil[day - 1]!;
    const cap = rewardCap * reward;
    returns.rewardPerSector[day] = reward - Math.min(owed, cap);
    if (day > lastYear) continue;
    // A fee below the least cap of its year is paid whole on each of its days.
    const least = Math.min(leastFrom[day]!, leastTo[day + YEAR_DAYS - 1]!);
    const paid = owed <= rewardCap * least ? YEAR_DAYS * owed : paidInYear(owed, rewardCap, rewardPerSector, day);
    const net = yearReturn[day]! - paid;
    returns.yearReturn[day] = net;
    returns.yearRoi[day] = net / pledgePerSector[day]!;
  }
}

/**
 * The least value of each window of a year is that of the two pieces that it lies in: from its first day to the end of
 * one, and from the beginning of the next to its last day. M. van Herk, "A fast algorithm for local minimum", 1992.
 */
function leastByYears(values: Float64Array, days: number, leastFrom: Float64Array, leastTo: Float64Array): void {
  for (let first = 0; first < days; first += YEAR_DAYS) {
    const end = Math.min(days, first + YEAR_DAYS);
    let least = Infinity;
    for (let day = first; day < end; day++) {
      const value = values[day]!;
      if (value < least) least = value;
      leastTo[day] = least;
    }
    least = Infinity;
    for (let day = end - 1; day >= first; day--) {
      const value = values[day]!;
      if (value < least) least = value;
      leastFrom[day] = least;
    }
  }
}

function paidInYear(owed: number, rewardCap: number, rewardPerSector: Float64Array, from: number): number {
  let paid = 0;
  for (let day = from; day < from + YEAR_DAYS; day++) paid += Math.min(owed, rewardCap * rewardPerSector[day]!);
  return paid;
}

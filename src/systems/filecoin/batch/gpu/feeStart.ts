import type { Engine } from "../../model/engine";
import { attritionOf } from "../../model/forecast";
import { feeSharePerPib } from "../../policies/sectorFee";
import type { Scenario, SupplyBase } from "../../scenario";
import type { SectorFee } from "../../schema/policies";

/** What a fee's book holds on the current date, and what of it ends on each forecast day. */
export interface FeeStart {
  /** The first day that takes the fee on, from the current date; below 0 in the history. */
  firstDay: number;
  owedFil: number;
  payingPib: number;
  /** What was taken on in the history and ends on a forecast day: FIL a day, and power. */
  endingFil: Float64Array;
  endingPib: Float64Array;
}

/** The fee's book at the end of the history; docs/filecoin.md, "FIP-100". */
export function feeStart(
  engine: Engine,
  fee: SectorFee,
  base: SupplyBase,
  { sectorDays, forecastDays, model }: Scenario,
): FeeStart {
  const { historyDays, power, startDay } = engine;
  const circulatingFil = engine.supplies[base].circulating;
  const sharePerPib = feeSharePerPib(fee);
  const dueShare = model === "attrition" ? attritionOf(engine).qaDueShare : undefined;
  const first = Math.max(1, fee.startDay - startDay);
  const start: FeeStart = {
    firstDay: first - historyDays,
    owedFil: 0,
    payingPib: 0,
    endingFil: new Float64Array(forecastDays),
    endingPib: new Float64Array(forecastDays),
  };
  for (let day = first; day < historyDays; day++) {
    const powerPib = power.onboardedQaPib[day]! + power.renewedQaPib[day]!;
    const takenFil = sharePerPib * circulatingFil[day - 1]! * powerPib;
    if (dueShare !== undefined) {
      start.owedFil += takenFil - dueShare * start.owedFil;
      start.payingPib += powerPib - dueShare * start.payingPib;
      continue;
    }
    const ends = day + sectorDays - historyDays;
    if (ends < 0) continue;
    start.owedFil += takenFil;
    start.payingPib += powerPib;
    if (ends < forecastDays) {
      start.endingFil[ends] = takenFil;
      start.endingPib[ends] = powerPib;
    }
  }
  return start;
}

/** What the kernel reads of a fee on a forecast day: whether sectors take it on, what ends, what is burnt without it. */
export function feeByDay(start: FeeStart, day: number, burntFil: number): [number, number, number, number] {
  return [day >= start.firstDay ? 1 : 0, start.endingFil[day]!, start.endingPib[day]!, burntFil];
}

import { epochDay, isoDateOf } from "../../../numeric/calendar";

/**
 * Stocks that were measured on days of a history, by their names in history files; docs/filecoin.md, "Measured stocks".
 * Not every history has them, and not on every day.
 */
export const MEASURED_FIELDS = [
  ["circulating_fil", "circulatingFil"],
  ["locked_fil", "lockedFil"],
] as const;

/** FIL on each day from the start date to the current date; NaN where it was not measured. */
export type MeasuredStocks = Record<(typeof MEASURED_FIELDS)[number][1], Float64Array>;

/** Until when stocks were measured, `YYYY-MM-DD`; undefined where they never were. */
export function measuredTo({ measured, startDate }: DatedStocks): string | undefined {
  const last = lastMeasuredDay(measured);
  return last < 0 ? undefined : isoDateOf(epochDay(startDate)! + last);
}

/** What is to be told of stocks that were not measured up to the current date. */
export function reconstructionNote(history: DatedStocks & { currentDate: string }): string | undefined {
  const until = measuredTo(history);
  if (until === history.currentDate) return undefined;
  const from = until === undefined ? `from ${history.startDate} on` : `after ${until}, the last measured day`;
  return `Circulating and locked supply are reconstructed ${from}.`;
}

interface DatedStocks {
  measured?: MeasuredStocks;
  startDate: string;
}

/** The last day on which all of them were measured, counted from the start date; -1 where there is none. */
export function lastMeasuredDay(measured: MeasuredStocks | undefined): number {
  if (measured === undefined) return -1;
  const { circulatingFil, lockedFil } = measured;
  let day = circulatingFil.length - 1;
  while (day >= 0 && Number.isNaN(circulatingFil[day]! + lockedFil[day]!)) day--;
  return day;
}

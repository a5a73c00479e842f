import { epochDay, isoDateOf } from "../../../numeric/calendar";
import type { HistorySnapshot } from "./snapshot";

/** Days from a history's last day to `today`, both `YYYY-MM-DD`; 1 is as new as it can be. */
export function ageDaysOf(history: HistorySnapshot, today: string): number {
  return epochDay(today)! - epochDay(history.currentDate)!;
}

/**
 * The history with its dates moved so that it ends the day before `today`, its values untouched: a forecast then starts
 * now, from figures that belong to another day. One that is new enough comes back as it is.
 */
export function reanchored(history: HistorySnapshot, today: string): HistorySnapshot {
  const byDays = ageDaysOf(history, today) - 1;
  if (byDays <= 0) return history;
  const moved = (date: string) => isoDateOf(epochDay(date)! + byDays);
  return {
    ...history,
    startDate: moved(history.startDate),
    currentDate: moved(history.currentDate),
    reanchoredByDays: byDays,
  };
}

/** The dates of a history by the contract's names, and by how many days they were moved where they are not the true ones. */
export function shownDates({ startDate, currentDate, reanchoredByDays }: HistorySnapshot) {
  const moved = reanchoredByDays === undefined ? {} : { reanchored_by_days: reanchoredByDays };
  return { start_date: startDate, current_date: currentDate, ...moved };
}

import { parseDate } from "../common/format";
import { useSight } from "./context";
import { DAY_S } from "./simulate";

/** Older than this, figures of a network that moves daily are called old. */
export const OLD_AFTER_DAYS = 7;

/** Days from the last day of the history to today. */
export function ageDays(currentDate: string): number {
  return Math.floor(Date.now() / 1000 / DAY_S) - parseDate(currentDate) / DAY_S;
}

/** One line on where the figures come from and how old they are. */
export function DataAge() {
  const data = useSight().history.value;
  if (data === undefined) return null;
  const age = ageDays(data.current_date);
  const words = `Data: ${data.source}, to ${data.current_date}, ${age === 1 ? "1 day" : `${age} days`} old`;
  return <p class={age > OLD_AFTER_DAYS ? "data-age old" : "data-age"}>{words}</p>;
}

import { formatTime } from "../common/format";
import type { Column } from "../common/table-rows";
import { isNarrow } from "./narrow";

/** ISO 8601, UTC, of Unix seconds. */
export function isoOf(epochS: number): string {
  return new Date(epochS * 1000).toISOString();
}

/** Date and time of day in UTC of Unix seconds. */
function timeWords(epochS: number): string {
  return formatTime(isoOf(epochS));
}

/** A column of times in UTC, given in Unix seconds. */
export function timeColumn<Row>(key: string, title: string, timeOf: (row: Row) => number): Column<Row> {
  return {
    key,
    title,
    unit: "UTC",
    value: (row) => timeWords(timeOf(row)),
    show: (row) => <span title={timeWords(timeOf(row))}>{shownTime(timeOf(row))}</span>,
  };
}

/** On a narrow screen the seconds for what is of today, the day for the rest; elsewhere both. */
function shownTime(epochS: number): string {
  const words = timeWords(epochS);
  if (!isNarrow) return words;
  const [day, time] = words.split(" ") as [string, string];
  return day === timeWords(Date.now() / 1000).split(" ")[0] ? time : `${day.slice(5)} ${time.slice(0, 5)}`;
}

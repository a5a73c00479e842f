import { formatTime } from "../common/format";

/** ISO 8601, UTC, of Unix seconds. */
export function isoOf(epochS: number): string {
  return new Date(epochS * 1000).toISOString();
}

/** Date and time of day in UTC of Unix seconds. */
export function timeWords(epochS: number): string {
  return formatTime(isoOf(epochS));
}

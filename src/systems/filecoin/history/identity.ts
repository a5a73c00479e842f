import { MEASURED_FIELDS } from "./measured";
import { type HistorySnapshot, RATE_FIELDS, SNAPSHOT_FIELDS } from "./snapshot";

const SHOWN_DIGITS = 16;

/**
 * A short name for the figures of a snapshot, 16 hexadecimal digits of their SHA-256: the same dates and figures give
 * the same name, wherever they came from.
 */
export function snapshotId(history: HistorySnapshot): string {
  const hasher = new Bun.CryptoHasher("sha256");
  hasher.update(`${history.startDate} ${history.currentDate}`);
  for (const [, key] of RATE_FIELDS) hasher.update(Float64Array.of(history.smoothed[key])).update(history.recent[key]);
  for (const [, key] of SNAPSHOT_FIELDS) {
    const value = history[key];
    // The length stands before the entries, lest the end of one list be taken for the beginning of the next.
    const list = typeof value === "number" ? Float64Array.of(value) : value;
    hasher.update(Float64Array.of(list.length)).update(list);
  }
  for (const [, key] of MEASURED_FIELDS) if (history.measured) hasher.update(history.measured[key]);
  return hasher.digest("hex").slice(0, SHOWN_DIGITS);
}

import type { Warning } from "../model";

/** Whether a forecast is kept from going below 0; `auto` where the history never does. */
export type NonNegative = "auto" | boolean;

/**
 * Sets what went below 0 to 0, in place, and tells how many values that were; nothing where the rule is off, or `auto` and
 * the history has a value below 0. Missing values of the history say nothing.
 */
export function keptFromNegative(rule: NonNegative, history: Float64Array, rows: readonly Float64Array[]): Warning[] {
  const clips = rule === "auto" ? !history.some((value) => value < 0) : rule;
  if (!clips) return [];
  let count = 0;
  for (const row of rows) {
    for (let step = 0; step < row.length; step++) {
      if (!(row[step]! < 0)) continue;
      row[step] = 0;
      count++;
    }
  }
  const why = rule === "auto" ? ", since the history has none" : ", as non_negative asks";
  return count === 0 ? [] : [{ code: "clipped", message: `${count} values below 0 were set to 0${why}.` }];
}

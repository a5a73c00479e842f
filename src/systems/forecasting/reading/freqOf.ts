import type { SeriesCalendar } from "./calendar";

const UNITS = [
  [7 * 86_400_000, "W"],
  [86_400_000, "D"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
] as const;

const MAX_MULTIPLE = 1000;

/** The name of a step, such as `MS`, `B` or `15min`; undefined for one that has none, and for numbers in place of dates. */
export function freqOf({ step, form }: SeriesCalendar): string | undefined {
  if (form.kind === "year" || form.kind === "index") return undefined;
  if (step.kind === "business") return "B";
  if (step.kind === "months") return named(step.count, step.day === 1 ? "MS" : "ME");
  const [size, unit] = UNITS.find(([ms]) => step.count % ms === 0) ?? [0, ""];
  return size === 0 ? undefined : named(step.count / size, unit);
}

function named(multiple: number, unit: string): string | undefined {
  if (multiple > MAX_MULTIPLE) return undefined;
  return multiple === 1 ? unit : `${multiple}${unit}`;
}

import type { Scenario } from "../../scenario";
import { MAX_SECTOR_DAYS } from "../../schema/bounds";
import type { InputName } from "../schema/variation";

/** What each input that a batch can vary is in a scenario, and its unit. */
export const INPUTS = {
  rbp: { key: "rbpPibPerDay", title: "Raw power onboarded", unit: "PiB/day" },
  rr: { key: "renewalRate", title: "Renewal rate", unit: "ratio" },
  fpr: { key: "filPlusRate", title: "FIL+ rate", unit: "ratio" },
  lock_target: { key: "lockTarget", title: "Lock target", unit: "ratio" },
  sector_duration_days: { key: "sectorDays", title: "Sector duration", unit: "days" },
} as const satisfies Record<InputName, { key: keyof Scenario; title: string; unit: string }>;

/** Sets an input for all forecast days. The life of a sector is rounded to whole days and held within its limits. */
export function setInput(scenario: Scenario, input: InputName, value: number): void {
  if (input === "sector_duration_days") scenario.sectorDays = wholeDays(value);
  else scenario[INPUTS[input].key] = value;
}

/** A sector's life as the engine takes it. */
export function wholeDays(value: number): number {
  return Math.min(MAX_SECTOR_DAYS, Math.max(1, Math.round(value)));
}

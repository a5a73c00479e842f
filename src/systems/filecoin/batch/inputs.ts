import { DEFAULT_SECTOR_DAYS, MAX_SECTOR_DAYS, type Scenario } from "../scenario";

/** The inputs of a scenario that a batch can vary, by the contract's names, with the unit of each. */
export const INPUTS = {
  rbp: { key: "rbpPibPerDay", title: "Raw power onboarded", unit: "PiB/day" },
  rr: { key: "renewalRate", title: "Renewal rate", unit: "ratio" },
  fpr: { key: "filPlusRate", title: "FIL+ rate", unit: "ratio" },
  lock_target: { key: "lockTarget", title: "Lock target", unit: "ratio" },
  sector_duration_days: { key: "sectorDays", title: "Sector duration", unit: "days" },
} as const satisfies Record<string, { key: keyof Scenario; title: string; unit: string }>;

export type InputName = keyof typeof INPUTS;

export const INPUT_NAMES = Object.keys(INPUTS) as InputName[];

/** Sets an input for all forecast days. A sector lives whole days, from 1 on. */
export function setInput(scenario: Scenario, input: InputName, value: number): void {
  if (input !== "sector_duration_days") scenario[INPUTS[input].key] = value;
  else scenario.sectorDays = Math.min(MAX_SECTOR_DAYS, Math.max(1, Math.round(value) || DEFAULT_SECTOR_DAYS));
}

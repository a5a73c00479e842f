import type { Control, Scenario } from "../../scenario";
import type { ChancePlan } from "./chance";
import { INPUTS } from "./inputs";

/** The farthest that bands have been held against what came; docs/filecoin.md, "Skill". */
const MAX_TESTED_DAYS = 365;

/** What whoever reads bands must know of them: docs/filecoin.md, "Calibrated bands". */
export function chanceNotes(base: Scenario, { wandering }: ChancePlan, isCalibrated: boolean): string[] {
  const inputs = wandering?.inputs ?? [];
  const clamped = inputs.filter((name) => name !== "rbp" && isBeyondShares(base[INPUTS[name].key]));
  return [
    ...clamped.map(
      (name) => `${name} beyond 0 to 1 counts as the nearer of them where it wanders: it is not the median.`,
    ),
    ...(base.model === "schedule" && inputs.length > 0
      ? ["Bands of model schedule are too narrow: of past ones that aimed at 90 % a third or less held what came."]
      : []),
    ...(base.model === "attrition" && inputs.length > 0 && !isCalibrated ? ["These bands are not calibrated."] : []),
    ...(isCalibrated && base.forecastDays > MAX_TESTED_DAYS + 1
      ? [`Bands beyond ${MAX_TESTED_DAYS} days are drawn, not tested.`]
      : []),
  ];
}

function isBeyondShares(control: Control): boolean {
  const isOff = (value: number) => value < 0 || value > 1;
  return typeof control === "number" ? isOff(control) : Array.from(control).some(isOff);
}

import type { ReportSection } from "../section";
import { sectionsOfAnything } from "./anything";
import { type Names, nameOf } from "./names";
import { SUBJECTS } from "./table";

/** What a report shows of the result of a type: by its own reader, else by what the parts of the result look like. */
export function sectionsOf(simulationType: string, result: unknown, names: Names): ReportSection[] {
  const subject = Object.hasOwn(SUBJECTS, simulationType) ? SUBJECTS[simulationType] : undefined;
  return subject?.sections?.(result, names) ?? sectionsOfAnything(result, names);
}

export function titleOfType(simulationType: string): string {
  return Object.hasOwn(SUBJECTS, simulationType) ? SUBJECTS[simulationType]!.title : nameOf(simulationType, {}).title;
}

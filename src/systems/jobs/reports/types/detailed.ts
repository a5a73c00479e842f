import type { Chapter, SimulationView } from "../model";
import type { ReportSection } from "../section";
import { parameterTable } from "./parameters";

/** Of each simulation every section and its parameters; of a single one each section is a chapter. */
export function detailedChapters(views: readonly SimulationView[]): Chapter[] {
  const [only, ...others] = views;
  if (only !== undefined && others.length === 0) {
    return allSections(only).map((section) => ({ title: section.title, sections: [{ ...section, title: "" }] }));
  }
  return views.map((view) => ({ title: view.title, sections: allSections(view) }));
}

function allSections({ sections, parameters }: SimulationView): ReportSection[] {
  const shown =
    sections.length > 0 ? sections : [{ title: "Result", text: "The result holds nothing that can be shown here." }];
  return [...shown, { title: "Parameters", ...parameterTable(parameters) }];
}

import { MAX_TITLE_LETTERS } from "./limits";
import type { Chapter, ReportModel, SimulationView } from "./model";
import type { ReportRequest, ReportType } from "./request";
import { REPORT_KINDS } from "./shown/overview";
import type { Names } from "./subjects/names";
import { simulationView } from "./subjects/simulationView";
import { shortLine } from "./text/clean";
import { comparisonChapters } from "./types/comparison";
import { detailedChapters } from "./types/detailed";
import { summaryChapters } from "./types/summary";

const CHAPTERS: Readonly<Record<ReportType, (views: readonly SimulationView[]) => Chapter[]>> = {
  summary: summaryChapters,
  detailed_analysis: detailedChapters,
  comparison: comparisonChapters,
};

/**
 * All that a report says.
 * @param names what series of results are called, by their members' names.
 */
export function reportModelOf(request: ReportRequest, names: Names): ReportModel {
  const { reportId, reportType, generatedAt, parameters } = request;
  const simulations = request.simulations.map((simulation) => simulationView(simulation, names));
  const given = shortLine(parameters.title ?? "", MAX_TITLE_LETTERS);
  const chapters = [...CHAPTERS[reportType](simulations), provenance(simulations)];
  return {
    reportId,
    reportType,
    generatedAt,
    title: given === "" ? titleOf(reportType, simulations) : given,
    note: parameters.note ?? "",
    paper: parameters.paper ?? "a4",
    simulations,
    chapters,
  };
}

function titleOf(reportType: ReportType, simulations: readonly SimulationView[]): string {
  const [first] = simulations;
  return simulations.length === 1 ? first!.title : `${REPORT_KINDS[reportType]} of ${simulations.length} simulations`;
}

/** What the results are made from and how to have them again. */
function provenance(views: readonly SimulationView[]): Chapter {
  return {
    title: "Provenance",
    sections: views.map(({ title, facts }) => ({ title: views.length === 1 ? "" : title, facts })),
  };
}

import type { Chapter, ReportModel, SimulationView } from "./model";
import { REPORT_KINDS } from "./overview";
import type { ReportRequest, ReportType } from "./request";
import { simulationView } from "./simulationView";
import type { Names } from "./subjects/names";

/** What each type of report shows of its simulations. */
const CHAPTERS: Readonly<Record<ReportType, (views: readonly SimulationView[]) => Chapter[]>> = {
  summary: summaryChapters,
  detailed_analysis: detailedChapters,
  comparison: detailedChapters,
};

/**
 * All that the report says.
 * @param names what series of results are called, by their members' names.
 */
export function reportModelOf(request: ReportRequest, names: Names): ReportModel {
  const { reportId, reportType, generatedAt, parameters } = request;
  const simulations = request.simulations.map((simulation) => simulationView(simulation, names));
  const { title = titleOf(reportType, simulations), note = "", paper = "a4" } = parameters;
  return {
    reportId,
    reportType,
    generatedAt,
    title,
    note,
    paper,
    simulations,
    chapters: CHAPTERS[reportType](simulations),
  };
}

function titleOf(reportType: ReportType, simulations: readonly SimulationView[]): string {
  const [first] = simulations;
  return simulations.length === 1 ? first!.title : `${REPORT_KINDS[reportType]} of ${simulations.length} simulations`;
}

function summaryChapters(views: readonly SimulationView[]): Chapter[] {
  return [
    ...views.map(({ title, sections }) => ({
      title,
      sections: [
        {
          title: "",
          keyFigures: sections.flatMap(({ keyFigures = [] }) => keyFigures),
          charts: sections.flatMap(({ charts = [] }) => charts).slice(0, 1),
        },
      ],
    })),
    madeFrom(views),
  ];
}

function detailedChapters(views: readonly SimulationView[]): Chapter[] {
  return [...views.map(({ title, sections }) => ({ title, sections })), madeFrom(views)];
}

function madeFrom(views: readonly SimulationView[]): Chapter {
  return { title: "What this is made from", sections: views.map(({ title, facts }) => ({ title, facts })) };
}

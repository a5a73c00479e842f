import { BUILD, VERSION } from "../../../../platform/version";
import type { Fact, ReportModel } from "../model";
import type { ReportType } from "../request";
import type { Table } from "../section";

/** What the first page of every report says, whatever it is made as. */

/** By what a report was made. */
export const PROGRAM = `Foresight ${VERSION}`;

export const REPORT_KINDS: Readonly<Record<ReportType, string>> = {
  summary: "Summary",
  detailed_analysis: "Detailed analysis",
  comparison: "Comparison",
};

/** With so many chapters a reader wants a list of them. */
const CONTENTS_FROM = 3;

export function hasContents({ chapters }: ReportModel): boolean {
  return chapters.length >= CONTENTS_FROM;
}

/** Which simulations the report is of. */
export function overviewOf({ simulations }: ReportModel): Table {
  return {
    title: simulations.length === 1 ? "Simulation" : "Simulations",
    columns: [{ name: "Name" }, { name: "Type" }, { name: "Finished" }, { name: "Job" }],
    rows: simulations.map(({ title, typeTitle, completedAt, jobId }) => [
      title,
      typeTitle,
      timeInWords(completedAt),
      jobId,
    ]),
  };
}

export function aboutReport({ reportId, generatedAt }: ReportModel): Fact[] {
  return [
    { name: "Generated", value: timeInWords(generatedAt) },
    { name: "Report", value: reportId, isCode: true },
    { name: "Program", value: `${PROGRAM} (${BUILD})` },
  ];
}

/** `2026-11-27 19:36 UTC`. */
export function minuteOf(time: string | null): string {
  return timeInWords(time).replace(/:\d\d UTC$/, " UTC");
}

/** `2026-11-27 19:36:44 UTC`; what is no time is told as it is. */
export function timeInWords(time: string | null): string {
  if (time === null) return "–";
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? time : `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

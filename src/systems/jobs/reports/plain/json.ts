import { BUILD, VERSION } from "../../../../platform/version";
import type { ReportModel } from "../model";

/** A report as JSON, with every value that its sections hold; what is no number is null. */
export function jsonOf({
  reportId,
  reportType,
  generatedAt,
  title,
  note,
  simulations,
  chapters,
}: ReportModel): Uint8Array {
  const report = {
    report_id: reportId,
    report_type: reportType,
    generated_at: generatedAt,
    title,
    note,
    program: { name: "Foresight", version: VERSION, build: BUILD },
    simulations: simulations.map((simulation) => ({
      job_id: simulation.jobId,
      type: simulation.simulationType,
      title: simulation.title,
      completed_at: simulation.completedAt,
      parameters: simulation.parameters,
      sections: simulation.sections,
      facts: Object.fromEntries(simulation.facts.map(({ name, value }) => [name, value])),
    })),
    ...(reportType === "comparison" && { comparison: chapters }),
  };
  return new TextEncoder().encode(JSON.stringify(report, plainLists));
}

/** Typed arrays would become objects. */
function plainLists(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}

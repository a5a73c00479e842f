import { z } from "zod";
import { PermanentError } from "../../../platform/simulations";
import {
  PAPERS,
  REPORT_FORMATS,
  REPORT_TYPES,
  type ReportType,
  renderReport,
  reportFault,
  reportFile,
} from "../reports";
import type { ReportHandler } from "./handler";

const parameters = z.object({
  title: z.string().max(200).optional(),
  note: z.string().max(20_000).optional(),
  paper: z.enum(PAPERS).optional(),
});

/** The reports that the program makes by itself; docs/reports.md. */
export const builtInReports: readonly ReportHandler[] = REPORT_TYPES.map(builtIn);

function builtIn(reportType: ReportType): ReportHandler {
  return {
    type: reportType,
    formats: REPORT_FORMATS,
    fault: (simulationTypes) => reportFault(reportType, simulationTypes),
    async generate({ parameters: given, ...order }, { slots, signal }) {
      const read = parameters.safeParse(given);
      if (!read.success) throw new PermanentError(`parameters: ${z.prettifyError(read.error)}`);
      const { title, note, paper } = read.data;
      const known = { ...(title && { title }), ...(note && { note }), ...(paper && { paper }) };
      const request = { ...order, reportType, parameters: known };
      return { bytes: await renderReport(request, slots, signal), ...reportFile(request) };
    },
  };
}

/** A placeholder of any type, as the original makes it: JSON, whatever format was asked for. */
export function echoReport(type: string): ReportHandler {
  return {
    type,
    formats: REPORT_FORMATS,
    fault: () => undefined,
    async generate({ reportId, generatedAt, simulations }) {
      const content = {
        report_id: reportId,
        report_type: type,
        generated_at: generatedAt,
        message: "Placeholder: there is no handler for this type of report.",
        simulations: simulations.map(({ jobId, simulationType }) => ({ job_id: jobId, type: simulationType })),
      };
      const bytes = new TextEncoder().encode(JSON.stringify(content));
      return { bytes, contentType: "application/json", filename: `report-${reportId}.json` };
    },
  };
}

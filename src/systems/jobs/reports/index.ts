import type { WorkPool } from "../../../platform/compute/pool";
import { PermanentError } from "../../../platform/simulations";
import { MAX_RESULT_BYTES } from "./limits";
import type { ReportFormat, ReportRequest } from "./request";

export type { ReportedSimulation, ReportFormat, ReportParameters, ReportRequest, ReportType } from "./request";
/**
 * Reports of finished simulations as files. Making one is arithmetic of a Worker; nothing here knows where jobs are
 * kept or who asks. docs/reports.md.
 */
export { PAPERS, REPORT_FORMATS, REPORT_TYPES } from "./request";
export type { Chart, KeyFigure, ReportSection, Table } from "./section";

const CONTENT_TYPES: Readonly<Record<ReportFormat, string>> = {
  PDF: "application/pdf",
  HTML: "text/html; charset=utf-8",
  JSON: "application/json",
  CSV: "text/csv; charset=utf-8",
};

/** The least that a report takes of a core, and what each byte of results adds. */
const BASE_COST_MS = 300;
const COST_MS_PER_BYTE = 1e-4;

/**
 * The bytes of a report. Equal requests give equal bytes.
 * @param request its bytes of JSON may be handed over to the thread, so that the caller must not use them again.
 * @param pool one whose Workers know the work `jobs.report`.
 * @throws PermanentError for results that are too large together; what {@link WorkPool.run} throws; Error with the
 *   reason where the report cannot be made.
 */
export async function renderReport(request: ReportRequest, pool: WorkPool, signal?: AbortSignal): Promise<Uint8Array> {
  const bytes = request.simulations.reduce((sum, { resultJson }) => sum + resultJson.byteLength, 0);
  if (bytes > MAX_RESULT_BYTES) {
    throw new PermanentError(
      `The results have ${bytes} bytes together; a report takes at most ${MAX_RESULT_BYTES}. Choose fewer simulations.`,
    );
  }
  return pool.run({
    kind: "jobs.report",
    input: request,
    costMs: BASE_COST_MS + COST_MS_PER_BYTE * bytes,
    priority: "batch",
    transfer: buffersOf(request),
    ...(signal && { signal }),
  });
}

/** Copying less than this takes no time that anybody notices. */
const WORTH_HANDING_OVER_BYTES = 2 ** 18;

/** Large buffers of a request, each once. */
function buffersOf({ simulations }: ReportRequest): ArrayBuffer[] {
  const all = simulations.flatMap(({ resultJson, parametersJson }) => [resultJson, parametersJson]);
  return [...new Set(all.flatMap(ownBuffer))];
}

/** The buffer of large bytes that nothing else lies in. */
function ownBuffer({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isOwn && byteLength >= WORTH_HANDING_OVER_BYTES ? [buffer] : [];
}

/** How a report is called and told where it is stored. */
export function reportFile({
  reportId,
  reportType,
  format,
}: Pick<ReportRequest, "reportId" | "reportType" | "format">) {
  return { contentType: CONTENT_TYPES[format], filename: `${reportType}-${reportId}.${format.toLowerCase()}` };
}

/** Why no report of that type can be made of simulations of these types; undefined where one can. */
export function reportFault(reportType: string, simulationTypes: readonly string[]): string | undefined {
  if (reportType !== "comparison") return undefined;
  const types = [...new Set(simulationTypes)];
  if (simulationTypes.length >= 2 && types.length === 1) return undefined;
  return `A comparison needs two or more simulations of one type; these are ${simulationTypes.length} of ${types.join(", ")}.`;
}

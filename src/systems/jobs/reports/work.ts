import type { WorkContext, WorkHandlers } from "../../../platform/compute/work";
import type { ReportRequest } from "./request";
import type { Names } from "./subjects/names";

/**
 * The work of making a report, as a Worker runs it.
 * @param names what series of results are called, by their members' names.
 */
export function reportWork(names: Names) {
  return {
    "jobs.report": async (request: ReportRequest, context: WorkContext): Promise<Uint8Array> => {
      // Typesetter and drawing library are loaded by threads that make reports alone.
      const { makeReport } = await import("./make");
      return makeReport(request, names, context);
    },
  } satisfies WorkHandlers;
}

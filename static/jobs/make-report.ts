import type { ReportAnswer } from "../../src/systems/jobs/schema/reports";
import { answerTo, getJson, postJson } from "../common/api";
import { at } from "./session";

/** What is asked for of a report. */
export interface ReportOrder {
  simulation_job_ids: readonly string[];
  report_type: string;
  output_format: ReportAnswer["output_format"];
  parameters?: Record<string, string>;
}

const LOOK_EVERY_MS = 150;

/** Orders a report and waits for it. Throws a RequestFault, or an error with the reason why it failed. */
export async function makeReport(order: ReportOrder, signal: AbortSignal): Promise<ReportAnswer> {
  let report = await postJson<ReportAnswer>(at("/reports"), order, signal);
  while (report.status === "PENDING" || report.status === "GENERATING") {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    report = await getJson<ReportAnswer>(at(`/reports/${report.id}`), signal);
  }
  if (report.status === "FAILED") throw new Error(`${report.error?.code}: ${report.error?.message}`);
  return report;
}

/**
 * The file of a report, by its link; undefined where that leads to another host, which a page must not ask. On the
 * server itself the link is followed at the host by which the page was reached.
 */
export async function fileOf({ download_url }: ReportAnswer, signal: AbortSignal): Promise<Blob | undefined> {
  const link = new URL(download_url!);
  if (!link.pathname.startsWith("/blobs/")) return undefined;
  return (await answerTo(link.pathname + link.search, { signal })).blob();
}

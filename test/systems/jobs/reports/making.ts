import { extractText, getDocumentProxy } from "unpdf";
import type { ReportFormat, ReportRequest } from "../../../../src/systems/jobs/reports";
import { makeReport } from "../../../../src/systems/jobs/reports/make";
import type { Names } from "../../../../src/systems/jobs/reports/subjects/names";

/** Makes a report in this thread. */
export async function made(request: ReportRequest, names: Names = {}): Promise<Uint8Array<ArrayBuffer>> {
  const context = { shared: () => undefined as never, emit: () => undefined, retireAfter: () => undefined };
  return new Uint8Array(await makeReport(request, names, context));
}

/** The same as text: of a PDF what stands on each page, of any other format the file. */
export async function madeText(request: ReportRequest, format: ReportFormat, names: Names = {}): Promise<string> {
  const bytes = await made({ ...request, format }, names);
  return format === "PDF" ? (await pagesOf(bytes)).join("\n") : new TextDecoder().decode(bytes);
}

/** The text of each page of a PDF. */
export async function pagesOf(pdf: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(Uint8Array.from(pdf)), { mergePages: false });
  return text;
}

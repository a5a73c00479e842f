import type { WorkContext } from "../../../platform/compute/work";
import { typesetPdf, typesetterBytes } from "../../../platform/pdf";
import { htmlOf } from "./html/page";
import type { ReportModel } from "./model";
import { pdfSource } from "./pdf/document";
import { csvOf } from "./plain/csv";
import { jsonOf } from "./plain/json";
import { reportModelOf } from "./reportModel";
import type { ReportFormat, ReportRequest } from "./request";
import type { Names } from "./subjects/names";

/** A thread that has made a PDF is kept so long for the next one, which then takes a tenth of the time. */
const KEEP_WARM_MS = 20_000;
/** A thread whose typesetter holds more is not kept. */
const MAX_WARM_BYTES = 256e6;

const MAKERS: Readonly<
  Record<ReportFormat, (model: ReportModel, context: WorkContext) => Uint8Array | Promise<Uint8Array>>
> = {
  PDF: pdfOf,
  HTML: htmlOf,
  JSON: jsonOf,
  CSV: csvOf,
};

/** The bytes of a report, made in this thread. */
export async function makeReport(request: ReportRequest, names: Names, context: WorkContext): Promise<Uint8Array> {
  return MAKERS[request.format](reportModelOf(request, names), context);
}

/** The typesetter's memory is given back by the end of its thread alone, and after a fault it is in no known state. */
async function pdfOf(model: ReportModel, context: WorkContext): Promise<Uint8Array> {
  let isFit = false;
  try {
    const pdf = await typesetPdf(await pdfSource(model));
    isFit = typesetterBytes() <= MAX_WARM_BYTES;
    return pdf;
  } finally {
    context.retireAfter(isFit ? KEEP_WARM_MS : 0);
  }
}

import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";
import { optional, required } from "../../../platform/http/fastapi/members";
import { list, nullable, object, oneOf, type Reader, text } from "../../../platform/http/fastapi/readers";
import { uuid } from "../../../platform/http/fastapi/uuid";
import { page } from "./simulations";

const ID = "0198f1c2-7d3a-7c55-9e21-3f6d5b8a9c10";
const FORMATS = ["PDF", "HTML", "JSON", "CSV"] as const;
const STATUSES = ["PENDING", "GENERATING", "COMPLETED", "FAILED"] as const;
const MAX_SIMULATIONS = 100;

/** In any case. */
const format: Reader<(typeof FORMATS)[number]> = {
  read: (input) => {
    const upper = typeof input === "string" ? input.toUpperCase() : input;
    const reading = oneOf(FORMATS, "enum").read(upper);
    return "faults" in reading ? { faults: reading.faults.map((fault) => ({ ...fault, input })) } : reading;
  },
  about: oneOf(FORMATS, "enum").about,
};

export const reportRequest = z
  .object({
    simulation_job_ids: required(list(uuid(), { least: 1, most: MAX_SIMULATIONS }), "One's own finished simulations"),
    report_type: required(text({ shortest: 1, longest: 255 }), "summary, detailed_analysis, comparison or one's own"),
    output_format: required(format, "PDF, HTML, JSON or CSV"),
    parameters: optional(nullable(object()), null, "What the report's type takes, such as a title"),
  })
  .meta({ examples: [{ simulation_job_ids: [ID], report_type: "summary", output_format: "PDF" }] });

export type ReportSubmission = z.output<typeof reportRequest>;

export const reportsQuery = z.object({
  status: optional(oneOf(STATUSES, "enum"), undefined, "Reports in this state alone"),
  report_type: optional(text({ longest: 255 }), undefined, "Reports of this type alone"),
  ...page,
});

export const reportPath = z.object({ report_id: required(uuid(), "The report").meta({ examples: [ID] }) });

export const reportAnswer = z.object({
  id: textLike(ID),
  report_id: textLike(ID),
  user_id: textLike(ID),
  report_type: textLike("summary"),
  output_format: z.enum(FORMATS),
  status: z.enum(STATUSES),
  simulation_job_ids: z.array(textLike(ID)),
  created_at: textLike("2025-09-09T12:00:00.000Z"),
  completed_at: textLike("2025-09-09T12:00:00.000Z").nullable(),
  download_url: textLike("https://example.org/blobs/result.json?signature=5f2b8c1d").nullable(),
  url_expires_at: textLike("2025-09-09T12:00:00.000Z").nullable(),
  content_type: textLike("application/pdf").nullable(),
  size_bytes: z.number().nullable(),
  error: z.object({ code: textLike("timeout"), message: textLike("The attempt took longer than 60 s.") }).nullable(),
});

export type ReportAnswer = z.output<typeof reportAnswer>;

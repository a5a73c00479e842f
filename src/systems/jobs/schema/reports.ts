import { z } from "zod";
import { optional, required } from "../../../platform/http/fastapi/members";
import { list, nullable, object, oneOf, type Reader, text } from "../../../platform/http/fastapi/readers";
import { uuid } from "../../../platform/http/fastapi/uuid";
import { page } from "./simulations";

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

export const reportRequest = z.object({
  simulation_job_ids: required(list(uuid(), { least: 1, most: MAX_SIMULATIONS }), "One's own finished simulations"),
  report_type: required(text({ shortest: 1, longest: 255 }), "summary, detailed_analysis, comparison or one's own"),
  output_format: required(format, "PDF, HTML, JSON or CSV"),
  parameters: optional(nullable(object()), null, "What the report's type takes, such as a title"),
});

export type ReportSubmission = z.output<typeof reportRequest>;

export const reportsQuery = z.object({
  status: optional(oneOf(STATUSES, "enum"), undefined, "Reports in this state alone"),
  report_type: optional(text({ longest: 255 }), undefined, "Reports of this type alone"),
  ...page,
});

export const reportPath = z.object({ report_id: required(uuid(), "The report") });

export const reportAnswer = z.object({
  id: z.string(),
  report_id: z.string(),
  user_id: z.string(),
  report_type: z.string(),
  output_format: z.enum(FORMATS),
  status: z.enum(STATUSES),
  simulation_job_ids: z.array(z.string()),
  created_at: z.string(),
  completed_at: z.string().nullable(),
  download_url: z.string().nullable(),
  url_expires_at: z.string().nullable(),
  content_type: z.string().nullable(),
  size_bytes: z.number().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export type ReportAnswer = z.output<typeof reportAnswer>;

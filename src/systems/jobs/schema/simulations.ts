import { z } from "zod";
import { nullish, optional, required } from "../../../platform/http/fastapi/members";
import { integer, nullable, number, object, oneOf, type Reader, text } from "../../../platform/http/fastapi/readers";
import { uuid } from "../../../platform/http/fastapi/uuid";

const STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;

/** Conditions of running, which are no parameters of the simulation. */
const conditions = z.object({
  timeout_s: optional(number({ above: 0, most: 7 * 86_400 }), undefined, "The longest that one attempt may take"),
  priority: optional(integer({ least: 0, most: 9 }), 0, "Among one's own jobs, the higher first"),
  max_attempts: optional(integer({ least: 1, most: 100 }), undefined, "How often it is tried"),
  start_after: optional(dateTime(), undefined, "Not to be started before, RFC 3339"),
});

export const submission = z.object({
  simulation_type: required(text({ shortest: 1, longest: 255 }), "One of the types of /handlers"),
  parameters: required(object(), "What the type's schema says"),
  job_metadata: optional(nullable(object()), null, "Kept and given back as it is"),
  callback_url: nullish(text({ longest: 2048 }), "Told when the job has ended, by POST"),
  options: conditions.optional(),
});

export type Submission = z.output<typeof submission>;
export type RunConditions = z.output<typeof conditions>;

/** `parameters.timeout_s`, which older clients send, by the same rule as the option. */
export const timeoutParameter = z.object({
  timeout_s: optional(number({ above: 0, most: 7 * 86_400 }), undefined, "As options.timeout_s"),
});

export const page = {
  limit: optional(integer({ least: 1, most: 1000 }), 100, "How many at most"),
  offset: optional(integer({ least: 0, most: 1_000_000_000 }), 0, "How many to leave out"),
};

export const jobsQuery = z.object({
  status: optional(oneOf(STATUSES, "enum"), undefined, "Jobs in this state alone"),
  simulation_type: optional(text({ longest: 255 }), undefined, "Jobs of this type alone"),
  ...page,
});

export const resultQuery = z.object({
  inline: optional(oneOf(["true", "false"] as const), "true", "false leaves the result to its link"),
});

export const eventsQuery = z.object({
  ticket: optional(text({ longest: 200 }), undefined, "In the place of a token"),
  after: optional(integer({ least: 0 }), 0, "Events with higher numbers alone"),
});

export const jobPath = z.object({ job_id: required(uuid(), "The job") });

export const jobAnswer = z.object({
  id: z.string(),
  job_id: z.string(),
  user_id: z.string(),
  simulation_type: z.string(),
  status: z.enum(STATUSES),
  progress: z.number().nullable(),
  attempt: z.number(),
  job_metadata: z.record(z.string(), z.unknown()),
  created_at: z.string(),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export type JobAnswer = z.output<typeof jobAnswer>;

export const submitAnswer = jobAnswer.pick({
  id: true,
  job_id: true,
  user_id: true,
  simulation_type: true,
  status: true,
  attempt: true,
  created_at: true,
});

export type SubmitAnswer = z.output<typeof submitAnswer>;

export const resultAnswer = z.object({
  job_id: z.string(),
  status: z.enum(STATUSES),
  result: z.unknown(),
  output_format: z.string().nullable(),
  completed_at: z.string().nullable(),
  message: z.string().nullable(),
  result_size_bytes: z.number().nullable(),
  result_url: z.string().nullable(),
  url_expires_at: z.string().nullable(),
});

export const deliveryAnswer = z.object({
  id: z.string(),
  job_id: z.string(),
  url: z.string(),
  status: z.enum(["PENDING", "DELIVERED", "FAILED"]),
  tries: z.number(),
  http_status: z.number().nullable(),
  error: z.string().nullable(),
  created_at: z.string(),
  completed_at: z.string().nullable(),
});

export type DeliveryAnswer = z.output<typeof deliveryAnswer>;

/** An instant with its zone, as milliseconds since the epoch. */
function dateTime(): Reader<number> {
  const form = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/i;
  const message = "Input should be a valid datetime with a time zone";
  return {
    read(input) {
      const timeMs = typeof input === "string" && form.test(input) ? Date.parse(input.replace(" ", "T")) : Number.NaN;
      if (Number.isNaN(timeMs)) {
        return { faults: [{ type: "datetime_from_date_parsing", message, path: [], input }] };
      }
      return { value: timeMs };
    },
    about: { type: "string", format: "date-time" },
  };
}

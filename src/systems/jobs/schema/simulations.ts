import { z } from "zod";
import { textLike, textOf } from "../../../platform/http/api/texts";
import { nullish, optional, required } from "../../../platform/http/fastapi/members";
import { integer, nullable, number, object, oneOf, type Reader, text } from "../../../platform/http/fastapi/readers";
import { uuid } from "../../../platform/http/fastapi/uuid";

const ID = "0198f1c2-7d3a-7c55-9e21-3f6d5b8a9c10";
const STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;

/** Conditions of running, which are no parameters of the simulation. */
const conditions = z.object({
  timeout_s: optional(number({ above: 0, most: 7 * 86_400 }), undefined, "The longest that one attempt may take"),
  priority: optional(integer({ least: 0, most: 9 }), 0, "Among one's own jobs, the higher first"),
  max_attempts: optional(integer({ least: 1, most: 100 }), undefined, "How often it is tried"),
  start_after: optional(dateTime(), undefined, "Not to be started before, RFC 3339"),
});

export const submission = z
  .object({
    simulation_type: required(text({ shortest: 1, longest: 255 }), "One of the types of /handlers"),
    parameters: required(object(), "What the type's schema says"),
    job_metadata: optional(nullable(object()), null, "Kept and given back as it is"),
    callback_url: nullish(text({ longest: 2048 }), "Told when the job has ended, by POST"),
    options: conditions.optional(),
  })
  .meta({ examples: [{ simulation_type: "echo", parameters: {}, options: { timeout_s: 60 } }] });

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

export const jobPath = z.object({ job_id: required(uuid(), "The job").meta({ examples: [ID] }) });

export const jobAnswer = z.object({
  id: textLike(ID),
  job_id: textLike(ID),
  user_id: textLike(ID),
  simulation_type: textLike("echo"),
  status: z.enum(STATUSES),
  progress: z.number().nullable(),
  attempt: z.number(),
  job_metadata: z.record(textLike("label"), z.unknown()),
  created_at: textLike("2025-09-09T12:00:00.000Z"),
  started_at: textLike("2025-09-09T12:00:00.000Z").nullable(),
  completed_at: textLike("2025-09-09T12:00:00.000Z").nullable(),
  error: z.object({ code: textLike("timeout"), message: textLike("The attempt took longer than 60 s.") }).nullable(),
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

/** What was asked for, to be sent again as it is or changed. */
export const submissionAnswer = z.object({
  simulation_type: textLike("echo"),
  parameters: z.record(textLike("name"), z.unknown()),
  job_metadata: z.record(textLike("label"), z.unknown()).nullable(),
  callback_url: textLike("https://example.org/done").optional(),
  options: z
    .object({ timeout_s: z.number().optional(), priority: z.number(), max_attempts: z.number().optional() })
    .optional(),
});

export type SubmissionAnswer = z.output<typeof submissionAnswer>;

export const resultAnswer = z.object({
  job_id: textLike(ID),
  status: z.enum(STATUSES),
  result: z.unknown().meta({ examples: [{ mean: 4.2 }] }),
  output_format: textLike("json").nullable(),
  completed_at: textLike("2025-09-09T12:00:00.000Z").nullable(),
  message: textLike("The job is still running.").nullable(),
  result_size_bytes: z.number().nullable(),
  result_url: textLike("https://example.org/blobs/result.json?signature=5f2b8c1d").nullable(),
  url_expires_at: textLike("2025-09-09T12:00:00.000Z").nullable(),
});

export type ResultAnswer = z.output<typeof resultAnswer>;

export const deliveryPath = jobPath.extend({ delivery_id: textLike(ID).max(64) });
export const resentAnswer = z.object({ id: textLike(ID), status: z.literal("PENDING") });

export const deliveryAnswer = z.object({
  id: textLike(ID),
  job_id: textLike(ID),
  url: textLike("https://example.org/blobs/result.json?signature=5f2b8c1d"),
  status: z.enum(["PENDING", "DELIVERED", "FAILED"]),
  tries: z.number(),
  http_status: z.number().nullable(),
  error: textLike("The address answered 500.").nullable(),
  created_at: textLike("2025-09-09T12:00:00.000Z"),
  completed_at: textLike("2025-09-09T12:00:00.000Z").nullable(),
});

export type DeliveryAnswer = z.output<typeof deliveryAnswer>;

export const eventAnswer = z.object({
  number: z.number(),
  at: textLike("2025-09-09T12:00:00.000Z"),
  type: textLike("progress"),
  data: z.unknown().meta({ examples: [{ progress: 0.5 }] }),
});
export type EventAnswer = z.output<typeof eventAnswer>;

/** What an event of type `status` tells. */
export interface StatusEvent {
  job_id: string;
  status: JobAnswer["status"];
  attempt: number;
  progress: number | null;
  error: JobAnswer["error"];
  at: string;
  /** The worker that a run is with. */
  worker?: string;
  /** Why a run was given back. */
  reason?: string;
  /** How long until the next attempt, after one that failed. */
  retry_in_ms?: number;
  /** Why an attempt failed that is not the last. */
  failure?: { code: string; message: string };
}

/** What an event of type `log` tells. */
export interface LogEvent {
  attempt: number;
  line: string;
  at: string;
}

/** What a `progress` event of the stream tells; these are not kept. */
export interface ProgressEvent {
  job_id: string;
  attempt: number;
  progress: number;
  note: string | null;
}

export const eventStreamAnswer = textOf("text/event-stream", 'id: 1\nevent: progress\ndata: {"progress":0.5}\n\n');
export const ticketAnswer = z.object({ ticket: textLike("5f2b8c1d9e3a47f6"), expires_in_s: z.number() });

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

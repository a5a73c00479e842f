import { z } from "zod";
import { optional, required } from "../../../platform/http/fastapi/members";
import { flag, text } from "../../../platform/http/fastapi/readers";
import { uuid } from "../../../platform/http/fastapi/uuid";
import { submission } from "./simulations";

export const scheduleRequest = z.object({
  name: optional(text({ longest: 255 }), "", "What to call it"),
  cron: required(text({ shortest: 1, longest: 200 }), "Five fields, or six with seconds first"),
  zone: optional(text({ longest: 64 }), "UTC", "An IANA time zone such as Europe/Paris"),
  enabled: optional(flag(), true, "Whether it starts jobs"),
  job: submission,
});

export type ScheduleRequest = z.output<typeof scheduleRequest>;

export const scheduleChange = z.object({ enabled: required(flag(), "Whether it starts jobs") });

export const schedulePath = z.object({ schedule_id: required(uuid(), "The schedule") });

export const scheduleAnswer = z.object({
  id: z.string(),
  schedule_id: z.string(),
  name: z.string(),
  cron: z.string(),
  zone: z.string(),
  enabled: z.boolean(),
  job: z.unknown(),
  next_at: z.string().nullable(),
  last_at: z.string().nullable(),
  last_job_id: z.string().nullable(),
  skipped: z.number(),
  created_at: z.string(),
});

export type ScheduleAnswer = z.output<typeof scheduleAnswer>;

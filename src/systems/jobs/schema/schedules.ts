import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";
import { optional, required } from "../../../platform/http/fastapi/members";
import { flag, text } from "../../../platform/http/fastapi/readers";
import { uuid } from "../../../platform/http/fastapi/uuid";
import { submission } from "./simulations";

const ID = "0198f1c2-7d3a-7c55-9e21-3f6d5b8a9c10";

export const scheduleRequest = z
  .object({
    name: optional(text({ longest: 255 }), "", "What to call it"),
    cron: required(text({ shortest: 1, longest: 200 }), "Five fields, or six with seconds first"),
    zone: optional(text({ longest: 64 }), "UTC", "An IANA time zone such as Europe/Paris"),
    enabled: optional(flag(), true, "Whether it starts jobs"),
    job: submission,
  })
  .meta({
    examples: [{ name: "Every morning", cron: "0 6 * * *", job: { simulation_type: "echo", parameters: {} } }],
  });

export type ScheduleRequest = z.output<typeof scheduleRequest>;

export const scheduleChange = z.object({ enabled: required(flag(), "Whether it starts jobs") });

export const schedulePath = z.object({ schedule_id: required(uuid(), "The schedule").meta({ examples: [ID] }) });

export const scheduleAnswer = z.object({
  id: textLike(ID),
  schedule_id: textLike(ID),
  name: textLike("Every morning"),
  cron: textLike("0 6 * * *"),
  zone: textLike("UTC"),
  enabled: z.boolean(),
  job: z.unknown().meta({ examples: [{ simulation_type: "echo", parameters: {} }] }),
  next_at: textLike("2025-09-09T12:00:00.000Z").nullable(),
  last_at: textLike("2025-09-09T12:00:00.000Z").nullable(),
  last_job_id: textLike(ID).nullable(),
  skipped: z.number(),
  created_at: textLike("2025-09-09T12:00:00.000Z"),
});

export type ScheduleAnswer = z.output<typeof scheduleAnswer>;

import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";
import { optional } from "../../../platform/http/fastapi/members";
import { integer, oneOf, text } from "../../../platform/http/fastapi/readers";
import { jobAnswer } from "./simulations";

const ID = "0198f1c2-7d3a-7c55-9e21-3f6d5b8a9c10";
const STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;

export const tasksQuery = z.object({
  state: optional(oneOf(STATUSES, "enum"), undefined, "Jobs in this state alone"),
  type: optional(text({ longest: 255 }), undefined, "Jobs of this type alone"),
  limit: optional(integer({ least: 1, most: 1000 }), 100, "How many at most"),
});

export const workersAnswer = z.array(
  z.object({
    name: textLike("simulations-1"),
    queue: textLike("simulations"),
    slots: z.number(),
    running: z.array(textLike(ID)),
    paused: z.boolean(),
  }),
);

export type WorkerAnswer = z.output<typeof workersAnswer>[number];

export const queuesAnswer = z.array(
  z.object({
    queue: textLike("simulations"),
    ready: z.number(),
    delayed: z.number(),
    leased: z.number(),
    paused: z.boolean(),
  }),
);

export type QueueAnswer = z.output<typeof queuesAnswer>[number];

export const tasksAnswer = z.array(jobAnswer.extend({ worker: textLike("simulations-1").nullable() }));

export type TaskAnswer = z.output<typeof tasksAnswer>[number];

export const queuePath = z.object({ queue: textLike("simulations").max(64) });
export const pausedAnswer = z.object({ queue: textLike("simulations"), paused: z.boolean() });
export const retriedAnswer = z.object({ job_id: textLike(ID) });

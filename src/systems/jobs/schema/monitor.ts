import { z } from "zod";
import { optional } from "../../../platform/http/fastapi/members";
import { integer, oneOf, text } from "../../../platform/http/fastapi/readers";
import { jobAnswer } from "./simulations";

const STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;

export const tasksQuery = z.object({
  state: optional(oneOf(STATUSES, "enum"), undefined, "Jobs in this state alone"),
  type: optional(text({ longest: 255 }), undefined, "Jobs of this type alone"),
  limit: optional(integer({ least: 1, most: 1000 }), 100, "How many at most"),
});

export const workersAnswer = z.array(
  z.object({
    name: z.string(),
    queue: z.string(),
    slots: z.number(),
    running: z.array(z.string()),
    paused: z.boolean(),
  }),
);

export type WorkerAnswer = z.output<typeof workersAnswer>[number];

export const queuesAnswer = z.array(
  z.object({ queue: z.string(), ready: z.number(), delayed: z.number(), leased: z.number(), paused: z.boolean() }),
);

export type QueueAnswer = z.output<typeof queuesAnswer>[number];

export const tasksAnswer = z.array(jobAnswer.extend({ worker: z.string().nullable() }));

export type TaskAnswer = z.output<typeof tasksAnswer>[number];

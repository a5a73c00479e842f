import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";

const amount = z.object({ count: z.number(), bytes: z.number() });

const userStorage = z.object({
  user_id: textLike("0198f1c2-7d3a-7c55-9e21-3f6d5b8a9c10"),
  email: textLike("ada@example.org"),
  jobs: amount,
  reports: amount,
  /** What retention removes within the next days, of jobs and reports together. */
  due: amount,
  /** There is more than is added up here. */
  is_partial: z.boolean(),
});

export const storageAnswer = z.object({
  keep_days: z.number(),
  keep_events_days: z.number(),
  due_within_days: z.number(),
  users: z.array(userStorage),
});

export type StorageAnswer = z.output<typeof storageAnswer>;
export type UserStorage = StorageAnswer["users"][number];

import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";

/** The kinds of values that answers are made of. Values of workers stay within what `payloads.ts` lets in. */

export const workerId = textLike("worker-1");
export const accountId = textLike("consumer-1");
export const leaseId = textLike("lease-0b5f6c1e-6a1f-4b3e-9d58-2f1c7a90e4d3");
export const address = textLike("0x52908400098527886E0F7030069857D2E4169EE7");
export const prefix = textLike("8f2c41d09be3a756");
export const hash = textLike("$argon2id$v=19$m=1024,t=1,p=1$NTI5MDg0MDAw$mOQ2bXEN11W5H0yq8m1c7s0Zr6kF2dV9pX4tLwE");
export const key = textLike("8f2c41d09be3a7565f2b8c1d9e3a47f60b8d2c4e6f8091a3b5c7d9e1f3052746");
export const role = textLike("consumer");
export const workerState = textLike("AVAILABLE");
export const flag = z.boolean();
export const count = z
  .number()
  .int()
  .min(0)
  .meta({ examples: [3] });
export const amount = z.number().meta({ description: "XNM", examples: [12.5] });
export const rate = z
  .number()
  .min(0)
  .meta({ description: "Hashes per second", examples: [1250.5] });
export const time = z.number().meta({ description: "Unix seconds", examples: [1757419200.25] });
export const timeOrNull = z
  .number()
  .nullable()
  .meta({ description: "Unix seconds, or null", examples: [1757419200.25] });
export const seconds = z.number().meta({ description: "Seconds", examples: [3600] });
/** As the worker listed them: objects of whatever shape. */
export const gpus = z.array(z.unknown().meta({ examples: [{ name: "NVIDIA A100", memory_gb: 80 }] })).readonly();

/** A page by number. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), total: count, page: count, limit: count, total_pages: count });
}

/** A page by offset. */
export function offsetPageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), total: count, limit: count, offset: count });
}

/** The same as a type, for what is the same for items of every kind. */
export type OffsetPage<Item> = z.infer<ReturnType<typeof offsetPageOf<z.ZodType<Item>>>>;

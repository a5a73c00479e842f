import { z } from "zod";

/** The kinds of values that answers are made of. Values of workers stay within what `payloads.ts` lets in. */

export const id = z.string();
export const text = z.string();
export const flag = z.boolean();
export const count = z.number().int().min(0);
export const amount = z.number().describe("XNM");
export const rate = z.number().min(0).describe("Hashes per second");
export const time = z.number().describe("Unix seconds");
export const timeOrNull = z.number().nullable().describe("Unix seconds, or null");
export const seconds = z.number().describe("Seconds");
/** As the worker listed them: objects of whatever shape. */
export const gpus = z.array(z.unknown()).readonly();

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

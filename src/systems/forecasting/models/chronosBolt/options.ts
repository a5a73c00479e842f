import { z } from "zod";

/** The options of Chronos-Bolt. */
export const chronosBoltOptionsSchema = z.object({
  context_len: z.number().int().min(1).max(1_000_000).optional(),
  fix_quantile_crossing: z.boolean().default(true),
});

export type ChronosBoltOptions = z.infer<typeof chronosBoltOptionsSchema>;

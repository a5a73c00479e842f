import { z } from "zod";
import { amount, count, flag, id, offsetPageOf, rate, seconds, text, time, timeOrNull } from "./scalars";

export const settlement = z.strictObject({
  lease_id: id,
  consumer_id: id,
  worker_id: id,
  duration_sec: seconds,
  blocks_found: count,
  total_cost: amount,
  provider_payment: amount,
  platform_fee: amount,
});
export const settlements = offsetPageOf(settlement);

export const block = z.strictObject({
  lease_id: text,
  worker_id: id,
  hash: text,
  key: text,
  account: text,
  attempts: count,
  hashrate: text,
  prefix_valid: flag,
  chain_verified: flag,
  chain_block_id: z.number().int().nullable(),
  timestamp: time,
});
export const blocks = z.array(block);
export const blockPage = offsetPageOf(block);
export const blockPageOrAll = z.union([blockPage, blocks]);

export const startedLease = z.strictObject({
  lease_id: id,
  worker_id: id,
  prefix: text,
  duration_sec: count,
  consumer_id: id,
  consumer_address: text,
  created_at: time,
});
export const stoppedLease = z.strictObject({
  lease_id: id,
  state: z.literal("completed"),
  blocks_found: count,
  settlement: settlement.optional(),
});

export const lease = z.strictObject({
  lease_id: id,
  worker_id: id,
  consumer_id: id,
  consumer_address: text,
  prefix: text,
  duration_sec: count,
  state: z.enum(["active", "completed", "cancelled"]),
  created_at: time,
  ended_at: timeOrNull,
  blocks_found: count,
  avg_hashrate: rate,
  elapsed_sec: seconds,
  price_per_sec: amount,
});
export const leases = offsetPageOf(lease);
export const wholeLease = z.strictObject({
  ...lease.shape,
  blocks: blocks.optional(),
  settlement: settlement.optional(),
});

export const renterStats = z.strictObject({
  active_leases: count,
  completed_leases: count,
  total_leases: count,
  total_spent: amount,
  avg_cost: amount,
});

export type SettlementAnswer = z.infer<typeof settlement>;
export type BlockAnswer = z.infer<typeof block>;
export type StartedLease = z.infer<typeof startedLease>;
export type StoppedLease = z.infer<typeof stoppedLease>;
export type WholeLease = z.infer<typeof wholeLease>;
export type LeaseAnswer = z.infer<typeof lease>;

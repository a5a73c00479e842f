import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";
import {
  accountId,
  address,
  amount,
  count,
  flag,
  hash,
  key,
  leaseId,
  offsetPageOf,
  prefix,
  rate,
  seconds,
  time,
  timeOrNull,
  workerId,
} from "./scalars";

export const settlement = z.strictObject({
  lease_id: leaseId,
  consumer_id: accountId,
  worker_id: workerId,
  duration_sec: seconds,
  blocks_found: count,
  total_cost: amount,
  provider_payment: amount,
  platform_fee: amount,
});
export const settlements = offsetPageOf(settlement);

export const block = z.strictObject({
  lease_id: leaseId,
  worker_id: workerId,
  hash,
  key,
  account: address,
  attempts: count,
  hashrate: textLike("1250.5"),
  prefix_valid: flag,
  chain_verified: flag,
  chain_block_id: z.number().int().nullable(),
  timestamp: time,
});
export const blocks = z.array(block);
export const blockPage = offsetPageOf(block);
export const blockPageOrAll = z.union([blockPage, blocks]);

export const startedLease = z.strictObject({
  lease_id: leaseId,
  worker_id: workerId,
  prefix,
  duration_sec: count,
  consumer_id: accountId,
  consumer_address: address,
  created_at: time,
  price_per_min: amount,
  max_cost: amount.meta({ description: "XNM, for the whole time or the budget" }),
  budget: amount.nullable(),
  warning: textLike("Duration below minimum (60s)").optional(),
});
export const orderedLeases = z.strictObject({ leases: z.array(startedLease), max_cost: amount });
export const stoppedLease = z.strictObject({
  lease_id: leaseId,
  state: z.literal("completed"),
  blocks_found: count,
  settlement: settlement.optional(),
});

export const lease = z.strictObject({
  lease_id: leaseId,
  worker_id: workerId,
  consumer_id: accountId,
  consumer_address: address,
  prefix,
  duration_sec: count,
  state: z.enum(["active", "completed", "cancelled"]),
  created_at: time,
  ended_at: timeOrNull,
  blocks_found: count,
  avg_hashrate: rate,
  elapsed_sec: seconds,
  price_per_sec: amount,
  reason: textLike("stopped").nullable().meta({ description: "stopped, expired, funds or failed; null while it runs" }),
  began_at: timeOrNull,
  budget: amount.nullable(),
});
export const leases = offsetPageOf(lease);
export const span = z.strictObject({
  from: time,
  to: time,
  billed: flag,
  reason: textLike("offline").nullable().meta({ description: "Why it is not billed; null where it is" }),
});
export const wholeLease = z.strictObject({
  ...lease.shape,
  spans: z.array(span),
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

import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";
import {
  address,
  amount,
  count,
  flag,
  gpus,
  pageOf,
  prefix,
  rate,
  seconds,
  time,
  timeOrNull,
  workerId,
  workerState,
} from "./scalars";

const points = z.number().min(0).max(100);
const weight = z.number();

export const reputation = z.strictObject({
  worker_id: workerId,
  score: points,
  stars: z.number().min(0).max(5),
  breakdown: z.strictObject({
    block_score: points,
    block_detail: z.strictObject({ verified_blocks: count, max_blocks: count, weight }),
    completion_score: points,
    completion_detail: z.strictObject({ completed_leases: count, total_leases: count, weight }),
    uptime_score: points,
    uptime_detail: z.strictObject({ online_seconds: seconds, total_seconds: seconds, uptime_pct: points, weight }),
    age_score: points,
    age_detail: z.strictObject({ days: z.number(), max_days: z.number(), weight }),
  }),
});

const said = { worker_id: workerId, eth_address: address, gpu_count: count, total_memory_gb: z.number(), gpus };
const prices = { price_per_min: amount, min_duration_sec: count, max_duration_sec: count };
const lastTold = { hashrate: rate, active_gpus: count, last_heartbeat: time };

const verifiedRate = rate.nullable().meta({
  description: "Hashes per second that blocks on the chain bear out; null where nothing can be said",
  examples: [1200],
});

export const listedWorker = z.strictObject({
  ...said,
  state: workerState,
  ...lastTold,
  ...prices,
  self_blocks_found: count,
  self_blocks_verified: count,
  verified_hashrate: verifiedRate,
  current_address: address,
  current_prefix: prefix,
  current_block_pattern: textLike("XEN11"),
  reputation,
});
export const listedWorkers = z.array(listedWorker);

export const offeredWorker = z.strictObject({
  worker_id: workerId,
  state: workerState,
  gpu_count: count,
  total_memory_gb: z.number(),
  gpus,
  hashrate: rate,
  eth_address: address,
  ...prices,
  last_heartbeat: time,
  online: flag,
  verified_hashrate: verifiedRate,
  reliability: z.number().meta({ description: "Score of the reputation, 0 to 100", examples: [72.5] }),
});
export const offers = pageOf(offeredWorker);

export const storedWorker = z.strictObject({
  ...said,
  version: textLike("1.0.0"),
  state: workerState,
  ...lastTold,
  registered_at: time,
  ...prices,
  total_online_sec: seconds,
  last_online_at: timeOrNull,
  self_blocks_found: count,
});

export const fleetWorker = z.strictObject({
  worker_id: workerId,
  eth_address: address,
  state: workerState,
  online: flag,
  hashrate: rate,
  gpu_count: count,
  active_gpus: count,
  total_memory_gb: z.number(),
  gpus,
  version: textLike("1.0.0"),
  last_heartbeat: time,
  self_blocks_found: count,
  price_per_min: amount,
  total_online_sec: seconds,
});
export const fleet = pageOf(fleetWorker);

export const ownedWorker = z.strictObject({
  worker_id: workerId,
  state: workerState,
  online: flag,
  hashrate: rate,
  gpu_count: count,
  active_gpus: count,
  gpu_name: textLike("NVIDIA A100"),
  memory_gb: z.number(),
  price_per_min: amount,
  self_blocks_found: count,
  total_online_sec: seconds,
});
export const ownedWorkers = z.strictObject({ ...pageOf(ownedWorker).shape, provider_id: workerId });

export const pricedWorker = z.strictObject({
  worker_id: workerId,
  ...prices,
  gpu_count: count,
  total_memory_gb: z.number(),
  hashrate: rate,
});
export const pricing = z.strictObject({ worker_id: workerId, ...prices });
export const suggestion = z.strictObject({
  worker_id: workerId,
  suggested_price_per_min: amount,
  gpu_count: count,
  total_memory_gb: z.number(),
  current_price_per_min: amount,
});
export const estimate = z.strictObject({
  worker_id: workerId,
  duration_sec: count,
  price_per_min: amount,
  total_cost: amount,
  provider_payout: amount,
  platform_fee: amount,
  hashrate: rate,
  min_duration_sec: count,
  max_duration_sec: count,
  warning: textLike("The worker takes at least 60 s").optional(),
  quote_id: textLike("WyJ3b3JrZXItMSJd.c2lnbmVk"),
  quote_expires_at: time,
});

export type ListedWorker = z.infer<typeof listedWorker>;
export type OfferedWorker = z.infer<typeof offeredWorker>;
export type StoredWorker = z.infer<typeof storedWorker>;
export type FleetWorker = z.infer<typeof fleetWorker>;
export type OwnedWorkers = z.infer<typeof ownedWorkers>;
export type OwnedWorker = z.infer<typeof ownedWorker>;
export type PricedWorker = z.infer<typeof pricedWorker>;
export type ReputationAnswer = z.infer<typeof reputation>;
export type EstimateAnswer = z.infer<typeof estimate>;

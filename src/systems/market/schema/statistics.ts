import { z } from "zod";
import { textLike } from "../../../platform/http/api/texts";
import { settlement } from "./leases";
import {
  accountId,
  address,
  amount,
  count,
  hash,
  leaseId,
  pageOf,
  rate,
  time,
  timeOrNull,
  workerId,
  workerState,
} from "./scalars";

export const listing = z.strictObject({ worker_id: workerId, state: workerState });
export const status = z.strictObject({
  mqtt_clients: z.array(workerId),
  workers: count,
  active_leases: count,
  total_blocks: count,
  self_mined_blocks: count,
  total_settlements: count,
});
export const fleetStats = z.strictObject({
  total_workers: count,
  online: count,
  offline: count,
  total_hashrate: rate,
  total_gpus: count,
  active_gpus: count,
  total_blocks: count,
  blocks_last_hour: count,
});
export const hashrateSample = z.strictObject({
  worker_id: workerId,
  hashrate: rate,
  active_gpus: count,
  timestamp: time,
});
export const hashrateHistory = z.array(hashrateSample);
export const overview = z.strictObject({
  total_users: count,
  total_providers: count,
  total_consumers: count,
  total_workers: count,
  online_workers: count,
  total_hashrate: rate,
  total_blocks: count,
  blocks_24h: count,
  total_leases: count,
  active_leases: count,
  total_settled: count,
  platform_revenue: amount,
});
export const network = z.strictObject({
  difficulty: count,
  total_workers: count,
  total_blocks: count,
  chain_blocks: count,
});
const parties = { lease_id: leaseId, worker_id: workerId, consumer_id: accountId };
export const activityEvent = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("block"),
    timestamp: time,
    details: z.strictObject({ worker_id: workerId, hash, lease_id: leaseId.describe("Empty for a self-mined block") }),
  }),
  z.strictObject({
    type: z.literal("lease_started"),
    timestamp: time,
    details: z.strictObject({ ...parties, duration_sec: count }),
  }),
  z.strictObject({
    type: z.literal("lease_completed"),
    timestamp: time,
    details: z.strictObject({ ...parties, blocks_found: count }),
  }),
]);
export const activity = pageOf(activityEvent);

export const providerDashboard = z.strictObject({
  provider_id: workerId,
  worker_count: count,
  total_earned: amount,
  active_leases: count,
  total_blocks_mined: count,
  avg_hashrate: rate,
});
export const providerEarnings = z.strictObject({ provider_id: workerId, earnings: z.array(settlement) });

export const walletStats = z.strictObject({
  address,
  online_workers: count,
  total_workers: count,
  total_hashrate: rate,
  total_gpus: count,
  total_blocks: count,
  total_earnings: amount,
});
export const walletHistory = z.strictObject({
  address,
  period: z.enum(["24h", "7d", "30d"]),
  count,
  data: z.array(
    z.strictObject({
      timestamp: time,
      hashrate: rate,
      online_workers: count,
      total_workers: count,
      blocks: count,
      cumulative_blocks: count,
      earnings: amount,
    }),
  ),
});
export const walletAchievements = z.strictObject({
  address,
  current_hashrate: rate,
  online_workers: count,
  total_workers: count,
  total_blocks: count,
  peak_hashrate: rate,
  total_earnings: amount,
  mining_days: z.number(),
  first_seen: timeOrNull,
});
export const walletShare = z.strictObject({
  address,
  full_address: address,
  total_blocks: count,
  peak_hashrate: rate,
  total_earnings: amount,
  mining_hours: z.number(),
  worker_count: count,
  generated_at: time,
});

export const commandSent = z.strictObject({
  status: z.literal("sent"),
  worker_id: workerId,
  action: textLike("set_config"),
});
export const broadcastSent = z.strictObject({
  status: z.literal("sent"),
  workers: z.array(workerId),
  action: textLike("set_config"),
});
export const walletCommandSent = z.strictObject({
  status: z.literal("sent"),
  worker_id: workerId,
  command: textLike("restart"),
});

export type StatusAnswer = z.infer<typeof status>;
export type OverviewAnswer = z.infer<typeof overview>;
export type ProviderDashboard = z.infer<typeof providerDashboard>;
export type HashrateSample = z.infer<typeof hashrateSample>;
export type ActivityPage = z.infer<typeof activity>;
export type ActivityEvent = z.infer<typeof activityEvent>;

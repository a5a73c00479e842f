import type { Reputation } from "../../src/systems/market/rules/reputation";

/** What the market and its chain answer (docs/market.md). Times are Unix seconds, money is XNM, rates are hashes/s. */

/** `GET /api/workers`. All text comes from the worker itself. */
export interface Worker {
  worker_id: string;
  eth_address: string;
  gpu_count: number;
  total_memory_gb: number;
  /** As the worker listed them; nothing is known of their shape. */
  gpus: readonly unknown[];
  state: string;
  hashrate: number;
  active_gpus: number;
  last_heartbeat: number;
  price_per_min: number;
  min_duration_sec: number;
  max_duration_sec: number;
  self_blocks_found: number;
  current_address: string;
  current_prefix: string;
  current_block_pattern: string;
  reputation: Reputation;
}

/** `GET /api/marketplace/estimate`. */
export interface Estimate {
  total_cost: number;
  provider_payout: number;
  platform_fee: number;
  /** Why the worker's owner would rather not. */
  warning?: string;
}

/** An item of `GET /api/leases`. */
export interface Lease {
  lease_id: string;
  worker_id: string;
  consumer_id: string;
  consumer_address: string;
  prefix: string;
  duration_sec: number;
  state: string;
  created_at: number;
  ended_at: number | null;
  blocks_found: number;
  avg_hashrate: number;
  elapsed_sec: number;
  /** What was agreed. */
  price_per_sec: number;
}

/** `GET /api/leases/{id}`. */
export interface LeaseInFull extends Lease {
  /** Oldest first; absent while there are none. */
  blocks?: readonly Block[];
  settlement?: Settlement;
}

export interface Settlement {
  lease_id: string;
  consumer_id: string;
  worker_id: string;
  duration_sec: number;
  blocks_found: number;
  total_cost: number;
  provider_payment: number;
  platform_fee: number;
}

export interface Block {
  /** Empty for what a worker mined for itself. */
  lease_id: string;
  worker_id: string;
  hash: string;
  key: string;
  account: string;
  attempts: number;
  /** As the worker wrote it. */
  hashrate: string;
  prefix_valid: boolean;
  chain_verified: boolean;
  chain_block_id: number | null;
  timestamp: number;
}

/** Part of a list, by `limit` and `offset`. */
export interface Part<Item> {
  items: readonly Item[];
  total: number;
}

export interface Account {
  account_id: string;
  role: string;
  eth_address: string;
  balance: number;
}

/** `GET /api/status`. */
export interface MarketStatus {
  mqtt_clients: readonly string[];
  workers: number;
  active_leases: number;
  total_blocks: number;
  self_mined_blocks: number;
  total_settlements: number;
}

/** An item of `GET /api/monitoring/hashrate-history`, oldest first. */
export interface HashrateSample {
  worker_id: string;
  hashrate: number;
  timestamp: number;
}

/** `GET /api/overview/stats`. */
export interface Overview {
  total_users: number;
  total_providers: number;
  total_consumers: number;
  total_workers: number;
  online_workers: number;
  total_leases: number;
  active_leases: number;
  platform_revenue: number;
}

/** An item of `GET /api/overview/activity`. */
export interface ActivityEvent {
  type: "block" | "lease_started" | "lease_completed";
  timestamp: number;
  details: { worker_id: string; lease_id: string; consumer_id?: string; hash?: string; blocks_found?: number };
}

/** `GET /api/provider/dashboard`. */
export interface ProviderFigures {
  worker_count: number;
  total_earned: number;
  active_leases: number;
  total_blocks_mined: number;
  avg_hashrate: number;
}

/** An item of `GET /api/provider/workers`. */
export interface OwnedWorker {
  worker_id: string;
  state: string;
  online: boolean;
  hashrate: number;
  gpu_name: string;
  memory_gb: number;
  price_per_min: number;
  self_blocks_found: number;
  total_online_sec: number;
}

/** `GET /api/workers/{id}/pricing`. */
export interface Pricing {
  price_per_min: number;
  min_duration_sec: number;
  max_duration_sec: number;
}

/** `GET /api/simulator`. */
export interface SimulatorState {
  /** Whether this page may start and stop simulated workers. */
  available: boolean;
  workers: number;
}

/** `GET /chain/stats`. */
export interface ChainStats {
  total_blocks: number;
  normal_blocks: number;
  super_blocks: number;
  xuni_blocks: number;
  difficulty: number;
  unique_miners: number;
}

/** `GET /getblocks/lastblock`, oldest first. */
export interface ChainBlock {
  block_id: number;
  account: string;
  key: string;
  hash_to_verify: string;
  block_type: string;
  attempts: number;
  hashes_per_second: string;
  worker: string;
  timestamp: number;
}

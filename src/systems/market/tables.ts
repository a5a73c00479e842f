import { defineSqliteTables } from "../../platform/database";

/** Who takes part; keys and constraints stand in the migration (docs/market.md, Storage). */
const parties = defineSqliteTables(({ table, id, text, integer, int64, real, json }) => ({
  accounts: table("market_accounts", {
    seq: id("seq"),
    accountId: text("account_id").notNull(),
    role: text("role", { enum: ["provider", "consumer", "outside"] }).notNull(),
    ethAddress: text("eth_address").notNull(),
    addressProof: text("address_proof", { enum: ["claimed", "worker", "signed"] }).notNull(),
    balance: int64("balance").notNull(),
    keyVersion: integer("key_version").notNull(),
    createdAt: integer("created_at").notNull(),
  }),
  apiKeys: table("market_api_keys", {
    keyHash: text("key_hash").notNull(),
    accountId: text("account_id").notNull(),
  }),
  journal: table("market_journal", {
    seq: id("seq"),
    accountId: text("account_id").notNull(),
    kind: text("kind").notNull(),
    amount: int64("amount").notNull(),
    referenceId: text("reference_id").notNull(),
    createdAt: integer("created_at").notNull(),
  }),
  workers: table("market_workers", {
    seq: id("seq"),
    workerId: text("worker_id").notNull(),
    ethAddress: text("eth_address").notNull(),
    gpuCount: integer("gpu_count").notNull(),
    totalMemoryGb: real("total_memory_gb").notNull(),
    gpus: json<unknown[]>("gpus").notNull(),
    version: text("version").notNull(),
    state: text("state").notNull(),
    pricePerMin: int64("price_per_min").notNull(),
    minDurationSec: integer("min_duration_sec").notNull(),
    maxDurationSec: integer("max_duration_sec").notNull(),
    registeredAt: integer("registered_at").notNull(),
    selfBlocksFound: integer("self_blocks_found").notNull(),
    selfBlocksVerified: integer("self_blocks_verified").notNull(),
    verifiedBlocks: integer("verified_blocks").notNull(),
    totalLeases: integer("total_leases").notNull(),
    completedLeases: integer("completed_leases").notNull(),
  }),
}));

/** What they do with each other. */
const dealings = defineSqliteTables(({ table, id, text, integer, int64, real, boolean }) => ({
  leases: table("market_leases", {
    seq: id("seq"),
    leaseId: text("lease_id").notNull(),
    workerId: text("worker_id").notNull(),
    consumerId: text("consumer_id").notNull(),
    consumerAddress: text("consumer_address").notNull(),
    prefix: text("prefix").notNull(),
    durationSec: integer("duration_sec").notNull(),
    pricePerMin: int64("price_per_min").notNull(),
    state: text("state", { enum: ["active", "completed", "cancelled"] }).notNull(),
    createdAt: integer("created_at").notNull(),
    endedAt: integer("ended_at"),
    blocksFound: integer("blocks_found").notNull(),
    hashrateSum: real("hashrate_sum").notNull(),
    hashrateCount: integer("hashrate_count").notNull(),
    beganAt: integer("began_at"),
    budget: int64("budget"),
    reserved: int64("reserved").notNull(),
    endReason: text("end_reason", { enum: ["stopped", "expired", "funds", "failed"] }),
  }),
  gaps: table("market_lease_gaps", {
    leaseId: text("lease_id").notNull(),
    beganAt: integer("began_at").notNull(),
    endedAt: integer("ended_at"),
    reason: text("reason", { enum: ["starting", "offline", "silent", "error", "idle"] }).notNull(),
  }),
  blocks: table("market_blocks", {
    seq: id("seq"),
    leaseId: text("lease_id").notNull(),
    workerId: text("worker_id").notNull(),
    blockHash: text("block_hash").notNull(),
    key: text("key").notNull(),
    account: text("account").notNull(),
    attempts: integer("attempts").notNull(),
    hashrate: text("hashrate").notNull(),
    prefixValid: boolean("prefix_valid").notNull(),
    chainVerified: boolean("chain_verified").notNull(),
    chainBlockId: integer("chain_block_id"),
    createdAt: integer("created_at").notNull(),
  }),
  settlements: table("market_settlements", {
    seq: id("seq"),
    leaseId: text("lease_id").notNull(),
    consumerId: text("consumer_id").notNull(),
    workerId: text("worker_id").notNull(),
    durationMs: integer("duration_ms").notNull(),
    blocksFound: integer("blocks_found").notNull(),
    totalCost: int64("total_cost").notNull(),
    providerPayout: int64("provider_payout").notNull(),
    platformFee: int64("platform_fee").notNull(),
    settledAt: integer("settled_at").notNull(),
  }),
}));

/** What the market keeps for itself: messages to be sent, and what wallets had. */
const records = defineSqliteTables(({ table, id, text, integer, int64, real }) => ({
  idempotency: table("market_idempotency", {
    scope: text("scope").notNull(),
    fingerprint: text("fingerprint").notNull(),
    answer: text("answer").notNull(),
    createdAt: integer("created_at").notNull(),
  }),
  outbox: table("market_outbox", {
    seq: id("seq"),
    topic: text("topic").notNull(),
    payload: text("payload").notNull(),
    createdAt: integer("created_at").notNull(),
  }),
  walletSnapshots: table("market_wallet_snapshots", {
    seq: id("seq"),
    ethAddress: text("eth_address").notNull(),
    interval: text("interval", { enum: ["hourly", "daily"] }).notNull(),
    createdAt: integer("created_at").notNull(),
    totalHashrate: real("total_hashrate").notNull(),
    onlineWorkers: integer("online_workers").notNull(),
    totalWorkers: integer("total_workers").notNull(),
    blocksFound: integer("blocks_found").notNull(),
    cumulativeBlocks: integer("cumulative_blocks").notNull(),
    earnings: int64("earnings").notNull(),
  }),
}));

/** The market's tables in the main file. */
export const tables = { ...parties, ...dealings, ...records };

/** The market's tables in the file of samples, which may be lost. */
export const sampleTables = defineSqliteTables(({ table, id, text, integer, real }) => ({
  workers: table("market_worker_figures", {
    workerId: text("worker_id").primaryKey(),
    hashrate: real("hashrate").notNull(),
    activeGpus: integer("active_gpus").notNull(),
    lastHeartbeat: integer("last_heartbeat").notNull(),
    totalOnlineMs: integer("total_online_ms").notNull(),
    lastOnlineAt: integer("last_online_at"),
  }),
  leases: table("market_lease_figures", {
    leaseId: text("lease_id").primaryKey(),
    hashrateSum: real("hashrate_sum").notNull(),
    hashrateCount: integer("hashrate_count").notNull(),
  }),
  snapshots: table("market_hashrate_snapshots", {
    seq: id("seq"),
    workerId: text("worker_id").notNull(),
    hashrate: real("hashrate").notNull(),
    activeGpus: integer("active_gpus").notNull(),
    createdAt: integer("created_at").notNull(),
  }),
}));

export type AccountRow = typeof tables.accounts.$inferSelect;
export type JournalRow = typeof tables.journal.$inferSelect;
export type WorkerRow = typeof tables.workers.$inferSelect;
export type LeaseRow = typeof tables.leases.$inferSelect;
export type BlockRow = typeof tables.blocks.$inferSelect;
export type SettlementRow = typeof tables.settlements.$inferSelect;
export type OutboxRow = typeof tables.outbox.$inferSelect;
export type WalletSnapshotRow = typeof tables.walletSnapshots.$inferSelect;
export type HashrateSnapshotRow = typeof sampleTables.snapshots.$inferSelect;

import { roundHalfEven } from "../../../numeric/rounding";
import { costOf } from "../rules/billing";
import { type Nano, shownXnm, xnmOf } from "../rules/money";
import { type Gap, spansOf } from "../rules/work";
import type {
  BlockAnswer,
  LeaseAnswer,
  SettlementAnswer,
  StartedLease,
  StoppedLease,
  WholeLease,
} from "../schema/leases";
import type { NewLease, Settlement } from "../store/leases";
import type { BlockRow, LeaseRow } from "../tables";

export type { NewLease } from "../store/leases";

/** Leases, settlements and blocks as the routes tell them (docs/market.md, Leases and Blocks). */

/** A lease that has just begun, as its consumer gets it. */
export function startedLease(lease: NewLease, warning?: string): StartedLease {
  return {
    lease_id: lease.leaseId,
    worker_id: lease.workerId,
    prefix: lease.prefix,
    duration_sec: lease.durationSec,
    consumer_id: lease.consumerId,
    consumer_address: lease.consumerAddress,
    created_at: lease.createdAt / 1000,
    price_per_min: xnmOf(lease.pricePerMin),
    max_cost: xnmOf(maxCostOf(lease)),
    budget: lease.budget === null ? null : xnmOf(lease.budget),
    ...(warning !== undefined && { warning }),
  };
}

/** The most that a lease can cost. */
export function maxCostOf({ pricePerMin, durationSec, budget }: NewLease): Nano {
  const cost = costOf(pricePerMin, durationSec * 1000);
  return budget !== null && budget < cost ? budget : cost;
}

/** A lease in a list; `told` are the hash rates of one that still runs. */
export function listedLease(
  lease: LeaseRow,
  told: { hashrateSum: number; hashrateCount: number } | undefined,
  nowMs: number,
): LeaseAnswer {
  const { hashrateSum, hashrateCount } = told ?? lease;
  return {
    lease_id: lease.leaseId,
    worker_id: lease.workerId,
    consumer_id: lease.consumerId,
    consumer_address: lease.consumerAddress,
    prefix: lease.prefix,
    duration_sec: lease.durationSec,
    state: lease.state,
    created_at: lease.createdAt / 1000,
    ended_at: lease.endedAt === null ? null : lease.endedAt / 1000,
    blocks_found: lease.blocksFound,
    avg_hashrate: hashrateCount === 0 ? 0 : hashrateSum / hashrateCount,
    elapsed_sec: Math.max(0, (lease.endedAt ?? nowMs) - lease.createdAt) / 1000,
    price_per_sec: xnmOf(lease.pricePerMin) / 60,
    reason: lease.endReason,
    began_at: lease.beganAt === null ? null : lease.beganAt / 1000,
    budget: lease.budget === null ? null : xnmOf(lease.budget),
  };
}

/** The times of a lease that are billed and those that are not, so far. */
export function leaseSpans({ createdAt, endedAt }: LeaseRow, gaps: readonly Gap[], nowMs: number): WholeLease["spans"] {
  return spansOf(createdAt, endedAt ?? Math.max(createdAt, nowMs), gaps).map(({ fromMs, toMs, unbilledFor }) => ({
    from: fromMs / 1000,
    to: toMs / 1000,
    billed: unbilledFor === null,
    reason: unbilledFor,
  }));
}

export function settlementRecord(settlement: Settlement): SettlementAnswer {
  return {
    lease_id: settlement.leaseId,
    consumer_id: settlement.consumerId,
    worker_id: settlement.workerId,
    duration_sec: roundHalfEven(settlement.durationMs / 1000, 2),
    blocks_found: settlement.blocksFound,
    total_cost: shownXnm(settlement.totalCost),
    provider_payment: shownXnm(settlement.providerPayout),
    platform_fee: shownXnm(settlement.platformFee),
  };
}

/** The answer to the end of a lease. */
export function stoppedLease(settlement: Settlement): StoppedLease {
  return {
    lease_id: settlement.leaseId,
    state: "completed",
    blocks_found: settlement.blocksFound,
    settlement: settlementRecord(settlement),
  };
}

export function blockRecord(block: Omit<BlockRow, "seq">): BlockAnswer {
  return {
    lease_id: block.leaseId,
    worker_id: block.workerId,
    hash: block.blockHash,
    key: block.key,
    account: block.account,
    attempts: block.attempts,
    hashrate: block.hashrate,
    prefix_valid: block.prefixValid,
    chain_verified: block.chainVerified,
    chain_block_id: block.chainBlockId,
    timestamp: block.createdAt / 1000,
  };
}

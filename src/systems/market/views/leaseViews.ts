import { roundHalfEven } from "../../../numeric/rounding";
import type { HashrateSum } from "../dealings/settlement";
import { shownXnm, xnmOf } from "../rules/money";
import type { BlockAnswer, LeaseAnswer, SettlementAnswer, StartedLease, StoppedLease } from "../schema/leases";
import type { NewLease, Settlement } from "../store/leases";
import type { BlockRow, LeaseRow } from "../tables";

/** Leases, settlements and blocks as the routes tell them (docs/market.md, Leases and Blocks). */

/** A lease that has just begun, as its consumer gets it. */
export function startedLease(lease: NewLease): StartedLease {
  return {
    lease_id: lease.leaseId,
    worker_id: lease.workerId,
    prefix: lease.prefix,
    duration_sec: lease.durationSec,
    consumer_id: lease.consumerId,
    consumer_address: lease.consumerAddress,
    created_at: lease.createdAt / 1000,
  };
}

/** A lease in a list; `told` are the hash rates of one that still runs. */
export function listedLease(lease: LeaseRow, told: HashrateSum | undefined, nowMs: number): LeaseAnswer {
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
    elapsed_sec: ((lease.endedAt ?? nowMs) - lease.createdAt) / 1000,
    price_per_sec: xnmOf(lease.pricePerMin) / 60,
  };
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

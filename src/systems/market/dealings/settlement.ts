import type { SqliteHandle } from "../../../platform/database";
import { TREASURY_ID } from "../rules/accountIds";
import { billOf, endOf } from "../rules/billing";
import { isWorkerState, stateAfterLease, type WorkerState } from "../rules/workerState";
import { addSettlement, endLease, type Settlement } from "../store/leases";
import { balanceOf, post } from "../store/ledger";
import { addMessage, type Message } from "../store/outbox";
import { findWorker, growRecord, saveState } from "../store/workers";
import type { LeaseRow } from "../tables";
import { taskTopic } from "../workers/topics";

/** What is to be told when the end of a lease is on the disk. */
export interface LeaseOutcome {
  settlement: Settlement;
  workerState: WorkerState;
  /** The release for the worker. */
  message: Message & { seq: number };
}

/** The hash rates that were told during a lease. */
export interface HashrateSum {
  hashrateSum: number;
  hashrateCount: number;
}

/**
 * Ends an active lease and settles it, in one transaction with the worker's state and the release that is to be sent
 * (docs/market.md, Settlement).
 */
export function endAndSettle(
  db: SqliteHandle,
  lease: LeaseRow,
  told: HashrateSum | undefined,
  nowMs: number,
): LeaseOutcome {
  const { leaseId, workerId } = lease;
  const endedAt = endOf({ ...lease, createdAtMs: lease.createdAt }, nowMs);
  endLease(db, { leaseId, endedAt, hashrateSum: told?.hashrateSum ?? 0, hashrateCount: told?.hashrateCount ?? 0 });
  const settlement = settle(db, { ...lease, endedAt }, nowMs);
  const current = findWorker(db, workerId)?.state;
  const workerState = stateAfterLease(isWorkerState(current) ? current : "AVAILABLE");
  saveState(db, workerId, workerState);
  growRecord(db, workerId, { completedLeases: 1 });
  const message = { topic: taskTopic(workerId), payload: JSON.stringify({ command: "release", lease_id: leaseId }) };
  return { settlement, workerState, message: { ...message, seq: addMessage(db, message, nowMs) } };
}

/** Charges the consumer of an ended lease and pays provider and treasury. */
export function settle(db: SqliteHandle, lease: LeaseRow & { endedAt: number }, nowMs: number): Settlement {
  const { leaseId, consumerId, workerId, blocksFound, endedAt } = lease;
  const bill = billOf({ ...lease, createdAtMs: lease.createdAt }, endedAt, balanceOf(db, consumerId));
  const settlement = {
    leaseId,
    consumerId,
    workerId,
    durationMs: bill.billedMs,
    blocksFound,
    totalCost: bill.total,
    providerPayout: bill.payout,
    platformFee: bill.fee,
    settledAt: nowMs,
  };
  addSettlement(db, settlement);
  const lines = [
    { accountId: consumerId, kind: "lease_charge" as const, amount: -bill.total },
    { accountId: workerId, kind: "provider_payout" as const, amount: bill.payout },
    { accountId: TREASURY_ID, kind: "platform_fee" as const, amount: bill.fee },
  ];
  post(db, lines, leaseId, nowMs);
  return settlement;
}

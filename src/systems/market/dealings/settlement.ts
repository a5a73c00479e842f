import type { SqliteHandle } from "../../../platform/database";
import type { ActiveLease } from "../live/state";
import { TREASURY_ID } from "../rules/accountIds";
import { billOf, endOf } from "../rules/billing";
import { billedMs, lastGap } from "../rules/work";
import { isWorkerState, stateAfterLease, type WorkerState } from "../rules/workerState";
import { removeGap, saveGap } from "../store/gaps";
import { addSettlement, type EndReason, endLease, type Settlement } from "../store/leases";
import { balanceOf, post } from "../store/ledger";
import { addMessage, type Message } from "../store/outbox";
import { findWorker, growRecord, saveState } from "../store/workers";
import type { LeaseRow } from "../tables";
import { releaseOf } from "../workers/tasks";

/** What is to be told when the end of a lease is on the disk. */
export interface LeaseOutcome {
  settlement: Settlement;
  workerState: WorkerState;
  /** False for a lease whose worker never began. */
  completed: boolean;
  reason: EndReason;
  /** The release for the worker. */
  message: Message & { seq: number };
}

/** How a lease ends. */
export interface Ending {
  reason: EndReason;
  /** What is known of it in memory: hash rates that were told, and the work that was seen. */
  running: ActiveLease | undefined;
}

/**
 * Ends an active lease and settles it, in one transaction with the worker's state and the release that is to be sent
 * (docs/market.md, Settlement).
 */
export function endAndSettle(db: SqliteHandle, lease: LeaseRow, ending: Ending, nowMs: number): LeaseOutcome {
  const { leaseId, workerId } = lease;
  const { running, reason } = ending;
  const endedAt = endOf({ ...lease, createdAtMs: lease.createdAt }, nowMs);
  const completed = reason !== "failed";
  endLease(db, {
    leaseId,
    state: completed ? "completed" : "cancelled",
    endReason: reason,
    endedAt,
    hashrateSum: running?.hashrateSum ?? 0,
    hashrateCount: running?.hashrateCount ?? 0,
  });
  const work = running?.work;
  const gap = work && lastGap(work, endedAt);
  if (gap !== undefined) saveGap(db, leaseId, gap);
  else if (work?.openGap) removeGap(db, leaseId, work.openGap.beganAtMs);
  const ended = { ...lease, endedAt };
  const settlement = settle(db, ended, work === undefined ? elapsedOf(ended) : billedMs(work, endedAt), nowMs);
  const current = findWorker(db, workerId)?.state;
  const workerState = stateAfterLease(isWorkerState(current) ? current : "AVAILABLE");
  saveState(db, workerId, workerState);
  growRecord(db, workerId, { completedLeases: Number(completed) });
  const message = releaseOf(lease);
  const seq = addMessage(db, message, nowMs);
  return { settlement, workerState, completed, reason, message: { ...message, seq } };
}

/** How long an ended lease ran. */
export function elapsedOf({ createdAt, endedAt }: LeaseRow & { endedAt: number }): number {
  return Math.max(0, endedAt - createdAt);
}

/** Charges the consumer of an ended lease for so much work, and pays provider and treasury. */
export function settle(db: SqliteHandle, lease: LeaseRow, workedMs: number, nowMs: number): Settlement {
  const { leaseId, consumerId, workerId, blocksFound, budget } = lease;
  const balance = balanceOf(db, consumerId);
  const most = budget !== null && budget < balance ? budget : balance;
  const bill = billOf(lease.pricePerMin, workedMs, most);
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

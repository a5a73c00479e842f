import { costOf } from "./billing";
import type { Nano } from "./money";
import { billedMs, lastGap, type WorkLog } from "./work";

/** A lease that runs, as far as its end depends on it. */
export interface Running {
  pricePerMin: Nano;
  budget: Nano | null;
  expiresAtMs: number;
  work: WorkLog;
}

const LOW_NUMERATOR = 9n;
const LOW_DENOMINATOR = 10n;

/**
 * Why a lease ends by now, or undefined while it goes on: its time is over, its worker has not begun within
 * `startWithinMs`, or its budget is used up (docs/market.md, Leases).
 */
export function endReason(
  lease: Running,
  startWithinMs: number,
  nowMs: number,
): "expired" | "failed" | "funds" | undefined {
  const { work, budget, expiresAtMs } = lease;
  if (expiresAtMs < nowMs) {
    return work.beganAtMs === null && lastGap(work, expiresAtMs) !== undefined ? "failed" : "expired";
  }
  if (work.beganAtMs === null && nowMs - work.createdAtMs >= startWithinMs) return "failed";
  return budget !== null && costSoFar(lease, nowMs) >= budget ? "funds" : undefined;
}

/** Whether a tenth of a budget or less is left. */
export function isLow(lease: Running, nowMs: number): boolean {
  const { budget } = lease;
  return budget !== null && costSoFar(lease, nowMs) * LOW_DENOMINATOR >= budget * LOW_NUMERATOR;
}

/** What a lease would cost if it ended now. */
export function costSoFar({ pricePerMin, work, expiresAtMs }: Running, nowMs: number): Nano {
  return costOf(pricePerMin, billedMs(work, Math.min(nowMs, expiresAtMs)));
}

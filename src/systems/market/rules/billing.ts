import { divideHalfEven } from "../../../numeric/rounding";
import type { Nano } from "./money";

const MS_PER_MIN = 60_000n;
const PROVIDER_PERCENT = 95n;

export interface LeaseTerms {
  createdAtMs: number;
  durationSec: number;
  /** The rate that was agreed when the lease began; later price changes do not touch it. */
  pricePerMin: Nano;
}

/** What an ended lease costs and who receives it; `payout + fee = total`, exactly. */
export interface Bill {
  billedMs: number;
  total: Nano;
  payout: Nano;
  fee: Nano;
}

/** When a lease that ends now ended: never after the time that was bought, however late it is noticed. */
export function endOf({ createdAtMs, durationSec }: LeaseTerms, nowMs: number): number {
  return Math.max(createdAtMs, Math.min(nowMs, createdAtMs + durationSec * 1000));
}

/** The bill for so much work; a consumer never pays more than `most` (docs/market.md, Billing). */
export function billOf(pricePerMin: Nano, billedMs: number, most: Nano): Bill {
  const cost = costOf(pricePerMin, billedMs);
  const payable = most > 0n ? most : 0n;
  const total = cost < payable ? cost : payable;
  const payout = divideHalfEven(total * PROVIDER_PERCENT, 100n);
  return { billedMs, total, payout, fee: total - payout };
}

/** The price of `elapsedMs` at a rate per minute, to the nearest 1e-9 XNM. */
export function costOf(pricePerMin: Nano, elapsedMs: number): Nano {
  return divideHalfEven(pricePerMin * BigInt(elapsedMs), MS_PER_MIN);
}

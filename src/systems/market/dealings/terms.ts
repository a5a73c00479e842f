import type { SqliteHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import { addressFault } from "../identity/addresses";
import type { Mode } from "../rights";
import { costOf } from "../rules/billing";
import type { Nano } from "../rules/money";
import { durationWarning } from "../rules/pricing";
import type { Account } from "../store/accounts";
import type { NewLease } from "../store/leases";
import { mustHave, uncommitted } from "./accounts";

/** What a lease is asked for, beside its worker. */
export interface TermsRequest {
  consumerAddress: string;
  durationSec: number;
  /** The most that it may cost; undefined for its whole time. */
  budget?: Nano | undefined;
}

export interface Terms {
  consumerAddress: string;
  budget: Nano | null;
  /** Set aside of the consumer's balance as long as the lease runs. */
  reserved: Nano;
}

interface Offer {
  pricePerMin: Nano;
  minDurationSec: number;
  maxDurationSec: number;
}

/**
 * What a lease is made for: where its coins go, what it may cost and what is set aside for that. A closed market holds
 * to the worker's shortest time and to addresses that are some (docs/market.md, Renting).
 * @throws RequestError 400
 */
export function termsOf(
  db: SqliteHandle,
  request: TermsRequest,
  offer: Offer,
  consumer: Account,
  { mode, requireFunds }: { mode: Mode; requireFunds: boolean },
): Terms {
  const { durationSec, budget } = request;
  const consumerAddress = request.consumerAddress || consumer.ethAddress;
  const fault = durationWarning(offerOf(offer), durationSec) ?? addressFault(consumerAddress);
  if (mode === "closed" && fault !== undefined) throw new RequestError(400, fault);
  if (budget !== undefined && budget <= 0n) throw new RequestError(400, "budget must be positive");
  const cost = costOf(offer.pricePerMin, durationSec * 1000);
  const reserved = reservedFor(cost, budget, requireFunds);
  if (reserved > 0n) mustHave(uncommitted(db, consumer), reserved);
  return { consumerAddress, budget: budget ?? null, reserved };
}

/** What is set aside: the whole cost, or the budget where that is less; nothing where nobody asked for either. */
export function reservedFor(cost: Nano, budget: Nano | undefined, requireFunds: boolean): Nano {
  if (budget !== undefined) return budget < cost ? budget : cost;
  return requireFunds ? cost : 0n;
}

/** What an open market only warns of. */
export function warningOn(
  { durationSec, consumerAddress }: Pick<NewLease, "durationSec" | "consumerAddress">,
  limits: Pick<Offer, "minDurationSec" | "maxDurationSec">,
): string | undefined {
  const address = consumerAddress === "" ? undefined : addressFault(consumerAddress);
  return durationWarning(offerOf(limits), durationSec) ?? address;
}

function offerOf({ minDurationSec, maxDurationSec }: Pick<Offer, "minDurationSec" | "maxDurationSec">) {
  return { pricePerMin: 0, minDurationSec, maxDurationSec };
}

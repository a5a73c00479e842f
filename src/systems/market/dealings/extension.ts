import { RequestError } from "../../../platform/errors";
import { demand, type Principal } from "../rights";
import { costOf } from "../rules/billing";
import type { Nano } from "../rules/money";
import { findLease, saveTerms } from "../store/leases";
import { findWorker } from "../store/workers";
import type { LeaseRow } from "../tables";
import { mustFind, mustHave, uncommitted } from "./accounts";
import type { LeasesOptions } from "./leaseOptions";
import { type OnceKey, once } from "./once";
import { reservedFor } from "./terms";

/** What a running lease gets more of. */
export interface Extension {
  /** Seconds more; 0 for money alone. */
  addedSec: number;
  /** The budget of the whole lease from now on; undefined leaves it as it is. */
  budget: Nano | undefined;
}

/**
 * Makes a lease that runs longer, or gives it more money, at the price that was agreed. Its miner ends it by its own
 * clock and is then given the task again for the time that is left (docs/market.md, Outbox).
 * @throws RequestError 400, 401, 403, 404
 */
export async function extend(
  options: LeasesOptions,
  leaseId: string,
  extension: Extension,
  who: Principal,
  key: OnceKey | undefined,
): Promise<LeaseRow> {
  const { database, clock, live, mode, requireFunds } = options;
  const result = await database.transact((db) => {
    const lease = findLease(db, leaseId);
    if (lease?.state !== "active") throw new RequestError(404, "Lease not found or not active");
    demand("extend a lease", who, who.role === "consumer" && who.accountId === lease.consumerId, mode);
    return once(
      db,
      key,
      clock.now(),
      () => {
        const durationSec = lease.durationSec + extension.addedSec;
        const longestSec = findWorker(db, lease.workerId)?.maxDurationSec ?? 0;
        if (durationSec > longestSec) throw new RequestError(400, `Duration above maximum (${longestSec}s)`);
        const budget = extension.budget ?? lease.budget ?? undefined;
        if (budget !== undefined && budget <= 0n) throw new RequestError(400, "budget must be positive");
        const cost = costOf(lease.pricePerMin, durationSec * 1000);
        const reserved = reservedFor(cost, budget, requireFunds);
        if (reserved > lease.reserved) {
          mustHave(uncommitted(db, mustFind(db, lease.consumerId)), reserved - lease.reserved);
        }
        const next = { ...lease, durationSec, budget: budget ?? null, reserved };
        saveTerms(db, next);
        return next;
      },
      () => leaseId,
    );
  });
  if ("before" in result) return database.read((db) => findLease(db, leaseId))!;
  live.leaseExtended(result.done);
  return result.done;
}

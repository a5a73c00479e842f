import { isUniqueViolation, type SqliteDatabase, type SqliteHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import type { LiveState } from "../live/state";
import { demand, type Principal } from "../rights";
import { endOf } from "../rules/billing";
import { costSoFar, endReason, isLow } from "../rules/ends";
import type { Wish } from "../rules/matching";
import { type Nano, xnmOf } from "../rules/money";
import { sameAddress } from "../rules/worker";
import {
  addLease,
  type EndReason,
  findLease,
  findSettlement,
  type NewLease,
  type Settlement,
  unsettledLeases,
} from "../store/leases";
import { addMessage, type Message } from "../store/outbox";
import { removeLeaseSample } from "../store/samples";
import { growRecord, saveState } from "../store/workers";
import type { LeaseRow, WorkerRow } from "../tables";
import { leaseSampleKey } from "../workers/heartbeats";
import { taskOf } from "../workers/tasks";
import { mustFind } from "./accounts";
import { type Extension, extend } from "./extension";
import type { LeaseIds, LeasesOptions } from "./leaseOptions";
import { chooseWorker } from "./matching";
import { type OnceKey, once } from "./once";
import { elapsedOf, endAndSettle, settle } from "./settlement";
import { type TermsRequest, termsOf } from "./terms";

/** What every worker of an order is rented for. */
export interface RentRequest extends TermsRequest, Omit<Wish, "workerId"> {
  consumerId: string;
  /** Null takes any. */
  workerId: string | null;
  /** The price per minute that an estimate has promised for this worker. */
  quotedPrice?: Nano | undefined;
}

/** Several workers on the same terms, all or none. */
export interface OrderRequest extends Omit<RentRequest, "workerId"> {
  /** One lease for each; null takes any. */
  workerIds: readonly (string | null)[];
}

export interface Leases {
  /** @throws RequestError 400, 401, 403, 404 (docs/market.md, Leases). */
  rent(request: RentRequest, who: Principal, key?: OnceKey): Promise<NewLease>;
  /** The same for several workers in one transaction. */
  order(request: OrderRequest, who: Principal, key?: OnceKey): Promise<NewLease[]>;
  /** @throws RequestError 401, 403, 404; nothing has changed then. */
  stop(leaseId: string, who: Principal, key?: OnceKey): Promise<Settlement>;
  /** Adds time, and money where that is asked for. @throws RequestError 400, 401, 403, 404 */
  extend(leaseId: string, extension: Extension, who: Principal, key?: OnceKey): Promise<LeaseRow>;
  /** Ends and settles every lease that is due, and tells of budgets that run low. Gives the number of ends. */
  endDue(): Promise<number>;
  /** Settles leases that ended without it, as a file of another version may hold. */
  settleLeftovers(): Promise<number>;
}

const MAX_PREFIX_TRIES = 3;

/** Renting, stopping and expiry; each is one transaction, told to the worker when it is on the disk. */
export function createLeases(options: LeasesOptions): Leases {
  const { database, clock, live, mode } = options;
  /** Workers whose lease is decided on but not yet on the disk. */
  const taken = new Set<string>();

  const order = orderer(options, taken);
  const end = ender(options);

  /** A consumer may meanwhile have stopped it. */
  async function endDueLease(leaseId: string, reason: EndReason): Promise<void> {
    try {
      await end(leaseId, reason, () => undefined);
    } catch (error) {
      if (!(error instanceof RequestError && error.status === 404)) throw error;
    }
  }

  return {
    order,
    async rent({ workerId, ...request }, who, key) {
      const [lease] = await order({ ...request, workerIds: [workerId] }, who, key);
      return lease!;
    },
    stop: (leaseId, who, key) =>
      end(leaseId, "stopped", (lease) => demand("stop a lease", who, isParty(who, lease, live), mode), key),
    extend: (leaseId, extension, who, key) => extend(options, leaseId, extension, who, key),
    async endDue() {
      const nowMs = clock.now();
      tellLow(options, nowMs);
      const due = [...live.activeLeases.values()].flatMap((lease) => {
        const reason = endReason(lease, options.startWithinMs, nowMs);
        return reason === undefined ? [] : [endDueLease(lease.leaseId, reason)];
      });
      await Promise.all(due);
      return due.length;
    },
    async settleLeftovers() {
      const settlements = await database.transact((db) => settleUnsettled(db, clock.now()));
      for (const { platformFee } of settlements) live.leftoverSettled(platformFee);
      return settlements.length;
    },
  };
}

/** Renting: one transaction for all workers of an order. */
function orderer(options: LeasesOptions, taken: Set<string>): Leases["order"] {
  const { database, clock, live, outbox, mode } = options;
  return async (request, who, key) => {
    if (request.consumerId === "") {
      throw new RequestError(400, "consumer_id required (provide in body or authenticate)");
    }
    demand("rent", who, who.role === "consumer" && who.accountId === request.consumerId, mode);
    const chosen: string[] = [];
    try {
      const result = await database.transact((db) =>
        once(
          db,
          key,
          clock.now(),
          () => startLeases(db, request, taken, chosen, options),
          (started) => started.map(({ lease }) => lease.leaseId).join(" "),
        ),
      );
      if ("before" in result) return result.before.split(" ").map((leaseId) => mustFindLease(database, leaseId));
      for (const { lease, message } of result.done) {
        live.leaseStarted(lease);
        outbox.send({ ...message, workerId: lease.workerId });
      }
      return result.done.map(({ lease }) => lease);
    } finally {
      for (const workerId of chosen) taken.delete(workerId);
    }
  };
}

/** Ending a lease, for whatever reason. */
function ender({ database, clock, live, outbox, feed }: LeasesOptions) {
  return async (
    leaseId: string,
    reason: EndReason,
    check: (lease: NewLease) => void,
    key?: OnceKey,
  ): Promise<Settlement> => {
    const result = await database.transact((db) =>
      once(
        db,
        key,
        clock.now(),
        () => {
          const lease = findLease(db, leaseId);
          if (lease?.state !== "active") throw new RequestError(404, "Lease not found or not active");
          check(lease);
          return endAndSettle(db, lease, { reason, running: live.activeLeases.get(leaseId) }, clock.now());
        },
        () => leaseId,
      ),
    );
    if ("before" in result) return database.read((db) => findSettlement(db, result.before))!;
    const { settlement, workerState, completed, message } = result.done;
    live.leaseEnded({ leaseId, workerId: settlement.workerId, completed }, workerState, settlement.platformFee);
    database.samples.record((db) => removeLeaseSample(db, leaseId), leaseSampleKey(leaseId));
    outbox.send({ ...message, workerId: settlement.workerId });
    feed.publish("lease_ended", {
      lease_id: leaseId,
      worker_id: settlement.workerId,
      consumer_id: settlement.consumerId,
      reason,
    });
    return settlement;
  };
}

/** Tells of budgets of which a tenth or less is left, each once. */
function tellLow({ live, feed }: LeasesOptions, nowMs: number): void {
  for (const lease of live.activeLeases.values()) {
    if (lease.lowTold || !isLow(lease, nowMs)) continue;
    lease.lowTold = true;
    feed.publish("lease_low", {
      lease_id: lease.leaseId,
      worker_id: lease.workerId,
      consumer_id: lease.consumerId,
      budget: xnmOf(lease.budget ?? 0n),
      cost: xnmOf(costSoFar(lease, nowMs)),
    });
  }
}

function mustFindLease(database: SqliteDatabase, leaseId: string): LeaseRow {
  const lease = database.read((db) => findLease(db, leaseId));
  if (lease === undefined) throw new RequestError(404, "Lease not found");
  return lease;
}

function settleUnsettled(db: SqliteHandle, nowMs: number): Settlement[] {
  return unsettledLeases(db).map((lease) => {
    const ended = { ...lease, endedAt: leftoverEnd(lease) };
    return settle(db, ended, elapsedOf(ended), nowMs);
  });
}

/** An end that a clock set back has put before the beginning, or that is missing, costs nothing; none is overrun. */
function leftoverEnd(lease: LeaseRow): number {
  return endOf({ ...lease, createdAtMs: lease.createdAt }, lease.endedAt ?? lease.createdAt);
}

/** The consumer of a lease, or the provider of its worker: its account, or the wallet whose address it has. */
function isParty(who: Principal, { consumerId, workerId }: NewLease, { workers }: Pick<LiveState, "workers">): boolean {
  if (who.role === "consumer") return who.accountId === consumerId;
  if (who.role !== "provider") return false;
  const address = workers.get(workerId)?.ethAddress ?? "";
  return who.accountId === workerId || (who.wallet !== undefined && sameAddress(address, who.wallet));
}

interface StartedLease {
  lease: NewLease;
  message: Message & { seq: number };
}

/** One lease for each worker that is asked for. @throws RequestError for the first that cannot be. */
function startLeases(
  db: SqliteHandle,
  request: OrderRequest,
  taken: Set<string>,
  chosen: string[],
  options: LeasesOptions,
): StartedLease[] {
  const consumer = mustFind(db, request.consumerId);
  const busy = new Set(taken);
  return request.workerIds.map((workerId) => {
    const worker = chooseWorker(db, { ...request, workerId }, busy, options);
    chosen.push(worker.workerId);
    taken.add(worker.workerId);
    const offer = { ...worker, pricePerMin: request.quotedPrice ?? worker.pricePerMin };
    const terms = termsOf(db, request, offer, consumer, options);
    return startLease(
      db,
      { ...terms, consumerId: consumer.accountId, durationSec: request.durationSec },
      offer,
      options,
    );
  });
}

function startLease(
  db: SqliteHandle,
  terms: Pick<NewLease, "consumerId" | "consumerAddress" | "durationSec" | "budget" | "reserved">,
  { workerId, pricePerMin }: WorkerRow,
  { clock, ids, live }: LeasesOptions,
): StartedLease {
  const createdAt = clock.now();
  const beganAt = live.billOffline ? createdAt : null;
  const lease = addWithFreshPrefix(
    db,
    { ...terms, workerId, pricePerMin, createdAt, beganAt, leaseId: ids.leaseId() },
    ids,
  );
  saveState(db, workerId, "LEASED");
  growRecord(db, workerId, { totalLeases: 1 });
  const message = taskOf(lease);
  return { lease, message: { ...message, seq: addMessage(db, message, createdAt) } };
}

function addWithFreshPrefix(db: SqliteHandle, lease: Omit<NewLease, "prefix">, ids: LeaseIds): NewLease {
  for (let tries = 1; ; tries++) {
    const complete = { ...lease, prefix: ids.prefix() };
    try {
      addLease(db, complete);
      return complete;
    } catch (error) {
      if (tries === MAX_PREFIX_TRIES || !isUniqueViolation(error)) throw error;
    }
  }
}

import type { Clock } from "../../../platform/clock";
import { isUniqueViolation, type SqliteDatabase, type SqliteHandle } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import type { LiveState } from "../live/state";
import { demand, type Mode, type Principal } from "../rights";
import { costOf, endOf } from "../rules/billing";
import { matchWorker } from "../rules/matching";
import { activeLeaseOf, addLease, findLease, type NewLease, type Settlement, unsettledLeases } from "../store/leases";
import { addMessage } from "../store/outbox";
import { removeLeaseSample } from "../store/samples";
import { findWorker, growRecord, saveState } from "../store/workers";
import type { LeaseRow, WorkerRow } from "../tables";
import { leaseSampleKey } from "../workers/heartbeats";
import type { Outbox } from "../workers/outbox";
import { taskTopic } from "../workers/topics";
import { mustFind, mustHave, uncommitted } from "./accounts";
import { endAndSettle, settle } from "./settlement";

/** Where new identifiers come from, so that a simulation can be replayed. */
export interface LeaseIds {
  /** `lease-` and a random UUID. */
  leaseId(): string;
  /** 16 lower-case hex digits with which every key of the lease begins. */
  prefix(): string;
}

export const randomLeaseIds: LeaseIds = {
  leaseId: () => `lease-${crypto.randomUUID()}`,
  prefix: () => Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex"),
};

export interface RentRequest {
  consumerId: string;
  consumerAddress: string;
  durationSec: number;
  /** Null takes any. */
  workerId: string | null;
}

export interface Leases {
  /** @throws RequestError 400, 401, 403, 404 (docs/market.md, Leases). */
  rent(request: RentRequest, who: Principal): Promise<NewLease>;
  /** @throws RequestError 401, 403, 404; nothing has changed then. */
  stop(leaseId: string, who: Principal): Promise<Settlement>;
  /** Ends and settles every lease whose time is over. Gives their number. */
  endDue(): Promise<number>;
  /** Settles leases that ended without it, as a file of another version may hold. */
  settleLeftovers(): Promise<number>;
}

export interface LeasesOptions {
  database: SqliteDatabase;
  clock: Clock;
  live: LiveState;
  outbox: Outbox;
  mode: Mode;
  ids: LeaseIds;
  /** Renting asks for the full cost in the consumer's account. */
  requireFunds: boolean;
}

const MAX_PREFIX_TRIES = 3;

/** Renting, stopping and expiry; each is one transaction, told to the worker when it is on the disk. */
export function createLeases(options: LeasesOptions): Leases {
  const { database, clock, live, outbox, mode } = options;
  /** Workers whose lease is decided on but not yet on the disk. */
  const taken = new Set<string>();

  async function rent(request: RentRequest, who: Principal): Promise<NewLease> {
    if (request.consumerId === "") {
      throw new RequestError(400, "consumer_id required (provide in body or authenticate)");
    }
    demand("rent", who, who.role === "consumer" && who.accountId === request.consumerId, mode);
    let chosen: string | undefined;
    try {
      const { lease, message } = await database.transact((db) => {
        const worker = chooseWorker(db, request, taken, options);
        chosen = worker.workerId;
        taken.add(chosen);
        return startLease(db, request, worker, options);
      });
      live.leaseStarted(lease);
      outbox.send({ ...message, workerId: lease.workerId });
      return lease;
    } finally {
      if (chosen !== undefined) taken.delete(chosen);
    }
  }

  async function end(leaseId: string, check: (lease: NewLease) => void): Promise<Settlement> {
    const { settlement, workerState, message } = await database.transact((db) => {
      const lease = findLease(db, leaseId);
      if (lease?.state !== "active") throw new RequestError(404, "Lease not found or not active");
      check(lease);
      return endAndSettle(db, lease, live.activeLeases.get(leaseId), clock.now());
    });
    live.leaseEnded(settlement, workerState, settlement.platformFee);
    database.samples.record((db) => removeLeaseSample(db, leaseId), leaseSampleKey(leaseId));
    outbox.send({ ...message, workerId: settlement.workerId });
    return settlement;
  }

  /** A consumer may meanwhile have stopped it. */
  async function endExpired(leaseId: string): Promise<void> {
    try {
      await end(leaseId, () => undefined);
    } catch (error) {
      if (!(error instanceof RequestError && error.status === 404)) throw error;
    }
  }

  return {
    rent,
    stop: (leaseId, who) => end(leaseId, (lease) => demand("stop a lease", who, isParty(who, lease), mode)),
    async endDue() {
      const nowMs = clock.now();
      const due = [...live.activeLeases.values()].filter(({ expiresAtMs }) => expiresAtMs < nowMs);
      await Promise.all(due.map(({ leaseId }) => endExpired(leaseId)));
      return due.length;
    },
    async settleLeftovers() {
      const settlements = await database.transact((db) => settleUnsettled(db, clock.now()));
      for (const { platformFee } of settlements) live.leftoverSettled(platformFee);
      return settlements.length;
    },
  };
}

function settleUnsettled(db: SqliteHandle, nowMs: number): Settlement[] {
  return unsettledLeases(db).map((lease) => settle(db, { ...lease, endedAt: leftoverEnd(lease) }, nowMs));
}

/** An end that a clock set back has put before the beginning, or that is missing, costs nothing; none is overrun. */
function leftoverEnd(lease: LeaseRow): number {
  return endOf({ ...lease, createdAtMs: lease.createdAt }, lease.endedAt ?? lease.createdAt);
}

/** The consumer of a lease, or the provider of its worker. */
function isParty(who: Principal, { consumerId, workerId }: { consumerId: string; workerId: string }): boolean {
  if (who.role === "consumer") return who.accountId === consumerId;
  return who.role === "provider" && who.accountId === workerId;
}

/** @throws RequestError 404 when nothing is free, 400 when what is free is not free for so long or not paid for. */
function chooseWorker(
  db: SqliteHandle,
  request: RentRequest,
  taken: ReadonlySet<string>,
  { live, clock, requireFunds }: LeasesOptions,
): WorkerRow {
  const consumer = mustFind(db, request.consumerId);
  /** The live state lags behind the disk by the transactions of this batch. */
  const busy = new Set(taken);
  for (;;) {
    const match = matchWorker(live.workers, request, (workerId) => busy.has(workerId), clock.now());
    if (match === undefined) throw new RequestError(404, "No available workers");
    if ("tooLong" in match) throw new RequestError(400, match.tooLong);
    const { workerId } = match.worker;
    const worker = findWorker(db, workerId);
    if (worker?.state !== "AVAILABLE" || activeLeaseOf(db, workerId) !== undefined) {
      busy.add(workerId);
      continue;
    }
    if (requireFunds) mustHave(uncommitted(db, consumer), costOf(worker.pricePerMin, request.durationSec * 1000));
    return worker;
  }
}

function startLease(db: SqliteHandle, request: RentRequest, worker: WorkerRow, { clock, ids }: LeasesOptions) {
  const { consumerId, consumerAddress, durationSec } = request;
  const { workerId, pricePerMin } = worker;
  const createdAt = clock.now();
  const terms = { workerId, consumerId, consumerAddress, durationSec, pricePerMin, createdAt };
  const lease = addWithFreshPrefix(db, { ...terms, leaseId: ids.leaseId() }, ids);
  saveState(db, workerId, "LEASED");
  growRecord(db, workerId, { totalLeases: 1 });
  const message = { topic: taskTopic(workerId), payload: taskOf(lease) };
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

function taskOf(lease: NewLease): string {
  return JSON.stringify({
    command: "assign_task",
    lease_id: lease.leaseId,
    consumer_id: lease.consumerId,
    consumer_address: lease.consumerAddress,
    prefix: lease.prefix,
    duration_sec: lease.durationSec,
  });
}

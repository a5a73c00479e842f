import type { Storage, StorageHandle } from "../database";
import { createArrivalStore } from "./arrivalStore";
import { type ClaimStore, createClaimStore, type OwnerTurn } from "./claimStore";
import type { Claim, Lease, QueueEntry, QueueFigures } from "./entry";
import { createLeaseStore, type HeldBy } from "./leaseStore";

/**
 * Queues that live in the database beside the rows they are about (docs/jobs.md, "The queue"): an entry is added in the
 * same transaction as its row, taken by lease, and gone when the work is settled. Leases are dated by the database's
 * clock, so machines whose clocks differ agree on them.
 */
export interface Queue {
  add(db: StorageHandle, entry: QueueEntry): Promise<void>;
  /**
   * Takes up to `most` entries and has `begin` record that in the same transaction. The owner with the fewest leases
   * goes first, then the one who has waited longest; of one owner's entries the highest priority, then the oldest.
   */
  claim(claim: Claim, begin: (db: StorageHandle, lease: Lease) => Promise<void>): Promise<Lease[]>;
  /** Prolongs the leases of one holder and gives the ids that it holds no longer. */
  renew(held: HeldBy): Promise<string[]>;
  /** Puts a held entry back; it is due after `delayMs`. False when it is held by somebody else by now, or gone. */
  release(db: StorageHandle, queue: string, lease: Lease, delayMs: number): Promise<boolean>;
  /** Removes a held entry, its work being settled. False as with `release`. */
  settle(db: StorageHandle, queue: string, lease: Lease): Promise<boolean>;
  /** Removes an entry whoever holds it: its work is called off. */
  remove(db: StorageHandle, queue: string, id: string): Promise<void>;
  /** Hands each entry whose holder let its lease lapse to `decide`, which must release or settle it. */
  reclaim(queue: string, decide: (db: StorageHandle, lease: Lease) => Promise<void>): Promise<number>;
  /** Makes every lease lapse: for whoever knows that all holders are gone. */
  lapseAll(queue: string): Promise<void>;
  /** Whether the queue has an entry of that id. */
  holds(db: StorageHandle, queue: string, id: string): Promise<boolean>;
  /** Forgets owners who have nothing in the queue; done now and then. */
  forgetIdleOwners(queue: string): Promise<void>;
  /** Milliseconds until the next delayed entry is due; undefined where none waits. */
  nextDueMs(queue: string): Promise<number | undefined>;
  figures(queue: string): Promise<QueueFigures>;
}

/** A lease lapses when its holder has not renewed it for so long; holders renew each second. */
export const LEASE_MS = 5000;

export function createQueue(storage: Storage, leaseMs = LEASE_MS): Queue {
  const arrivals = createArrivalStore(storage);
  const claims = createClaimStore(storage);
  const leases = createLeaseStore(storage);

  async function renew(held: HeldBy): Promise<string[]> {
    if (held.ids.length === 0) return [];
    const kept = await storage.transactConditional(async (db) => {
      const now = await storage.nowMs(db);
      return leases.prolong(db, held, now, now + leaseMs);
    });
    return held.ids.filter((id) => !kept.has(id));
  }

  async function reclaim(queue: string, decide: Parameters<Queue["reclaim"]>[1]): Promise<number> {
    const lapsed = async (db: StorageHandle) => leases.lapsed(db, queue, await storage.nowMs(db));
    if ((await storage.read(lapsed)).length === 0) return 0;
    return storage.transactConditional(async (db) => {
      const held = await lapsed(db);
      for (const lease of held) await decide(db, lease);
      return held.length;
    });
  }

  return {
    async add(db, entry) {
      const now = await storage.nowMs(db);
      await arrivals.noteArrival(db, entry.queue, entry.owner, now);
      await arrivals.insert(db, entry, now);
    },
    claim: (claim, begin) =>
      storage.transactConditional(async (db) => takeInTurn(claims, db, claim, await storage.nowMs(db), leaseMs, begin)),
    renew,
    async release(db, queue, lease, delayMs) {
      const dueAt = delayMs <= 0 ? undefined : (await storage.nowMs(db)) + Math.ceil(delayMs);
      return leases.release(db, queue, lease, dueAt);
    },
    settle: leases.settle,
    remove: leases.remove,
    reclaim,
    lapseAll: (queue) => storage.transactConditional((db) => leases.lapseAll(db, queue)),
    holds: arrivals.holds,
    forgetIdleOwners: (queue) => storage.transactConditional((db) => arrivals.forgetIdleOwners(db, queue)),
    nextDueMs: (queue) =>
      storage.read(async (db) => {
        const due = await arrivals.nextDue(db, queue);
        return due === undefined ? undefined : Math.max(0, due - (await storage.nowMs(db)));
      }),
    figures: (queue) => storage.read((db) => arrivals.figures(db, queue)),
  };
}

async function takeInTurn(
  store: ClaimStore,
  db: StorageHandle,
  claim: Claim,
  now: number,
  leaseMs: number,
  begin: (db: StorageHandle, lease: Lease) => Promise<void>,
): Promise<Lease[]> {
  await store.promote(db, claim.queue, now);
  const turns = await store.turns(db, claim.queue);
  const leases: Lease[] = [];
  while (leases.length < claim.most) {
    const turn = nextTurn(turns, claim.mostPerOwner);
    if (turn === undefined) break;
    const lease = await store.takeFirst(db, claim, turn.owner, now + leaseMs);
    if (lease === undefined) {
      turns.splice(turns.indexOf(turn), 1);
      continue;
    }
    turn.running += 1;
    turn.servedAt = now;
    await store.noteServed(db, claim.queue, turn.owner, now);
    await begin(db, lease);
    leases.push(lease);
  }
  return leases;
}

/** Whose turn it is: the fewest running, then the longest since it was served. */
function nextTurn(turns: readonly OwnerTurn[], mostPerOwner: number): OwnerTurn | undefined {
  let next: OwnerTurn | undefined;
  for (const turn of turns) {
    if (mostPerOwner > 0 && turn.running >= mostPerOwner) continue;
    const isBefore =
      next === undefined ||
      turn.running < next.running ||
      (turn.running === next.running && turn.servedAt < next.servedAt);
    if (isBefore) next = turn;
  }
  return next;
}

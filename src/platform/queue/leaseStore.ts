import { and, eq, gte, inArray, lt, sql } from "drizzle-orm";
import { lockedRows, type Storage, type StorageHandle, statement } from "../database";
import type { Lease } from "./entry";
import { queueTables } from "./tables";

/** Lapsed entries that one transaction takes on: the rest waits for the next second. */
const MAX_LAPSED = 200;

export type LeaseStore = ReturnType<typeof createLeaseStore>;

/** How leases go on and end. Each change holds only for who still has the lease. */
export function createLeaseStore(storage: Storage) {
  const { entries } = storage.tables(queueTables);
  const key = { id: entries.id };
  const held = (queue: string, { id, number }: Lease) =>
    and(eq(entries.queue, queue), eq(entries.id, id), eq(entries.state, "leased"), eq(entries.leaseNumber, number));
  const settle = settleStatement(storage);
  return {
    /** Dates the leases of one worker anew, but those that lapsed; gives the ids that it still holds. */
    async prolong(db: StorageHandle, held: HeldBy, now: number, until: number): Promise<Set<string>> {
      const { queue, worker, ids } = held;
      const mine = and(eq(entries.queue, queue), eq(entries.leasedBy, worker), inArray(entries.id, [...ids]));
      const kept = await db
        .update(entries)
        .set({ leaseUntil: until })
        .where(and(mine, gte(entries.leaseUntil, now)))
        .returning(key);
      return new Set(kept.map(({ id }) => id));
    },
    /** Puts an entry back: ready, or due at a time. */
    async release(db: StorageHandle, queue: string, lease: Lease, dueAt: number | undefined): Promise<boolean> {
      const state = dueAt === undefined ? ({ state: "ready" } as const) : ({ state: "delayed", dueAt } as const);
      const changed = await db
        .update(entries)
        .set({ ...state, leasedBy: null, leaseUntil: null })
        .where(held(queue, lease))
        .returning(key);
      return changed.length > 0;
    },
    settle: async (db: StorageHandle, queue: string, { id, number }: Lease): Promise<boolean> =>
      (await settle(db).execute({ queue, id, number })).length > 0,
    async remove(db: StorageHandle, queue: string, id: string): Promise<void> {
      await db.delete(entries).where(and(eq(entries.queue, queue), eq(entries.id, id)));
    },
    async lapseAll(db: StorageHandle, queue: string): Promise<void> {
      await db
        .update(entries)
        .set({ leaseUntil: 0 })
        .where(and(eq(entries.queue, queue), eq(entries.state, "leased")));
    },
    /** Entries whose holder did not renew in time. */
    async lapsed(db: StorageHandle, queue: string, now: number): Promise<Lease[]> {
      const found = db
        .select({ id: entries.id, owner: entries.owner, number: entries.leaseNumber })
        .from(entries)
        .where(and(eq(entries.queue, queue), eq(entries.state, "leased"), lt(entries.leaseUntil, now)))
        .limit(MAX_LAPSED);
      return lockedRows(storage, found);
    },
  };
}

export interface HeldBy {
  queue: string;
  worker: string;
  ids: readonly string[];
}

function settleStatement(storage: Storage) {
  const { entries } = storage.tables(queueTables);
  const value = sql.placeholder;
  return statement((db: StorageHandle) =>
    db
      .delete(entries)
      .where(
        and(
          eq(entries.queue, value("queue")),
          eq(entries.id, value("id")),
          eq(entries.state, "leased"),
          eq(entries.leaseNumber, value("number")),
        ),
      )
      .returning({ id: entries.id })
      .prepare("queue_settle"),
  );
}

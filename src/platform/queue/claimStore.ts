import { and, asc, count, desc, eq, exists, lte, sql } from "drizzle-orm";
import { lockedRows, type Storage, type StorageHandle, statement } from "../database";
import type { Claim, Lease } from "./entry";
import { queueTables } from "./tables";

/** An owner who has something to be done, and how he stands. */
export interface OwnerTurn {
  owner: string;
  running: number;
  servedAt: number;
}

export type ClaimStore = ReturnType<typeof createClaimStore>;

const value = sql.placeholder;

/** How entries are taken: every statement is prepared, for this happens with each piece of work. */
export function createClaimStore(storage: Storage) {
  const { entries, turns } = storage.tables(queueTables);
  const readTurns = turnsStatement(storage);
  const findFirst = firstStatement(storage);
  const take = takeStatement(storage);
  const promote = statement((db: StorageHandle) =>
    db
      .update(entries)
      .set({ state: "ready" })
      .where(and(eq(entries.queue, value("queue")), eq(entries.state, "delayed"), lte(entries.dueAt, value("now"))))
      .prepare("queue_promote"),
  );
  const serve = statement((db: StorageHandle) =>
    db
      .update(turns)
      .set({ servedAt: sql`${value("now")}` })
      .where(and(eq(turns.queue, value("queue")), eq(turns.owner, value("owner"))))
      .prepare("queue_served"),
  );
  return {
    /** Makes ready what is due by now. */
    async promote(db: StorageHandle, queue: string, now: number): Promise<void> {
      await promote(db).execute({ queue, now });
    },
    /** The owners with something ready. */
    turns: (db: StorageHandle, queue: string): Promise<OwnerTurn[]> => readTurns(db).execute({ queue }),
    async noteServed(db: StorageHandle, queue: string, owner: string, now: number): Promise<void> {
      await serve(db).execute({ queue, owner, now });
    },
    /** Leases the first entry of an owner; undefined when others were quicker. */
    async takeFirst(db: StorageHandle, claim: Claim, owner: string, until: number): Promise<Lease | undefined> {
      const { queue, worker } = claim;
      const [found] = await findFirst(db).execute({ queue, owner });
      if (found === undefined) return undefined;
      return (await take(db).execute({ queue, id: found.id, worker, until }))[0];
    },
  };
}

function turnsStatement(storage: Storage) {
  const { entries, turns } = storage.tables(queueTables);
  const ofOwner = (state: "ready" | "leased") =>
    and(eq(entries.queue, turns.queue), eq(entries.state, state), eq(entries.owner, turns.owner));
  return statement((db: StorageHandle) => {
    const running = db.select({ count: count() }).from(entries).where(ofOwner("leased"));
    const ready = db.select({ one: sql`1` }).from(entries).where(ofOwner("ready"));
    return db
      .select({ owner: turns.owner, servedAt: turns.servedAt, running: sql<number>`${running}`.mapWith(Number) })
      .from(turns)
      .where(and(eq(turns.queue, value("queue")), exists(ready)))
      .prepare("queue_turns");
  });
}

function firstStatement(storage: Storage) {
  const { entries } = storage.tables(queueTables);
  return statement((db: StorageHandle) => {
    const first = db
      .select({ id: entries.id })
      .from(entries)
      .where(and(eq(entries.queue, value("queue")), eq(entries.state, "ready"), eq(entries.owner, value("owner"))))
      .orderBy(desc(entries.priority), asc(entries.queuedAt), asc(entries.id))
      .limit(1);
    return lockedRows(storage, first).prepare("queue_first");
  });
}

function takeStatement(storage: Storage) {
  const { entries } = storage.tables(queueTables);
  return statement((db: StorageHandle) =>
    db
      .update(entries)
      .set({
        state: "leased",
        leaseNumber: sql`${entries.leaseNumber} + 1`,
        leasedBy: sql`${value("worker")}`,
        leaseUntil: sql`${value("until")}`,
      })
      .where(and(eq(entries.queue, value("queue")), eq(entries.id, value("id")), eq(entries.state, "ready")))
      .returning({ id: entries.id, owner: entries.owner, number: entries.leaseNumber })
      .prepare("queue_take"),
  );
}

import { and, count, eq, inArray, min, notExists, sql } from "drizzle-orm";
import { insertRows, type Storage, type StorageHandle, statement } from "../database";
import type { QueueEntry, QueueFigures } from "./entry";
import { queueTables } from "./tables";

export type ArrivalStore = ReturnType<typeof createArrivalStore>;

/** What comes into queues, and what stands in them. */
export function createArrivalStore(storage: Storage) {
  const { entries, turns } = storage.tables(queueTables);
  const one = { one: sql`1` };
  const insert = insertRows(entries, "queue_insert");
  const arrive = arrivalStatement(storage);
  return {
    /** A newcomer has waited since now; an owner who is in the queue keeps his place. */
    async noteArrival(db: StorageHandle, queue: string, owner: string, now: number): Promise<void> {
      await arrive(db).execute({ queue, owner, now });
    },
    async insert(db: StorageHandle, { dueAtMs = 0, ...entry }: QueueEntry, now: number): Promise<void> {
      const state = dueAtMs <= now ? "ready" : "delayed";
      const dueAt = Math.max(dueAtMs, now);
      await insert(db, { ...entry, state, queuedAt: now, dueAt, leaseNumber: 0, leasedBy: null, leaseUntil: null });
    },
    async holds(db: StorageHandle, queue: string, id: string): Promise<boolean> {
      const found = await db
        .select(one)
        .from(entries)
        .where(and(eq(entries.queue, queue), eq(entries.id, id)));
      return found.length > 0;
    },
    /** When the first delayed entry is due, in milliseconds since the epoch. */
    async nextDue(db: StorageHandle, queue: string): Promise<number | undefined> {
      const [found] = await db
        .select({ due: min(entries.dueAt) })
        .from(entries)
        .where(and(eq(entries.queue, queue), eq(entries.state, "delayed")));
      return found?.due === null || found?.due === undefined ? undefined : Number(found.due);
    },
    async forgetIdleOwners(db: StorageHandle, queue: string): Promise<void> {
      const entry = db
        .select(one)
        .from(entries)
        .where(and(eq(entries.queue, turns.queue), eq(entries.owner, turns.owner)));
      await db.delete(turns).where(and(eq(turns.queue, queue), notExists(entry)));
    },
    async figures(db: StorageHandle, queue: string): Promise<QueueFigures> {
      const rows = await db
        .select({ state: entries.state, count: count() })
        .from(entries)
        .where(eq(entries.queue, queue))
        .groupBy(entries.state);
      const of = (state: string) => Number(rows.find((row) => row.state === state)?.count ?? 0);
      return { ready: of("ready"), delayed: of("delayed"), leased: of("leased") };
    },
  };
}

function arrivalStatement(storage: Storage) {
  const { entries, turns } = storage.tables(queueTables);
  const value = sql.placeholder;
  return statement((db: StorageHandle) => {
    const active = and(
      eq(entries.queue, value("queue")),
      inArray(entries.state, ["ready", "leased"]),
      eq(entries.owner, value("owner")),
    );
    const setWhere = notExists(db.select({ one: sql`1` }).from(entries).where(active));
    return db
      .insert(turns)
      .values({ queue: value("queue"), owner: value("owner"), servedAt: value("now") })
      .onConflictDoUpdate({ target: [turns.queue, turns.owner], set: { servedAt: sql`${value("now")}` }, setWhere })
      .prepare("queue_arrive");
  });
}

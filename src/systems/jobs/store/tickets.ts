import { and, eq, gte, lt } from "drizzle-orm";
import type { Storage } from "../../../platform/database";
import { notificationTables } from "../tables";

export interface TicketRow {
  hash: string;
  userId: string;
  jobId: string;
  expiresAt: number;
}

export type TicketStore = ReturnType<typeof createTicketStore>;

/** Tickets for event streams, by their hashes: whoever reads the database cannot use one. */
export function createTicketStore(storage: Storage) {
  const { tickets } = storage.tables(notificationTables);
  return {
    insert: (ticket: TicketRow): Promise<void> =>
      storage.transactConditional(async (db) => {
        await db.insert(tickets).values(ticket);
      }),
    /** Takes the ticket, which is then gone; undefined where there is none, or its time is over. */
    take: async (hash: string, jobId: string, nowMs: number): Promise<TicketRow | undefined> =>
      storage.transactConditional(
        async (db) =>
          (
            await db
              .delete(tickets)
              .where(and(eq(tickets.hash, hash), eq(tickets.jobId, jobId), gte(tickets.expiresAt, nowMs)))
              .returning()
          )[0],
      ),
    removeBefore: (nowMs: number): Promise<void> =>
      storage.transactConditional(async (db) => {
        await db.delete(tickets).where(lt(tickets.expiresAt, nowMs));
      }),
  };
}

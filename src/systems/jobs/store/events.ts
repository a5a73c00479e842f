import { and, asc, eq, gt, inArray, lt, min, sql } from "drizzle-orm";
import { insertRows, type Storage, type StorageHandle, statement } from "../../../platform/database";
import { type EventRow, jobTables } from "../tables";

export type EventStore = ReturnType<typeof createEventStore>;

/** The numbered events of jobs. */
export function createEventStore(storage: Storage) {
  const { events, jobs } = storage.tables(jobTables);
  const value = sql.placeholder;
  const after = statement((db: StorageHandle) =>
    db
      .select()
      .from(events)
      .where(and(eq(events.jobId, value("jobId")), gt(events.number, value("after"))))
      .orderBy(asc(events.number))
      .limit(value("limit"))
      .prepare("job_events_after"),
  );
  return {
    insert: insertRows(events, "job_event_insert"),
    /** Events of a job with higher numbers, in their order. */
    after: (jobId: string, number: number, limit: number): Promise<EventRow[]> =>
      storage.read((db) => after(db).execute({ jobId, after: number, limit })),
    /** The lowest number that is still kept. */
    first: async (jobId: string): Promise<number | undefined> => {
      const [found] = await storage.read(async (db) =>
        db
          .select({ number: min(events.number) })
          .from(events)
          .where(eq(events.jobId, jobId)),
      );
      return found?.number === null || found?.number === undefined ? undefined : Number(found.number);
    },
    /** Removes events older than a time, but those of jobs that wait or run; gives how many. */
    removeBefore: (beforeMs: number, limit: number): Promise<number> =>
      storage.transactConditional(async (db) => {
        const ended = db
          .select({ id: jobs.id })
          .from(jobs)
          .where(inArray(jobs.status, ["COMPLETED", "FAILED", "CANCELLED"]));
        const old = await db
          .select({ jobId: events.jobId, number: events.number })
          .from(events)
          .where(and(lt(events.at, beforeMs), inArray(events.jobId, ended)))
          .limit(limit);
        for (const { jobId, number } of old) {
          await db.delete(events).where(and(eq(events.jobId, jobId), eq(events.number, number)));
        }
        return old.length;
      }),
  };
}

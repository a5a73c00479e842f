import { and, asc, count, desc, eq, lte, min } from "drizzle-orm";
import type { Storage, StorageHandle } from "../../../platform/database";
import { type ScheduleRow, scheduleTables } from "../tables";

export type ScheduleStore = ReturnType<typeof createScheduleStore>;

/** The rows of schedules. */
export function createScheduleStore(storage: Storage) {
  const { schedules } = storage.tables(scheduleTables);
  const own = (userId: string, id: string) => and(eq(schedules.id, id), eq(schedules.userId, userId));
  return {
    async insert(db: StorageHandle, schedule: ScheduleRow): Promise<void> {
      await db.insert(schedules).values(schedule);
    },
    own: async (userId: string, id: string): Promise<ScheduleRow | undefined> =>
      (await storage.read(async (db) => db.select().from(schedules).where(own(userId, id))))[0],
    list: (userId: string): Promise<ScheduleRow[]> =>
      storage.read(async (db) =>
        db
          .select()
          .from(schedules)
          .where(eq(schedules.userId, userId))
          .orderBy(desc(schedules.createdAt), desc(schedules.id)),
      ),
    async total(db: StorageHandle, userId: string): Promise<number> {
      const [found] = await db.select({ count: count() }).from(schedules).where(eq(schedules.userId, userId));
      return Number(found?.count ?? 0);
    },
    async update(userId: string, id: string, set: Partial<ScheduleRow>): Promise<ScheduleRow | undefined> {
      return storage.transactConditional(
        async (db) => (await db.update(schedules).set(set).where(own(userId, id)).returning())[0],
      );
    },
    remove: (userId: string, id: string): Promise<boolean> =>
      storage.transactConditional(
        async (db) => (await db.delete(schedules).where(own(userId, id)).returning({ id: schedules.id })).length > 0,
      ),
    /** Schedules whose time has come, the longest due first. */
    due: (nowMs: number, limit: number): Promise<ScheduleRow[]> =>
      storage.read(async (db) =>
        db
          .select()
          .from(schedules)
          .where(and(eq(schedules.isEnabled, true), lte(schedules.nextAt, nowMs)))
          .orderBy(asc(schedules.nextAt))
          .limit(limit),
      ),
    nextAt: async (): Promise<number | undefined> => {
      const [found] = await storage.read(async (db) =>
        db
          .select({ next: min(schedules.nextAt) })
          .from(schedules)
          .where(eq(schedules.isEnabled, true)),
      );
      return found?.next === null || found?.next === undefined ? undefined : Number(found.next);
    },
    /** Moves a schedule on, unless somebody else did: of several servers one starts the job. */
    async advance(db: StorageHandle, schedule: ScheduleRow, set: Partial<ScheduleRow>): Promise<boolean> {
      const changed = await db
        .update(schedules)
        .set(set)
        .where(and(eq(schedules.id, schedule.id), eq(schedules.nextAt, schedule.nextAt!)))
        .returning({ id: schedules.id });
      return changed.length > 0;
    },
  };
}

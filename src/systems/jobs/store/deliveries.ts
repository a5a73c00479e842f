import { and, desc, eq, inArray, lt } from "drizzle-orm";
import type { Storage, StorageHandle } from "../../../platform/database";
import { type DeliveryRow, type DeliveryStatus, notificationTables } from "../tables";

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

/** The rows of call-backs. */
export function createDeliveryStore(storage: Storage) {
  const { deliveries } = storage.tables(notificationTables);
  return {
    async insert(db: StorageHandle, delivery: DeliveryRow): Promise<void> {
      await db.insert(deliveries).values(delivery);
    },
    byId: async (id: string): Promise<DeliveryRow | undefined> =>
      (await storage.read(async (db) => db.select().from(deliveries).where(eq(deliveries.id, id))))[0],
    ofJob: (userId: string, jobId: string): Promise<DeliveryRow[]> =>
      storage.read(async (db) =>
        db
          .select()
          .from(deliveries)
          .where(and(eq(deliveries.userId, userId), eq(deliveries.jobId, jobId)))
          .orderBy(desc(deliveries.createdAt), desc(deliveries.id)),
      ),
    async change(
      db: StorageHandle,
      id: string,
      from: readonly DeliveryStatus[],
      set: Partial<DeliveryRow>,
    ): Promise<boolean> {
      const changed = await db
        .update(deliveries)
        .set(set)
        .where(and(eq(deliveries.id, id), inArray(deliveries.status, [...from])))
        .returning({ id: deliveries.id });
      return changed.length > 0;
    },
    unsettled: (): Promise<DeliveryRow[]> =>
      storage.read(async (db) => db.select().from(deliveries).where(eq(deliveries.status, "PENDING"))),
    removeBefore: (beforeMs: number): Promise<void> =>
      storage.transactConditional(async (db) => {
        await db
          .delete(deliveries)
          .where(and(inArray(deliveries.status, ["DELIVERED", "FAILED"]), lt(deliveries.completedAt, beforeMs)));
      }),
  };
}

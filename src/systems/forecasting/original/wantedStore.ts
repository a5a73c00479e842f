import { eq } from "drizzle-orm";
import type { Storage } from "../../../platform/database";
import { forecastingTables } from "../tables";
import type { Wanted } from "./wanted";

/** Which models are to be ready: what all instances that share a database converge to. */
export interface WantedStore {
  all(): Promise<ReadonlyMap<string, Wanted>>;
  put(model: string, wanted: Wanted, nowMs: number): Promise<void>;
  /** False where the model was not wanted. */
  remove(model: string): Promise<boolean>;
}

export function createWantedStore(storage: Storage): WantedStore {
  const { wanted: table } = storage.tables(forecastingTables);
  return {
    async all() {
      const rows = await storage.read(async (db) => db.select().from(table));
      return new Map(rows.map(({ model, wanted }) => [model, wanted as unknown as Wanted]));
    },
    async put(model, wanted, nowMs) {
      const row = { wanted: { ...wanted }, changedAt: nowMs };
      await storage.transact(async (db) => {
        await db
          .insert(table)
          .values({ model, ...row })
          .onConflictDoUpdate({ target: table.model, set: row });
      });
    },
    remove: (model) =>
      storage.transact(async (db) => {
        const gone = await db.delete(table).where(eq(table.model, model)).returning({ model: table.model });
        return gone.length > 0;
      }),
  };
}

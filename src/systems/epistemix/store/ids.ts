import { eq, max, sql } from "drizzle-orm";
import { type Storage, type StorageHandle, statement } from "../../../platform/database";
import { epistemixTables } from "../tables";

export type IdStore = ReturnType<typeof createIdStore>;
type Counted = "jobs" | "runs";

/** Counts ids up: none is given twice, even after its row is gone. */
export function createIdStore(storage: Storage) {
  const { ids, jobs, runs } = storage.tables(epistemixTables);
  const value = sql.placeholder;
  const take = statement((db: StorageHandle) =>
    db
      .update(ids)
      .set({ last: sql`${ids.last} + ${value("many")}` })
      .where(eq(ids.name, sql`${value("name")}`))
      .returning({ last: ids.last })
      .prepare("epistemix_id_take"),
  );
  async function largest(db: StorageHandle, name: Counted): Promise<number> {
    const table = name === "jobs" ? jobs : runs;
    const [row] = await db.select({ id: max(table.id) }).from(table);
    return Number(row?.id ?? 0);
  }
  return {
    /** Begins to count where nothing was counted yet, at `first` or behind what is there already. */
    async begin(db: StorageHandle, name: Counted, first: number): Promise<void> {
      const [known] = await db.select().from(ids).where(eq(ids.name, name));
      if (known !== undefined) return;
      const last = Math.max(first - 1, await largest(db, name));
      await db.insert(ids).values({ name, last }).onConflictDoNothing();
    },
    /** The first of so many ids in a row. */
    async take(db: StorageHandle, name: Counted, many: number): Promise<number> {
      const [taken] = await take(db).execute({ name, many });
      if (taken === undefined) throw new Error(`Nothing counts the ids of ${name}: the system was not started.`);
      return taken.last - many + 1;
    },
  };
}

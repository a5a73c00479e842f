import { defineTables } from "./columns";
import type { Storage } from "./storage";

/** What is known of this installation as a whole. */
export interface Installation {
  /** A random id, made at the first start. */
  id: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** The newest version of the program that has opened the database. */
  version: string;
}

export const installationTables = defineTables(({ table, text, integer }) => ({
  installation: table("installation", {
    id: text("id").primaryKey(),
    createdAt: integer("created_at").notNull(),
    version: text("version").notNull(),
  }),
}));

/** The installation's row, made when there is none, with `version` as the newest that has opened the database. */
export async function recordInstallation(storage: Storage, version: string, nowMs: number): Promise<Installation> {
  const { installation } = storage.tables(installationTables);
  const rows = await storage.read((db) => db.select().from(installation));
  if (rows[0]?.version === version) return rows[0];
  return storage.transact(async (db) => {
    await db.insert(installation).values({ id: crypto.randomUUID(), createdAt: nowMs, version }).onConflictDoNothing();
    const [row] = await db.update(installation).set({ version }).returning();
    return row!;
  });
}

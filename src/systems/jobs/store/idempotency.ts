import { and, eq, lt } from "drizzle-orm";
import type { Storage, StorageHandle } from "../../../platform/database";
import { jobTables } from "../tables";

export interface KeyUse {
  jobId: string;
  bodyHash: string;
  createdAt: number;
}

export type IdempotencyStore = ReturnType<typeof createIdempotencyStore>;

/** Which job an idempotency key of a user made. */
export function createIdempotencyStore(storage: Storage) {
  const { idempotencyKeys: keys } = storage.tables(jobTables);
  return {
    async find(db: StorageHandle, userId: string, key: string): Promise<KeyUse | undefined> {
      const [found] = await db
        .select({ jobId: keys.jobId, bodyHash: keys.bodyHash, createdAt: keys.createdAt })
        .from(keys)
        .where(and(eq(keys.userId, userId), eq(keys.key, key)));
      return found;
    },
    /** Keeps what the key made, in place of what it made before. */
    async keep(db: StorageHandle, userId: string, key: string, use: KeyUse): Promise<void> {
      await db
        .insert(keys)
        .values({ userId, key, ...use })
        .onConflictDoUpdate({ target: [keys.userId, keys.key], set: use });
    },
    removeBefore: (beforeMs: number): Promise<void> =>
      storage.transactConditional(async (db) => {
        await db.delete(keys).where(lt(keys.createdAt, beforeMs));
      }),
  };
}

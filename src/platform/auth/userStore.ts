import { and, asc, count, eq, gte, lt, min, sql } from "drizzle-orm";
import { isUniqueViolation, type Storage, type StorageHandle, statement } from "../database";
import { authTables, type User } from "./tables";

/** The rows of accounts and of their failed sign-ins. */
export interface UserStore {
  byId(id: string): Promise<User | undefined>;
  byEmail(email: string): Promise<User | undefined>;
  /** Keeps a new account; false when its email is taken. */
  insert(user: User): Promise<boolean>;
  update(id: string, changes: Partial<Omit<User, "id">>): Promise<boolean>;
  /** Failures of one source since a time, and the oldest of them. */
  failures(source: string, sinceMs: number): Promise<{ count: number; oldestMs: number | undefined }>;
  recordFailure(source: string, nowMs: number): Promise<void>;
  clearFailures(source: string): Promise<void>;
  removeFailuresBefore(beforeMs: number): Promise<void>;
}

export function createUserStore(storage: Storage): UserStore {
  const { users, loginFailures } = storage.tables(authTables);
  const findById = statement((db: StorageHandle) =>
    db
      .select()
      .from(users)
      .where(eq(users.id, sql.placeholder("id")))
      .prepare("user_by_id"),
  );
  const findByEmail = statement((db: StorageHandle) =>
    db
      .select()
      .from(users)
      .where(eq(users.email, sql.placeholder("email")))
      .orderBy(asc(users.id))
      .prepare("user_by_email"),
  );
  return {
    byId: async (id) => (await storage.read((db) => findById(db).execute({ id })))[0],
    byEmail: async (email) => (await storage.read((db) => findByEmail(db).execute({ email })))[0],
    async insert(user) {
      try {
        await storage.transact(async (db) => {
          await db.insert(users).values(user);
        });
        return true;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },
    async update(id, changes) {
      const changed = await storage.transact(async (db) =>
        db.update(users).set(changes).where(eq(users.id, id)).returning({ id: users.id }),
      );
      return changed.length > 0;
    },
    failures: (source, sinceMs) => storage.read((db) => failuresOf(db, loginFailures, source, sinceMs)),
    recordFailure: (source, nowMs) =>
      storage.transact(async (db) => {
        await db.insert(loginFailures).values({ source, failedAt: nowMs });
      }),
    clearFailures: (source) =>
      storage.transact(async (db) => {
        await db.delete(loginFailures).where(eq(loginFailures.source, source));
      }),
    removeFailuresBefore: (beforeMs) =>
      storage.transact(async (db) => {
        await db.delete(loginFailures).where(lt(loginFailures.failedAt, beforeMs));
      }),
  };
}

async function failuresOf(db: StorageHandle, table: FailureTable, source: string, sinceMs: number) {
  const [found] = await db
    .select({ count: count(), oldestMs: min(table.failedAt) })
    .from(table)
    .where(and(eq(table.source, source), gte(table.failedAt, sinceMs)));
  const oldest = found?.oldestMs ?? undefined;
  return { count: Number(found?.count ?? 0), oldestMs: oldest === undefined ? undefined : Number(oldest) };
}

type FailureTable = (typeof authTables)["postgres"]["loginFailures"];

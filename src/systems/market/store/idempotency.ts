import { eq, lt, sql } from "drizzle-orm";
import { insertOf, type SqliteHandle, statement } from "../../../platform/database";
import { tables } from "../tables";

const { idempotency } = tables;
const placeholder = sql.placeholder;

const one = statement((db: SqliteHandle) =>
  db
    .select()
    .from(idempotency)
    .where(eq(idempotency.scope, placeholder("scope")))
    .prepare(),
);
const insert = statement((db: SqliteHandle) => insertOf(db, idempotency).prepare());

/** What was answered under a key, and to what. */
export function findAnswer(db: SqliteHandle, scope: string): { fingerprint: string; answer: string } | undefined {
  return one(db).get({ scope });
}

export function addAnswer(
  db: SqliteHandle,
  given: { scope: string; fingerprint: string; answer: string; createdAt: number },
): void {
  insert(db).run({ ...given });
}

export function removeAnswersBefore(db: SqliteHandle, beforeMs: number): void {
  db.delete(idempotency).where(lt(idempotency.createdAt, beforeMs)).run();
}

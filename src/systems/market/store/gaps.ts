import { and, asc, eq, sql } from "drizzle-orm";
import { excludedOf, insertOf, type SqliteHandle, statement } from "../../../platform/database";
import { tables } from "../tables";

const { gaps } = tables;
const placeholder = sql.placeholder;

/** A time of a lease without work. */
export interface KeptGap {
  beganAtMs: number;
  /** Null while it lasts. */
  endedAtMs: number | null;
  reason: (typeof gaps.$inferSelect)["reason"];
}

const upsert = statement((db: SqliteHandle) =>
  insertOf(db, gaps)
    .onConflictDoUpdate({ target: [gaps.leaseId, gaps.beganAt], set: excludedOf(gaps, ["endedAt", "reason"]) })
    .prepare(),
);
const removal = statement((db: SqliteHandle) =>
  db
    .delete(gaps)
    .where(and(eq(gaps.leaseId, placeholder("leaseId")), eq(gaps.beganAt, placeholder("beganAt"))))
    .prepare(),
);
const ofLease = statement((db: SqliteHandle) =>
  db
    .select()
    .from(gaps)
    .where(eq(gaps.leaseId, placeholder("leaseId")))
    .orderBy(asc(gaps.beganAt))
    .limit(placeholder("limit"))
    .prepare(),
);

/** Keeps a gap of a lease, or how it has ended. */
export function saveGap(db: SqliteHandle, leaseId: string, { beganAtMs, endedAtMs, reason }: KeptGap): void {
  upsert(db).run({ leaseId, beganAt: beganAtMs, endedAt: endedAtMs, reason });
}

/** Forgets a gap that was none. */
export function removeGap(db: SqliteHandle, leaseId: string, beganAtMs: number): void {
  removal(db).run({ leaseId, beganAt: beganAtMs });
}

/** The gaps of a lease in their order, at most so many. */
export function gapsOf(db: SqliteHandle, leaseId: string, limit: number): KeptGap[] {
  return ofLease(db)
    .all({ leaseId, limit })
    .map(({ beganAt, endedAt, reason }) => ({ beganAtMs: beganAt, endedAtMs: endedAt, reason }));
}

import { and, count, desc, eq, gte, inArray, sql } from "drizzle-orm";
import { exact, type SqliteHandle } from "../../../platform/database";
import type { Nano } from "../rules/money";
import { type SettlementRow, tables } from "../tables";

const { leases, settlements } = tables;

/** Every fee ever taken: walks the table, so it is for the start. */
export function listFees(db: SqliteHandle): Nano[] {
  return db
    .select({ fee: settlements.platformFee })
    .from(settlements)
    .all()
    .map(({ fee }) => fee);
}

export function countLeases(db: SqliteHandle): number {
  return db.select({ total: count() }).from(leases).all()[0]?.total ?? 0;
}

/** How many leases of a consumer there are in each state. */
export function countLeasesOf(
  db: SqliteHandle,
  consumerId: string,
): { total: number; active: number; completed: number } {
  const counted = { total: 0, active: 0, completed: 0, cancelled: 0 };
  const groups = db
    .select({ state: leases.state, rows: count() })
    .from(leases)
    .where(eq(leases.consumerId, consumerId))
    .groupBy(leases.state)
    .all();
  for (const { state, rows } of groups) {
    counted[state] += rows;
    counted.total += rows;
  }
  return counted;
}

/** What a consumer has been charged in all. */
export function chargedTo(db: SqliteHandle, consumerId: string): Nano {
  const total = exact(sql`sum(${settlements.totalCost})`);
  return db.select({ total }).from(settlements).where(eq(settlements.consumerId, consumerId)).all()[0]?.total ?? 0n;
}

/** What the providers of some workers have been paid in all. */
export function paidFor(db: SqliteHandle, workerIds: string[]): Nano {
  const total = exact(sql`sum(${settlements.providerPayout})`);
  return db.select({ total }).from(settlements).where(inArray(settlements.workerId, workerIds)).all()[0]?.total ?? 0n;
}

/** What the providers of some workers have been paid since a time. */
export function paidSince(db: SqliteHandle, workerIds: string[], sinceMs: number): Nano {
  const total = exact(sql`sum(${settlements.providerPayout})`);
  const wanted = and(inArray(settlements.workerId, workerIds), gte(settlements.settledAt, sinceMs));
  return db.select({ total }).from(settlements).where(wanted).all()[0]?.total ?? 0n;
}

/** The newest settlements of some workers, newest first. */
export function newestSettlementsFor(db: SqliteHandle, workerIds: string[], limit: number): SettlementRow[] {
  const wanted = inArray(settlements.workerId, workerIds);
  return db.select().from(settlements).where(wanted).orderBy(desc(settlements.seq)).limit(limit).all();
}

import { and, asc, eq, gte, lt, max } from "drizzle-orm";
import { insertOf, type SqliteHandle, statement } from "../../../platform/database";
import { tables, type WalletSnapshotRow } from "../tables";

const { walletSnapshots } = tables;

export type NewWalletSnapshot = Omit<WalletSnapshotRow, "seq">;

const insert = statement((db: SqliteHandle) => insertOf(db, walletSnapshots).prepare());

export function addWalletSnapshot(db: SqliteHandle, snapshot: NewWalletSnapshot): void {
  insert(db).run({ ...snapshot });
}

/** A wallet's hourly rows since a time, oldest first. */
export function walletHistory(db: SqliteHandle, address: string, sinceMs: number): WalletSnapshotRow[] {
  const { ethAddress, interval, createdAt } = walletSnapshots;
  return db
    .select()
    .from(walletSnapshots)
    .where(and(eq(ethAddress, address), eq(interval, "hourly"), gte(createdAt, sinceMs)))
    .orderBy(asc(createdAt))
    .all();
}

/** The highest hash rate that a wallet's rows show. */
export function peakHashrate(db: SqliteHandle, address: string): number {
  const peak = max(walletSnapshots.totalHashrate);
  return db.select({ peak }).from(walletSnapshots).where(eq(walletSnapshots.ethAddress, address)).all()[0]?.peak ?? 0;
}

export function removeWalletSnapshots(db: SqliteHandle, interval: "hourly" | "daily", beforeMs: number): void {
  db.delete(walletSnapshots)
    .where(and(eq(walletSnapshots.interval, interval), lt(walletSnapshots.createdAt, beforeMs)))
    .run();
}

import { and, desc, eq, gte, lt, sql } from "drizzle-orm";
import { type SqliteHandle, statement } from "../../../platform/database";
import { figureTables, type HashrateSnapshotRow } from "../tables";

const { workers, leases, snapshots } = figureTables;
const placeholder = sql.placeholder;

/** A worker's latest figures; they may be a second old after a crash. */
export type WorkerFigures = typeof workers.$inferSelect;
/** The sum and number of the hash rates that a lease's worker told. */
export type LeaseFigures = typeof leases.$inferSelect;

const workerFigures = statement((db: SqliteHandle) =>
  db
    .insert(workers)
    .values({
      workerId: placeholder("workerId"),
      hashrate: placeholder("hashrate"),
      activeGpus: placeholder("activeGpus"),
      lastHeartbeat: placeholder("lastHeartbeat"),
      totalOnlineMs: placeholder("totalOnlineMs"),
      // Without the column's encoder, which takes no null from a placeholder.
      lastOnlineAt: sql`${placeholder("lastOnlineAt")}`,
    })
    .onConflictDoUpdate({
      target: workers.workerId,
      set: {
        hashrate: sql`excluded.hashrate`,
        activeGpus: sql`excluded.active_gpus`,
        lastHeartbeat: sql`excluded.last_heartbeat`,
        totalOnlineMs: sql`excluded.total_online_ms`,
        lastOnlineAt: sql`excluded.last_online_at`,
      },
    })
    .prepare(),
);
const leaseFigures = statement((db: SqliteHandle) =>
  db
    .insert(leases)
    .values({
      leaseId: placeholder("leaseId"),
      hashrateSum: placeholder("hashrateSum"),
      hashrateCount: placeholder("hashrateCount"),
    })
    .onConflictDoUpdate({
      target: leases.leaseId,
      set: { hashrateSum: sql`excluded.hashrate_sum`, hashrateCount: sql`excluded.hashrate_count` },
    })
    .prepare(),
);
const snapshot = statement((db: SqliteHandle) =>
  db
    .insert(snapshots)
    .values({
      workerId: placeholder("workerId"),
      hashrate: placeholder("hashrate"),
      activeGpus: placeholder("activeGpus"),
      createdAt: placeholder("createdAt"),
    })
    .prepare(),
);

export function saveWorkerFigures(db: SqliteHandle, figures: WorkerFigures): void {
  workerFigures(db).run({ ...figures });
}

export function saveLeaseFigures(db: SqliteHandle, figures: LeaseFigures): void {
  leaseFigures(db).run({ ...figures });
}

export function addSnapshot(db: SqliteHandle, row: Omit<HashrateSnapshotRow, "seq">): void {
  snapshot(db).run({ ...row });
}

export function listWorkerFigures(db: SqliteHandle): WorkerFigures[] {
  return db.select().from(workers).all();
}

export function listLeaseFigures(db: SqliteHandle): LeaseFigures[] {
  return db.select().from(leases).all();
}

const endedLease = statement((db: SqliteHandle) =>
  db
    .delete(leases)
    .where(eq(leases.leaseId, placeholder("leaseId")))
    .prepare(),
);

/** Removes the figures of a lease that has ended; their sums stand in the lease. */
export function removeLeaseFigures(db: SqliteHandle, leaseId: string): void {
  endedLease(db).run({ leaseId });
}

/** The newest samples of one worker or of all since a time, oldest first. */
export function snapshotsSince(
  db: SqliteHandle,
  query: { workerId?: string | undefined; sinceMs: number; limit: number },
): HashrateSnapshotRow[] {
  const wanted = and(
    gte(snapshots.createdAt, query.sinceMs),
    query.workerId === undefined ? undefined : eq(snapshots.workerId, query.workerId),
  );
  return db
    .select()
    .from(snapshots)
    .where(wanted)
    .orderBy(desc(snapshots.createdAt))
    .limit(query.limit)
    .all()
    .reverse();
}

export function removeSnapshotsBefore(db: SqliteHandle, timeMs: number): void {
  db.delete(snapshots).where(lt(snapshots.createdAt, timeMs)).run();
}

import { and, desc, eq, gte, lt, sql } from "drizzle-orm";
import { type SqliteHandle, statement } from "../../../platform/database";
import { type HashrateSnapshotRow, sampleTables } from "../tables";

const { workers, leases, snapshots } = sampleTables;
const placeholder = sql.placeholder;

/** What a worker told last; it may be a second old after a crash. */
export type WorkerSample = typeof workers.$inferSelect;
/** The sum and number of the hash rates that a lease's worker told. */
export type LeaseSample = typeof leases.$inferSelect;

const insertWorkerSample = statement((db: SqliteHandle) =>
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
const insertLeaseSample = statement((db: SqliteHandle) =>
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

export function saveWorkerSample(db: SqliteHandle, sample: WorkerSample): void {
  insertWorkerSample(db).run({ ...sample });
}

export function saveLeaseSample(db: SqliteHandle, sample: LeaseSample): void {
  insertLeaseSample(db).run({ ...sample });
}

export function addSnapshot(db: SqliteHandle, row: Omit<HashrateSnapshotRow, "seq">): void {
  snapshot(db).run({ ...row });
}

export function listWorkerSamples(db: SqliteHandle): WorkerSample[] {
  return db.select().from(workers).all();
}

export function listLeaseSamples(db: SqliteHandle): LeaseSample[] {
  return db.select().from(leases).all();
}

const endedLease = statement((db: SqliteHandle) =>
  db
    .delete(leases)
    .where(eq(leases.leaseId, placeholder("leaseId")))
    .prepare(),
);

/** Removes the sample of a lease that has ended; their sums stand in the lease. */
export function removeLeaseSample(db: SqliteHandle, leaseId: string): void {
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

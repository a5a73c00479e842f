import { and, desc, eq, gte, lt, sql } from "drizzle-orm";
import { excludedOf, insertOf, type SqliteHandle, statement } from "../../../platform/database";
import { type HashrateSnapshotRow, sampleTables } from "../tables";

const { workers, leases, snapshots } = sampleTables;
const placeholder = sql.placeholder;

/** What a worker told last; it may be a second old after a crash. */
export type WorkerSample = typeof workers.$inferSelect;
/** The sum and number of the hash rates that a lease's worker told. */
export type LeaseSample = typeof leases.$inferSelect;

const insertWorkerSample = statement((db: SqliteHandle) =>
  insertOf(db, workers)
    .onConflictDoUpdate({
      target: workers.workerId,
      set: excludedOf(workers, ["hashrate", "activeGpus", "lastHeartbeat", "totalOnlineMs", "lastOnlineAt"]),
    })
    .prepare(),
);
const insertLeaseSample = statement((db: SqliteHandle) =>
  insertOf(db, leases)
    .onConflictDoUpdate({
      target: leases.leaseId,
      set: excludedOf(leases, ["hashrateSum", "hashrateCount"]),
    })
    .prepare(),
);
const snapshot = statement((db: SqliteHandle) => insertOf(db, snapshots).prepare());

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

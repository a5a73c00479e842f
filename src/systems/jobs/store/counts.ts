import { eq, ne, sql, sum } from "drizzle-orm";
import { type Storage, type StorageHandle, statement } from "../../../platform/database";
import { type JobStatus, jobTables } from "../tables";

/** How many jobs there are, kept as they change: a list tells its length without counting a million rows. */
export interface CountStore {
  /** Counts a job under its state; `from` is the one that it leaves, absent for a new one. */
  move(db: StorageHandle, job: CountedJob, from: JobStatus | undefined, to: JobStatus | undefined): Promise<void>;
  /** Jobs of a user, of one type or state where it is named. */
  total(
    userId: string,
    filter: { status?: JobStatus | undefined; simulationType?: string | undefined },
  ): Promise<number>;
  /** Jobs of a user that wait or run. */
  unsettled(db: StorageHandle, userId: string): Promise<number>;
  /** All users' jobs by type and state. */
  byTypeAndStatus(): Promise<{ simulationType: string; status: JobStatus; jobs: number }[]>;
}

interface CountedJob {
  userId: string;
  simulationType: string;
}

export function createCountStore(storage: Storage): CountStore {
  const { counts } = storage.tables(jobTables);
  const value = sql.placeholder;
  const add = statement((db: StorageHandle) =>
    db
      .insert(counts)
      .values({
        userId: value("userId"),
        simulationType: value("simulationType"),
        status: value("status"),
        jobs: value("change"),
      })
      .onConflictDoUpdate({
        target: [counts.userId, counts.simulationType, counts.status],
        set: { jobs: sql`${counts.jobs} + excluded.jobs` },
      })
      .prepare("job_count_add"),
  );
  const ofUser = statement((db: StorageHandle) =>
    db
      .select({ simulationType: counts.simulationType, status: counts.status, jobs: counts.jobs })
      .from(counts)
      .where(eq(counts.userId, value("userId")))
      .prepare("job_counts_of"),
  );
  return {
    async move(db, { userId, simulationType }, from, to) {
      const changes = [
        ...(from === undefined ? [] : [{ status: from, change: -1 }]),
        ...(to === undefined ? [] : [{ status: to, change: 1 }]),
      ];
      // Always in the same order, so that two transactions never wait for each other.
      changes.sort((a, b) => (a.status < b.status ? -1 : 1));
      for (const { status, change } of changes) await add(db).execute({ userId, simulationType, status, change });
    },
    async total(userId, { status, simulationType }) {
      const rows = await storage.read((db) => ofUser(db).execute({ userId }));
      const wanted = rows.filter(
        (row) =>
          (status === undefined || row.status === status) &&
          (simulationType === undefined || row.simulationType === simulationType),
      );
      return wanted.reduce((total, { jobs }) => total + jobs, 0);
    },
    async unsettled(db, userId) {
      const rows = await ofUser(db).execute({ userId });
      return rows.reduce(
        (total, { status, jobs }) => total + (status === "PENDING" || status === "RUNNING" ? jobs : 0),
        0,
      );
    },
    byTypeAndStatus: () => byTypeAndStatus(storage),
  };
}

function byTypeAndStatus(storage: Storage) {
  const { counts } = storage.tables(jobTables);
  return storage.read(async (db) =>
    db
      .select({
        simulationType: counts.simulationType,
        status: counts.status,
        jobs: sql<number>`${sum(counts.jobs)}`.mapWith(Number),
      })
      .from(counts)
      .where(ne(counts.jobs, 0))
      .groupBy(counts.simulationType, counts.status),
  );
}

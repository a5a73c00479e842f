import { and, desc, eq, gte, lt, sql } from "drizzle-orm";
import { type Storage, type StorageHandle, statement } from "../../../platform/database";
import { epistemixTables, type JobRow } from "../tables";

export type JobStore = ReturnType<typeof createJobStore>;

/** What a list of jobs is narrowed by; times in milliseconds, the end not included. */
export interface JobFilter {
  userId?: number | undefined;
  fromMs: number;
  untilMs: number;
  limit: number;
}

/** The rows of jobs. */
export function createJobStore(storage: Storage) {
  const { jobs } = storage.tables(epistemixTables);
  const { insert, find, submit } = statementsOf(jobs);
  return {
    async insert(db: StorageHandle, id: number, userId: number, tags: string[], nowMs: number): Promise<void> {
      await insert(db).execute({ id, userId, tags, nowMs });
    },
    find: async (db: StorageHandle, id: number): Promise<JobRow | undefined> => (await find(db).execute({ id }))[0],
    /** Records that the upload of the input was asked for; false where that had been before. */
    submit: async (db: StorageHandle, id: number, key: string, nowMs: number): Promise<boolean> =>
      (await submit(db).execute({ id, key, nowMs })).length > 0,
    async setConfig(db: StorageHandle, id: number, key: string, nowMs: number): Promise<void> {
      await db.update(jobs).set({ configLocation: key, updatedAt: nowMs }).where(eq(jobs.id, id));
    },
    /** Newest first. */
    list: (filter: JobFilter): Promise<JobRow[]> =>
      storage.read(async (db) =>
        db
          .select()
          .from(jobs)
          .where(
            and(
              filter.userId === undefined ? undefined : eq(jobs.userId, filter.userId),
              gte(jobs.createdAt, filter.fromMs),
              lt(jobs.createdAt, filter.untilMs),
            ),
          )
          .orderBy(desc(jobs.createdAt), desc(jobs.id))
          .limit(filter.limit),
      ),
    async remove(db: StorageHandle, id: number): Promise<void> {
      await db.delete(jobs).where(eq(jobs.id, id));
    },
  };
}

function statementsOf(jobs: (typeof epistemixTables)["postgres"]["jobs"]) {
  const value = sql.placeholder;
  const insert = statement((db: StorageHandle) =>
    db
      .insert(jobs)
      .values({
        id: value("id"),
        userId: value("userId"),
        tags: value("tags"),
        status: "created",
        createdAt: value("nowMs"),
        updatedAt: value("nowMs"),
        jobMetadata: {},
      })
      .prepare("epistemix_job_insert"),
  );
  const find = statement((db: StorageHandle) =>
    db
      .select()
      .from(jobs)
      .where(eq(jobs.id, value("id")))
      .prepare("epistemix_job"),
  );
  const submit = statement((db: StorageHandle) =>
    db
      .update(jobs)
      .set({ status: "submitted", inputLocation: sql`${value("key")}`, updatedAt: sql`${value("nowMs")}` })
      .where(and(eq(jobs.id, value("id")), eq(jobs.status, "created")))
      .returning({ id: jobs.id })
      .prepare("epistemix_job_submit"),
  );
  return { insert, find, submit };
}

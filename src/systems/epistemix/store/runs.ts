import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { type Storage, type StorageHandle, statement } from "../../../platform/database";
import { epistemixTables, type RunRow, type RunStatus } from "../tables";

export type RunStore = ReturnType<typeof createRunStore>;

/** A run as it begins. */
export type NewRun = Pick<RunRow, "id" | "jobId" | "userId" | "request" | "podPhase" | "status" | "epxClientVersion">;

/** What changes of a run. */
export type RunChange = Partial<
  Pick<
    RunRow,
    "podPhase" | "status" | "configUrl" | "resultsUrl" | "resultsUploadedAt" | "progress" | "error" | "losses"
  >
>;

/** The rows of runs. Whatever changes a state carries the states that it changes as its condition. */
export function createRunStore(storage: Storage) {
  const { runs } = storage.tables(epistemixTables);
  const { insert, ofJob, configure } = statementsOf(runs);
  return {
    async insert(db: StorageHandle, run: NewRun, nowMs: number): Promise<void> {
      await insert(db).execute({ ...run, nowMs });
    },
    ofJob: async (db: StorageHandle, jobId: number): Promise<RunRow[]> => ofJob(db).execute({ jobId }),
    ofJobs: async (db: StorageHandle, jobIds: readonly number[]): Promise<RunRow[]> =>
      jobIds.length === 0
        ? []
        : db
            .select()
            .from(runs)
            .where(inArray(runs.jobId, [...jobIds]))
            .orderBy(asc(runs.id)),
    byIds: async (db: StorageHandle, ids: readonly number[]): Promise<RunRow[]> =>
      ids.length === 0
        ? []
        : db
            .select()
            .from(runs)
            .where(inArray(runs.id, [...ids]))
            .orderBy(asc(runs.id)),
    /** Records that the upload of its configuration was asked for; false where the job has no such run. */
    configure: async (db: StorageHandle, jobId: number, id: number, key: string, nowMs: number): Promise<boolean> =>
      (await configure(db).execute({ jobId, id, key, nowMs })).length > 0,
    /** Makes the change where the run is in one of these states; undefined where it is not. */
    change: async (
      db: StorageHandle,
      id: number,
      from: readonly RunStatus[],
      set: RunChange,
      nowMs: number,
    ): Promise<RunRow | undefined> => {
      const changed = await db
        .update(runs)
        .set({ ...set, updatedAt: nowMs })
        .where(and(eq(runs.id, id), inArray(runs.status, [...from])))
        .returning();
      return changed[0];
    },
  };
}

function statementsOf(runs: (typeof epistemixTables)["postgres"]["runs"]) {
  const value = sql.placeholder;
  const insert = statement((db: StorageHandle) =>
    db
      .insert(runs)
      .values({
        id: value("id"),
        jobId: value("jobId"),
        userId: value("userId"),
        createdAt: value("nowMs"),
        updatedAt: value("nowMs"),
        request: value("request"),
        podPhase: sql`${value("podPhase")}`,
        status: sql`${value("status")}`,
        userDeleted: 0,
        epxClientVersion: value("epxClientVersion"),
        progress: 0,
        losses: 0,
      })
      .prepare("epistemix_run_insert"),
  );
  const ofJob = statement((db: StorageHandle) =>
    db
      .select()
      .from(runs)
      .where(eq(runs.jobId, value("jobId")))
      .orderBy(asc(runs.id))
      .prepare("epistemix_runs_of_job"),
  );
  const configure = statement((db: StorageHandle) =>
    db
      .update(runs)
      .set({ configUrl: sql`${value("key")}`, updatedAt: sql`${value("nowMs")}` })
      .where(and(eq(runs.id, value("id")), eq(runs.jobId, value("jobId"))))
      .returning({ id: runs.id })
      .prepare("epistemix_run_configure"),
  );
  return { insert, ofJob, configure };
}

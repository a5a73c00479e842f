import { and, asc, count, desc, eq, getTableColumns, inArray, lt, sql } from "drizzle-orm";
import { insertRows, type Storage, type StorageHandle, statement } from "../../../platform/database";
import { type JobRow, type JobStatus, jobTables } from "../tables";

/** What answers tell of a job: the row without what may be large. */
export type JobSummary = Omit<JobRow, "parameters" | "resultInline" | "checkpoint">;

/** What lists are narrowed by. */
export interface JobFilter {
  status?: JobStatus | undefined;
  simulationType?: string | undefined;
}

/** A change that holds only for a job in that state, and if asked in that run of it. */
export interface JobChange {
  id: string;
  from: JobStatus;
  runNumber?: number;
  set: Partial<Omit<JobRow, "id" | "eventCount">>;
}

export type JobStore = ReturnType<typeof createJobStore>;

type Table = (typeof jobTables)["postgres"]["jobs"];

/** The rows of jobs. Whatever changes a state carries the state that it changes as its condition. */
export function createJobStore(storage: Storage) {
  const { jobs } = storage.tables(jobTables);
  const summary = summaryOf(jobs);
  const value = sql.placeholder;
  const findOwn = statement((db: StorageHandle) =>
    db
      .select(summary)
      .from(jobs)
      .where(and(eq(jobs.id, value("id")), eq(jobs.userId, value("userId"))))
      .prepare("job_own"),
  );
  const findAny = statement((db: StorageHandle) =>
    db
      .select(summary)
      .from(jobs)
      .where(eq(jobs.id, value("id")))
      .prepare("job_any"),
  );
  const findWhole = statement((db: StorageHandle) =>
    db
      .select()
      .from(jobs)
      .where(eq(jobs.id, value("id")))
      .prepare("job_whole"),
  );
  return {
    insert: insertRows(jobs, "job_insert"),
    /** One of a user's jobs. */
    own: async (userId: string, id: string): Promise<JobSummary | undefined> =>
      (await storage.read((db) => findOwn(db).execute({ userId, id })))[0],
    /** A job with all that it holds, whoever asks. */
    whole: async (id: string): Promise<JobRow | undefined> =>
      (await storage.read((db) => findWhole(db).execute({ id })))[0],
    byId: async (db: StorageHandle, id: string): Promise<JobSummary | undefined> =>
      (await findAny(db).execute({ id }))[0],
    /** Begins the next run of a job that waits and counts one event more; undefined where it does not wait. */
    start: startOf(jobs),
    list: listOf(storage, jobs),
    /** Makes the change and counts one event more; undefined where its condition does not hold. */
    change: changeOf(jobs),
    ...runWrites(jobs),
    ...lookups(storage, jobs),
  };
}

/** What a run begins with. */
export interface JobStart {
  id: string;
  runNumber: number;
  now: number;
  worker: string;
  engine: string;
}

/** Progress belongs to an attempt: what a lost worker had done of one counts until more is done. */
function startOf(jobs: Table) {
  const value = sql.placeholder;
  const start = statement((db: StorageHandle) =>
    db
      .update(jobs)
      .set({
        status: "RUNNING",
        attempt: sql`${jobs.failures} + 1`,
        progress: sql`CASE WHEN ${jobs.attempt} = ${jobs.failures} + 1 THEN ${jobs.progress} ELSE 0 END`,
        runNumber: sql`${value("runNumber")}`,
        startedAt: sql`coalesce(${jobs.startedAt}, ${value("now")})`,
        workerId: sql`${value("worker")}`,
        engine: sql`${value("engine")}`,
        eventCount: sql`${jobs.eventCount} + 1`,
      })
      .where(and(eq(jobs.id, value("id")), eq(jobs.status, "PENDING")))
      .returning(summaryOf(jobs))
      .prepare("job_start"),
  );
  return async (db: StorageHandle, beginning: JobStart): Promise<JobSummary | undefined> =>
    (await start(db).execute({ ...beginning }))[0];
}

/** Changes of a state, by a prepared statement for each set of columns that is changed together. */
function changeOf(jobs: Table) {
  const value = sql.placeholder;
  const build = (columns: readonly string[], inRun: boolean, name: string) =>
    statement((db: StorageHandle) => {
      const set = Object.fromEntries(columns.map((column) => [column, sql`${value(column)}`]));
      return db
        .update(jobs)
        .set({ ...set, eventCount: sql`${jobs.eventCount} + 1` })
        .where(
          and(
            eq(jobs.id, value("whichId")),
            eq(jobs.status, value("whichStatus")),
            inRun ? eq(jobs.runNumber, value("whichRun")) : undefined,
          ),
        )
        .returning(summaryOf(jobs))
        .prepare(name);
    });
  const built = new Map<string, ReturnType<typeof build>>();
  return async (db: StorageHandle, { id, from, runNumber, set }: JobChange): Promise<JobSummary | undefined> => {
    const columns = Object.keys(set);
    const name = `job_change_${columns.join("_")}_${runNumber === undefined}`;
    const change = built.get(name) ?? build(columns, runNumber !== undefined, `job_change_${built.size}`);
    built.set(name, change);
    const changed = await change(db).execute({ ...set, whichId: id, whichStatus: from, whichRun: runNumber });
    return changed[0];
  };
}

/** What a run writes on its way; when it is over, nothing. */
function runWrites(jobs: Table) {
  return {
    /** Raises the progress of a run, never lowers it. */
    async progress(db: StorageHandle, id: string, runNumber: number, fraction: number): Promise<void> {
      await db
        .update(jobs)
        .set({ progress: fraction })
        .where(
          and(eq(jobs.id, id), eq(jobs.runNumber, runNumber), eq(jobs.status, "RUNNING"), lt(jobs.progress, fraction)),
        );
    },
    /** False where the run is over. */
    async checkpoint(db: StorageHandle, id: string, runNumber: number, checkpoint: string): Promise<boolean> {
      const kept = await db
        .update(jobs)
        .set({ checkpoint })
        .where(and(eq(jobs.id, id), eq(jobs.runNumber, runNumber), eq(jobs.status, "RUNNING")))
        .returning({ id: jobs.id });
      return kept.length > 0;
    },
    /** Takes so many numbers for events of a run; gives the first, or undefined where the run is over. */
    async takeNumbers(db: StorageHandle, id: string, runNumber: number, many: number): Promise<number | undefined> {
      const [row] = await db
        .update(jobs)
        .set({ eventCount: sql`${jobs.eventCount} + ${many}` })
        .where(and(eq(jobs.id, id), eq(jobs.runNumber, runNumber), eq(jobs.status, "RUNNING")))
        .returning({ last: jobs.eventCount });
      return row === undefined ? undefined : row.last - many + 1;
    },
  };
}

/** What chores and monitors ask for. */
function lookups(storage: Storage, jobs: Table) {
  return {
    /** Jobs of any user, newest first. */
    recent: (filter: JobFilter, limit: number): Promise<JobSummary[]> =>
      storage.read(async (db) =>
        db
          .select(summaryOf(jobs))
          .from(jobs)
          .where(filterOf(jobs, filter))
          .orderBy(desc(jobs.createdAt), desc(jobs.id))
          .limit(limit),
      ),
    /** The oldest jobs that ended before a time. */
    endedBefore: (beforeMs: number, limit: number): Promise<JobSummary[]> =>
      storage.read(async (db) =>
        db
          .select(summaryOf(jobs))
          .from(jobs)
          .where(and(inArray(jobs.status, ["COMPLETED", "FAILED", "CANCELLED"]), lt(jobs.completedAt, beforeMs)))
          .orderBy(asc(jobs.completedAt))
          .limit(limit),
      ),
    async remove(db: StorageHandle, id: string): Promise<void> {
      await db.delete(jobs).where(eq(jobs.id, id));
    },
    /** Jobs that wait or run, oldest first: what a queue must hold an entry of. */
    unsettled: (): Promise<JobSummary[]> =>
      storage.read(async (db) =>
        db
          .select(summaryOf(jobs))
          .from(jobs)
          .where(inArray(jobs.status, ["PENDING", "RUNNING"]))
          .orderBy(asc(jobs.createdAt)),
      ),
    async unsettledOf(db: StorageHandle, scheduleId: string): Promise<number> {
      const [found] = await db
        .select({ count: count() })
        .from(jobs)
        .where(and(eq(jobs.scheduleId, scheduleId), inArray(jobs.status, ["PENDING", "RUNNING"])));
      return Number(found?.count ?? 0);
    },
  };
}

function listOf(storage: Storage, jobs: Table) {
  const pages = new Map<string, ReturnType<typeof page>>();
  function page(filter: JobFilter) {
    const value = sql.placeholder;
    return statement((db: StorageHandle) =>
      db
        .select(summaryOf(jobs))
        .from(jobs)
        .where(
          and(
            eq(jobs.userId, value("userId")),
            filter.status === undefined ? undefined : eq(jobs.status, value("status")),
            filter.simulationType === undefined ? undefined : eq(jobs.simulationType, value("simulationType")),
          ),
        )
        .orderBy(desc(jobs.createdAt), desc(jobs.id))
        .limit(value("limit"))
        .offset(value("offset"))
        .prepare(`job_list_${filter.status === undefined}_${filter.simulationType === undefined}`),
    );
  }
  /** One page of a user's jobs, newest first; of equal times by id. */
  return (userId: string, filter: JobFilter, limit: number, offset: number): Promise<JobSummary[]> => {
    const shape = `${filter.status === undefined} ${filter.simulationType === undefined}`;
    const known = pages.get(shape) ?? page(filter);
    pages.set(shape, known);
    return storage.read((db) => known(db).execute({ userId, ...filter, limit, offset }));
  };
}

function filterOf(jobs: Table, { status, simulationType }: JobFilter) {
  return and(
    status === undefined ? undefined : eq(jobs.status, status),
    simulationType === undefined ? undefined : eq(jobs.simulationType, simulationType),
  );
}

function summaryOf(jobs: Table) {
  const { parameters: _parameters, resultInline: _result, checkpoint: _checkpoint, ...columns } = getTableColumns(jobs);
  return columns;
}

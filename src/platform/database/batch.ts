import { type Connection, type SqliteHandle, toldError } from "./connection";

/** A transaction that waits: what to do, and whom to tell. */
export interface Job {
  work: (db: SqliteHandle) => unknown;
  result: unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** Counts since the start. `commits / transactions` is what a transaction pays of an fsync. */
export interface BatchCounts {
  /** Committed transactions. */
  transactions: number;
  commits: number;
  /** Transactions that were undone. */
  failed: number;
}

/** A batch takes no further transaction after this long, so that sockets are served in between. */
const BATCH_BUDGET_MS = 4;

/**
 * Gives the function that runs jobs one after another in one transaction of the connection, each as a savepoint, and
 * answers them after its commit. It gives back the jobs that it did not come to, and counts into `counts`.
 */
export function batches(connection: Connection, counts: BatchCounts): (jobs: Job[]) => Promise<Job[]> {
  const { raw } = connection;
  const begin = raw.query("BEGIN IMMEDIATE");
  const commit = raw.query("COMMIT");
  const rollback = raw.query("ROLLBACK");
  const runSingle = singleTransactions(connection);

  /** Runs jobs until the time is spent or the transaction lost; `done` receives those that did not fail. */
  async function runJobs(jobs: Job[], done: Job[]): Promise<Job[]> {
    const endAtMs = performance.now() + BATCH_BUDGET_MS;
    for (const [i, job] of jobs.entries()) {
      try {
        const running = runSingle(job);
        if (running !== undefined) await running;
        done.push(job);
      } catch (error) {
        refuse([job], error);
        // A full disk or a failing one makes SQLite undo the whole batch by itself.
        if (!raw.inTransaction) refuse(done.splice(0), error);
      }
      if (!raw.inTransaction || performance.now() > endAtMs) return jobs.slice(i + 1);
    }
    return [];
  }

  function refuse(jobs: Job[], error: unknown): void {
    counts.failed += jobs.length;
    const told = toldError(error);
    for (const job of jobs) job.reject(told);
  }

  return async (jobs) => {
    const done: Job[] = [];
    try {
      begin.run();
    } catch (error) {
      refuse(jobs, error);
      return [];
    }
    const left = await runJobs(jobs, done);
    try {
      if (raw.inTransaction) commit.run();
    } catch (error) {
      if (raw.inTransaction) rollback.run();
      refuse(done, error);
      return left;
    }
    if (done.length > 0) counts.commits += 1;
    counts.transactions += done.length;
    for (const job of done) job.resolve(job.result);
    return left;
  };
}

/**
 * Runs one job as a savepoint of the open transaction. It throws (or rejects) what the job threw, after the job's
 * changes are undone; a promise is given back only for an asynchronous job.
 */
function singleTransactions(connection: Connection): (job: Job) => Promise<void> | undefined {
  const { raw, handle } = connection;
  const savepoint = raw.query("SAVEPOINT one");
  const release = raw.query("RELEASE one");
  const rollbackTo = raw.query("ROLLBACK TO one");
  const rollback = raw.query("ROLLBACK");

  function undo(): void {
    connection.open = false;
    if (!raw.inTransaction) return;
    try {
      rollbackTo.run();
      release.run();
    } catch {
      // The savepoint cannot be undone alone, so nothing of the batch may be kept; the caller sees no transaction.
      rollback.run();
    }
  }

  function keep(): void {
    connection.open = false;
    release.run();
  }

  async function finish(job: Job, running: PromiseLike<unknown>): Promise<void> {
    try {
      job.result = await endingThisTurn(running);
      keep();
    } catch (error) {
      undo();
      throw error;
    }
  }

  return (job) => {
    savepoint.run();
    connection.open = true;
    try {
      job.result = job.work(handle);
      if (isPromise(job.result)) return finish(job, job.result);
      keep();
      return undefined;
    } catch (error) {
      undo();
      throw error;
    }
  };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}

/** Waits for what needs only microtasks, as queries on SQLite do; anything else would hold up every other writer. */
async function endingThisTurn<T>(running: PromiseLike<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const turnEnd = setImmediate(() =>
    reject(new Error("A transaction awaited something other than its own queries; it was undone.")),
  );
  try {
    return await Promise.race([running, late]);
  } finally {
    clearImmediate(turnEnd);
  }
}

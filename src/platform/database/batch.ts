import { type Connection, type SqliteHandle, toldError } from "./connection";

/** A change that waits for its turn: what to do, and whom to tell. */
export interface Change {
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
 * Gives the function that runs changes one after another in one transaction of the connection, each as a savepoint, and
 * answers them after its commit. It gives back the changes that it did not come to, and counts into `counts`.
 */
export function batches(connection: Connection, counts: BatchCounts): (changes: Change[]) => Promise<Change[]> {
  const { raw } = connection;
  const begin = raw.query("BEGIN IMMEDIATE");
  const commit = raw.query("COMMIT");
  const rollback = raw.query("ROLLBACK");
  const runSingle = singleTransactions(connection);

  /** Runs changes until the time is spent or the transaction lost; `done` receives those that did not fail. */
  async function runAll(changes: Change[], done: Change[]): Promise<Change[]> {
    const endAtMs = performance.now() + BATCH_BUDGET_MS;
    for (const [i, change] of changes.entries()) {
      try {
        const running = runSingle(change);
        if (running !== undefined) await running;
        done.push(change);
      } catch (error) {
        refuse([change], error);
        // A full disk or a failing one makes SQLite undo the whole batch by itself.
        if (!raw.inTransaction) refuse(done.splice(0), error);
      }
      if (!raw.inTransaction || performance.now() > endAtMs) return changes.slice(i + 1);
    }
    return [];
  }

  function refuse(changes: Change[], error: unknown): void {
    counts.failed += changes.length;
    const told = toldError(error);
    for (const change of changes) change.reject(told);
  }

  return async (changes) => {
    const done: Change[] = [];
    try {
      begin.run();
    } catch (error) {
      refuse(changes, error);
      return [];
    }
    const left = await runAll(changes, done);
    try {
      if (raw.inTransaction) commit.run();
    } catch (error) {
      if (raw.inTransaction) rollback.run();
      refuse(done, error);
      return left;
    }
    if (done.length > 0) counts.commits += 1;
    counts.transactions += done.length;
    for (const change of done) change.resolve(change.result);
    return left;
  };
}

/**
 * Runs one change as a savepoint of the open transaction. It throws (or rejects) what the change threw, after all that
 * it had done is undone; a promise is given back only for an asynchronous change.
 */
function singleTransactions(connection: Connection): (change: Change) => Promise<void> | undefined {
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

  async function finish(change: Change, running: PromiseLike<unknown>): Promise<void> {
    try {
      change.result = await endingThisTurn(running);
      keep();
    } catch (error) {
      undo();
      throw error;
    }
  }

  return (change) => {
    savepoint.run();
    connection.open = true;
    try {
      change.result = change.work(handle);
      if (isPromise(change.result)) return finish(change, change.result);
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

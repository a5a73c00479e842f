import { RequestError } from "../errors";
import { type BatchCounts, batches, type Change } from "./batch";
import type { Connection, SqliteHandle } from "./connection";

/** Runs transactions one after another on the one writing connection, many to a commit. */
export interface Committer {
  /**
   * Runs `work` in a transaction of its own and gives its result once that is on the disk. A `work` that throws is
   * undone alone. An asynchronous one may await nothing but its own queries: what has not ended within this turn of
   * the event loop is undone and refused, because everybody else's transactions wait behind it.
   * @throws whatever `work` threw; RequestError 503 when the disk is full or too many transactions wait.
   */
  transact<T>(work: (db: SqliteHandle) => T | Promise<T>): Promise<T>;
  stats(): CommitterStats;
  /** Takes no further transactions and ends when those that wait are committed. */
  drain(): Promise<void>;
}

export interface CommitterStats extends BatchCounts {
  /** Transactions that wait now. */
  waiting: number;
}

/** The most transactions that share a commit, and so an fsync and a fate when that commit fails. */
const MAX_BATCH = 64;
/** More than this many waiting means that the disk does not keep up; the newest is refused. */
export const MAX_WAITING = 100_000;
const RETRY_AFTER_S = 1;

export function createCommitter(connection: Connection): Committer {
  const counts: BatchCounts = { transactions: 0, commits: 0, failed: 0 };
  const runBatch = batches(connection, counts);
  /** Transactions in the order of their arrival; those of the running batch are no longer here. */
  let waiting: Change[] = [];
  /** True from the first waiting transaction until none waits. */
  let scheduled = false;
  let draining = false;
  const whenIdle: (() => void)[] = [];

  function transact<T>(work: (db: SqliteHandle) => T | Promise<T>): Promise<T> {
    if (draining) return Promise.reject(new RequestError(503, "The service is stopping."));
    if (waiting.length >= MAX_WAITING) {
      const detail = `More than ${MAX_WAITING} changes wait for the disk; try again later.`;
      return Promise.reject(new RequestError(503, detail, { retryAfterS: RETRY_AFTER_S }));
    }
    return new Promise<T>((resolve, reject) => {
      waiting.push({ work, result: undefined, resolve: resolve as (value: unknown) => void, reject });
      if (scheduled) return;
      scheduled = true;
      setImmediate(commitNext);
    });
  }

  async function commitNext(): Promise<void> {
    const left = await runBatch(waiting.splice(0, MAX_BATCH));
    if (left.length > 0) waiting = left.concat(waiting);
    if (waiting.length > 0) {
      setImmediate(commitNext);
      return;
    }
    scheduled = false;
    for (const tell of whenIdle.splice(0)) tell();
  }

  return {
    transact,
    stats: () => ({ ...counts, waiting: waiting.length }),
    drain() {
      draining = true;
      return scheduled ? new Promise((resolve) => whenIdle.push(resolve)) : Promise.resolve();
    },
  };
}

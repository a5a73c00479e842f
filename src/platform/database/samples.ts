import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Revision } from "../../../drizzle/revisions";
import type { Clock } from "../clock";
import { type Connection, openConnection, type Place, type SqliteHandle } from "./connection";
import { migrateUp } from "./migrate";
import { sqliteMigrations } from "./sqliteMigrations";

/** Writes one row. */
type RowWrite = (db: SqliteHandle) => void;

/**
 * Rows that may be lost: heartbeats, sampled hash rates. They wait in memory for up to a second and are then written without
 * waiting for the disk, into a file of their own, so that they cost the transactions that matter nothing.
 */
export interface Samples {
  /**
   * Writes a row within the next second. Of several rows with the same `key` only the newest is written; without a key
   * every one is. When more rows wait than there is room for, the oldest are dropped and counted.
   */
  record(write: RowWrite, key?: string): void;
  /** Sees what has been written, not what waits. */
  read<T>(work: (db: SqliteHandle) => T): T;
  stats(): SamplesStats;
  /** Writes what waits, at once. */
  flush(): Promise<void>;
  /** Writes what waits and closes the file. */
  close(): Promise<void>;
}

/** Rows since the start, and those that wait now. */
export interface SamplesStats {
  written: number;
  dropped: number;
  waiting: number;
}

export interface SamplesOptions {
  place: Place;
  revisions: readonly Revision[];
  clock: Clock;
  /** Told of rows that could not be written; they are dropped. */
  onError: (error: unknown) => void;
}

export const SAMPLES_FILE = "samples.db";
/** What the file was called once. */
const FORMER_FILE = "figures.db";

const FLUSH_AFTER_MS = 1000;
/** Rows in one transaction: about 2 ms, so that the event loop is never held up. */
const MAX_SLICE_ROWS = 500;
const MAX_WAITING = 100_000;

/** Gives the file of an older data folder its name of now. What is beside it goes first, so that none is left behind. */
export function takeOverFormerFile(folder: string): void {
  if (existsSync(join(folder, SAMPLES_FILE)) || !existsSync(join(folder, FORMER_FILE))) return;
  for (const part of ["-wal", "-shm", ""]) {
    const former = join(folder, `${FORMER_FILE}${part}`);
    if (existsSync(former)) renameSync(former, join(folder, `${SAMPLES_FILE}${part}`));
  }
}

/** Opens the file of samples and brings its schema up to date. @throws UsageError when it is newer than this program. */
export async function openSamples({ place, revisions, clock, onError }: SamplesOptions): Promise<Samples> {
  using opening = new DisposableStack();
  const writer = opening.adopt(openConnection(place, "samples"), (connection) => connection.close());
  await migrateUp(sqliteMigrations(writer.raw, revisions, clock.now));
  const reader = opening.adopt(openConnection(place, "reader"), (connection) => connection.close());
  const writeRows = rowWriter(writer, onError);
  /** In the order of arrival; rows without a key have a number for one. */
  const waiting = new Map<string | number, RowWrite>();
  let unkeyed = 0;
  let cancelFlush: (() => void) | undefined;
  let flushing: Promise<void> = Promise.resolve();
  const counts = { written: 0, dropped: 0 };

  function record(write: RowWrite, key?: string): void {
    const place = key ?? unkeyed++;
    waiting.delete(place);
    if (waiting.size >= MAX_WAITING) {
      waiting.delete(waiting.keys().next().value!);
      counts.dropped += 1;
    }
    waiting.set(place, write);
    cancelFlush ??= clock.after(FLUSH_AFTER_MS, () => void flush());
  }

  function flush(): Promise<void> {
    cancelFlush?.();
    cancelFlush = undefined;
    flushing = flushing.then(writeAll);
    return flushing;
  }

  async function writeAll(): Promise<void> {
    while (waiting.size > 0) {
      const slice = waiting.entries().take(MAX_SLICE_ROWS).toArray();
      for (const [key] of slice) waiting.delete(key);
      const written = writeRows(slice.map(([, write]) => write));
      counts.written += written;
      counts.dropped += slice.length - written;
      if (waiting.size > 0) await new Promise(setImmediate);
    }
  }

  const opened = opening.move();
  return {
    record,
    read: (work) => work(reader.handle),
    stats: () => ({ ...counts, waiting: waiting.size }),
    flush,
    async close() {
      await flush();
      opened.dispose();
    },
  };
}

/** Writes rows in one transaction, and gives how many could be written: a row that cannot be costs the others nothing. */
function rowWriter(writer: Connection, onError: SamplesOptions["onError"]): (rows: readonly RowWrite[]) => number {
  const begin = writer.raw.query("BEGIN IMMEDIATE");
  const commit = writer.raw.query("COMMIT");

  function writeRow(write: RowWrite): number {
    try {
      write(writer.handle);
      return 1;
    } catch (error) {
      onError(error);
      return 0;
    }
  }

  return (rows) => {
    let written = 0;
    try {
      begin.run();
      writer.open = true;
      for (const write of rows) written += writeRow(write);
      commit.run();
      return written;
    } catch (error) {
      if (writer.raw.inTransaction) writer.raw.run("ROLLBACK");
      onError(error);
      return 0;
    } finally {
      writer.open = false;
    }
  };
}

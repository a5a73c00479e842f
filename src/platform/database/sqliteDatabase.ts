import { join } from "node:path";
import type { Revision } from "../../../drizzle/revisions";
import { samplesRevisions, sqliteRevisions } from "../../../drizzle/revisions";
import type { Clock } from "../clock";
import { type CommitterStats, createCommitter } from "./committer";
import { type Connection, openConnection, type Place, type SqliteHandle } from "./connection";
import type { DataFolder } from "./folder";
import { type Installation, recordInstallation } from "./installation";
import { migrateUp } from "./migrate";
import { openSamples, SAMPLES_FILE, type Samples, type SamplesStats, takeOverFormerFile } from "./samples";
import { sqliteMigrations } from "./sqliteMigrations";
import type { Storage, StorageHandle } from "./storage";

/** The embedded database: one file for what must last, one for samples that may be lost. */
export interface SqliteDatabase {
  /** Runs queries on a connection that sees what is committed. All reads of one call see the same state. */
  read<T>(work: (db: SqliteHandle) => T): T;
  /**
   * Runs `work`, a synchronous function, as one transaction and gives its result when it is on the disk; until then
   * nothing about it may be told to anybody. Transactions run in the order of the calls, many to a commit.
   * @throws (as a rejection) whatever `work` threw, with all it did undone; RequestError 503 on a full disk.
   */
  transact<T>(work: (db: SqliteHandle) => Synchronous<T>): Promise<T>;
  samples: Samples;
  installation: Installation;
  /** The asynchronous face of the same file, for stores that also run on Postgres. */
  storage: Storage;
  stats(): { transactions: CommitterStats; samples: SamplesStats };
  /** Commits what waits, writes the samples and closes both files. */
  close(): Promise<void>;
}

/** Refuses asynchronous functions when the types are checked; {@link Storage} is for those. */
type Synchronous<T> = T extends PromiseLike<unknown> ? never : T;

export interface SqliteOptions {
  /** Where the files live; without it both are in memory and end with the process. */
  folder?: DataFolder;
  /** The program's version, kept with the installation. */
  version: string;
  clock: Clock;
  /** Told of samples that could not be written. */
  onSamplesError: (error: unknown) => void;
  revisions?: { main: readonly Revision[]; samples: readonly Revision[] };
}

const allRevisions = { main: sqliteRevisions, samples: samplesRevisions };

/**
 * Opens the database and brings it to the newest revision.
 * @throws UsageError when it is newer than this program; the database's error when a migration fails, which then left
 * the old state.
 */
export async function openDatabase(options: SqliteOptions): Promise<SqliteDatabase> {
  const { clock, revisions = allRevisions } = options;
  const places = placesOf(options);
  await using opening = new AsyncDisposableStack();
  const writer = opening.adopt(openConnection(places.main, "writer"), closeWriter);
  await migrateUp(sqliteMigrations(writer.raw, revisions.main, clock.now));
  const reader = opening.adopt(openConnection(places.main, "reader"), (connection) => connection.close());
  const samples = opening.adopt(
    await openSamples({
      place: places.samples,
      revisions: revisions.samples,
      clock,
      onError: options.onSamplesError,
    }),
    (opened) => opened.close(),
  );
  const committer = createCommitter(writer);
  const storage = sqliteStorage(reader.handle, committer.transact, clock);
  const installation = await recordInstallation(storage, options.version, clock.now());
  const opened = opening.move();
  return {
    read: (work) => work(reader.handle),
    transact: committer.transact as SqliteDatabase["transact"],
    samples,
    storage,
    installation,
    stats: () => ({ transactions: committer.stats(), samples: samples.stats() }),
    async close() {
      await committer.drain();
      await opened.disposeAsync();
    },
  };
}

/** Leaves one file: what is in the write-ahead log goes into the database. */
function closeWriter(writer: Connection): void {
  writer.raw.run("PRAGMA wal_checkpoint(TRUNCATE)");
  writer.close();
}

function placesOf({ folder }: SqliteOptions): { main: Place; samples: Place } {
  if (folder === undefined) {
    const name = crypto.randomUUID();
    return { main: { memory: name }, samples: { memory: `${name}-samples` } };
  }
  takeOverFormerFile(folder.path);
  return {
    main: { file: folder.database },
    samples: { file: join(folder.path, SAMPLES_FILE) },
  };
}

/** The asynchronous face of a connection that reads and of what writes. */
export function sqliteStorage(
  reader: SqliteHandle,
  transact: <T>(work: (db: SqliteHandle) => Promise<T>) => Promise<T>,
  clock: Clock,
): Storage {
  // At run time drizzle's builders for SQLite answer to everything that StorageHandle offers.
  const asStorage = (db: SqliteHandle) => db as unknown as StorageHandle;
  return {
    dialect: "sqlite",
    tables: (tables) => tables.sqlite,
    read: async (work) => work(asStorage(reader)),
    transact: (work) => transact((db) => work(asStorage(db))),
    transactConditional: (work) => transact((db) => work(asStorage(db))),
    // One process has the file, so its clock is the database's.
    nowMs: async () => clock.now(),
  };
}

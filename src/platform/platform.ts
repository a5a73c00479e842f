import type { Config } from "../config/settings";
import type { BlobStore } from "./blobs/blobs";
import type { Clock } from "./clock";
import type { WorkPool } from "./compute/pool";
import type { SqliteDatabase, Storage } from "./database";
import type { Log } from "./log";
import type { Metrics } from "./metrics";
import type { Random } from "./random";

/** What every system stands on. `app.ts` makes one for the process and hands it to each system. */
export interface Platform {
  config: Config;
  log: Log;
  metrics: Metrics;
  clock: Clock;
  random: Random;
  pool: WorkPool;
  /**
   * Further threads of the same kind, for what is let in elsewhere: nothing waits too long for them. They know what
   * `pool` shares, and end with the program.
   */
  openPool(workers: number): WorkPool;
  blobs: BlobStore;
  /** Signs the links to blobs. */
  blobKey: Uint8Array;
  /** The embedded database: live state of the systems that are one process. */
  database: SqliteDatabase;
  /** Postgres where one is set, else the same embedded database: state that several machines may share. */
  storage: Storage;
  /** Signs tokens and links; never to be logged or sent. */
  secretKey: string;
  /** Aborted when the program begins to stop: what would stand open for ever ends then, and requests are still served. */
  stopping: AbortSignal;
  /** Absolute path of the folder of everything that is kept. */
  dataDir: string;
}

import type { Config } from "../config/settings";
import type { Clock } from "./clock";
import type { WorkPool } from "./compute/pool";
import type { SqliteDatabase } from "./database";
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
  database: SqliteDatabase;
  /** Signs tokens and links; never to be logged or sent. */
  secretKey: string;
  /** Absolute path of the folder of everything that is kept. */
  dataDir: string;
}

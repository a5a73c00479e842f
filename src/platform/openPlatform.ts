import { availableParallelism } from "node:os";
import type { LoadedConfig } from "../config/load";
import { namedSecret } from "../config/secrets";
import type { Config } from "../config/settings";
import { derivedKey } from "./auth/keys";
import { openBlobs } from "./blobs/open";
import { systemClock } from "./clock";
import { createPool, type PoolOptions, type WorkPool } from "./compute/pool";
import { createSharedValues } from "./compute/sharedValues";
import { openDatabase, openDataFolder, openPostgres, type Storage } from "./database";
import { messageOf } from "./errors";
import { createLog, logSink } from "./log";
import { createMetrics } from "./metrics";
import type { Platform } from "./platform";
import { unseededRandom } from "./random";
import { VERSION } from "./version";

/** The most pieces of work that may wait for a thread. */
const MAX_WAITING = 1000;

/**
 * What the systems stand on, opened in order; `closing` takes what must be undone at the end, the last first.
 * @throws UsageError when the data folder cannot be had.
 */
export async function openPlatform(
  loaded: LoadedConfig,
  createWorker: () => Worker,
  closing: AsyncDisposableStack,
  stopping: AbortSignal,
): Promise<Platform> {
  const { values: config } = loaded;
  const log = createLog({ level: config.LOG_LEVEL, clock: systemClock, sink: logSink(config.LOG_FILE) });
  const metrics = createMetrics(VERSION);
  const folder = openDataFolder(config.DATA_DIR, config.DATABASE_FILE);
  closing.defer(() => folder.release());
  const database = await openDatabase({
    ...(config.ENVIRONMENT === "testing" ? {} : { folder }),
    version: VERSION,
    clock: systemClock,
    onSamplesError: (error) => log.write("error", "samples were not written", { error }),
  });
  closing.defer(() => database.close());
  const storage = await sharedStorage(config, closing);
  const common = {
    createWorker,
    shared: createSharedValues(),
    onCrash: (error: unknown) => log.write("error", "a calculating thread crashed", { error: messageOf(error) }),
  };
  const pool = createPool({
    ...common,
    workers: config.WORKERS ?? Math.max(1, availableParallelism() - 1),
    maxWaitMs: config.COMPUTE_MAX_WAIT_S * 1000,
    maxWaiting: MAX_WAITING,
  });
  closing.defer(() => pool.stop());
  metrics.gauge("foresight_transactions", "Transactions committed.", () => database.stats().transactions.transactions);
  metrics.gauge("foresight_commits", "Commits of the database file.", () => database.stats().transactions.commits);
  metrics.gauge("foresight_work_running", "Pieces of work that run.", () => pool.load().running);
  metrics.gauge("foresight_work_waiting", "Pieces of work that wait.", () => pool.load().waiting);
  const secretKey = namedSecret("SECRET_KEY", loaded, folder.path, (sentence) => log.write("info", sentence));
  const blobKey = derivedKey(secretKey, "blob");
  return {
    config,
    log,
    metrics,
    clock: systemClock,
    random: unseededRandom(),
    pool,
    openPool: furtherPools(common, closing),
    blobs: openBlobs(config, { dataDir: folder.path, key: blobKey, clock: systemClock }),
    blobKey,
    database,
    storage: storage ?? database.storage,
    secretKey,
    stopping,
    dataDir: folder.path,
  };
}

type PoolCommons = Pick<PoolOptions, "createWorker" | "shared" | "onCrash">;

/** Opens pools that `closing` ends; systems may open theirs late, when the first work for them comes. */
function furtherPools(common: PoolCommons, closing: AsyncDisposableStack): Platform["openPool"] {
  const opened: WorkPool[] = [];
  closing.defer(async () => void (await Promise.all(opened.map((pool) => pool.stop()))));
  return (workers) => {
    const pool = createPool({
      ...common,
      workers,
      maxWaitMs: Infinity,
      maxWaiting: Infinity,
      startsWhenNeeded: true,
    });
    opened.push(pool);
    return pool;
  };
}

/** Postgres where the settings name one: for the systems whose state several machines share. */
async function sharedStorage(config: Config, closing: AsyncDisposableStack): Promise<Storage | undefined> {
  if (config.DATABASE_URL === undefined) return undefined;
  const postgres = await openPostgres({
    url: config.DATABASE_URL,
    connections: config.DATABASE_POOL_SIZE + config.DATABASE_MAX_OVERFLOW,
    waitMs: config.DATABASE_POOL_TIMEOUT * 1000,
    pending: config.MIGRATE_ON_START ? "migrate" : "refuse",
    version: VERSION,
    clock: systemClock,
  });
  closing.defer(() => postgres.close());
  return postgres.storage;
}

import { SQL, type TransactionSQL } from "bun";
import { sql as query } from "drizzle-orm";
import { drizzle } from "drizzle-orm/bun-sql";
import type { Revision } from "../../../drizzle/revisions";
import { postgresRevisions } from "../../../drizzle/revisions";
import type { Clock } from "../clock";
import { commandName } from "../commandName";
import { messageOf, RequestError, UsageError } from "../errors";
import { type Random, unseededRandom } from "../random";
import { type Installation, recordInstallation } from "./installation";
import { migrateUp } from "./migrate";
import { type MigrationTarget, planMigration } from "./migrationPlan";
import { permits } from "./permits";
import { isConflict, toldPostgresError } from "./postgresErrors";
import { postgresMigrations } from "./postgresMigrations";
import type { Storage, StorageHandle } from "./storage";

/** A Postgres database, for what several machines share. */
export interface PostgresDatabase {
  storage: Storage;
  installation: Installation;
  /** Ends when the running queries have. */
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** `postgres://` or `postgresql://`. It holds a password and is never told to anybody. */
  url: string;
  /** The most connections at a time, in all. */
  connections: number;
  /** How long a query may wait for one of them. */
  waitMs: number;
  /** What to do at the start about revisions that are not applied yet. */
  pending: "refuse" | "migrate";
  /** The program's version, kept with the installation. */
  version: string;
  clock: Clock;
  revisions?: readonly Revision[];
  random?: Random;
}

const CONNECT_TIMEOUT_S = 10;
/** A transaction that does nothing for so long is ended by the server: it holds up others. */
const IDLE_TRANSACTION_MS = 30_000;
const STATEMENT_TIMEOUT_MS = 60_000;
const MAX_TRIES = 12;
const BACKOFF_MS = 5;

/**
 * Connects and checks the schema.
 * @throws UsageError when the server cannot be reached, when its schema is newer than this program, and, unless
 * `pending` is `migrate`, when it is older.
 */
export async function openPostgres(options: PostgresOptions): Promise<PostgresDatabase> {
  const { clock, revisions = postgresRevisions, random = unseededRandom() } = options;
  const sql = connectPostgres(options.url, options.connections);
  try {
    const migrations = postgresMigrations(sql, revisions, clock.now);
    await reachable(options.url, () => migrations.applied());
    await settlePending(migrations, options.pending);
    const storage = postgresStorage(sql, options, random);
    const installation = await recordInstallation(storage, options.version, clock.now());
    return { storage, installation, close: () => sql.close() };
  } catch (error) {
    await sql.close();
    throw error;
  }
}

/**
 * Where a Postgres address leads, without its user and password.
 * @throws UsageError when it is none.
 */
export function placeOfPostgres(url: string): string {
  const parsed = URL.parse(url);
  if (parsed !== null && /^postgres(ql)?:$/.test(parsed.protocol) && parsed.host !== "") {
    return `Postgres at ${parsed.host}${parsed.pathname}`;
  }
  throw new UsageError("DATABASE_URL: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, got another form.");
}

/** A pool of connections; none is made before the first query. @throws UsageError when `url` is no address. */
export function connectPostgres(url: string, connections: number): SQL {
  placeOfPostgres(url);
  return new SQL({
    url,
    max: connections,
    connectionTimeout: CONNECT_TIMEOUT_S,
    connection: {
      application_name: "foresight",
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    },
  });
}

/** @throws UsageError that names the server and never the password. */
export async function reachable<T>(url: string, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    throw new UsageError(
      `${placeOfPostgres(url)} cannot be used: ${messageOf(error)}. Check DATABASE_URL and the server.`,
    );
  }
}

async function settlePending(migrations: MigrationTarget, pending: PostgresOptions["pending"]): Promise<void> {
  const plan = planMigration(migrations.revisions, await migrations.applied(), "up", "head");
  if (plan.length === 0) return;
  if (pending === "migrate") {
    await migrateUp(migrations);
    return;
  }
  throw new UsageError(
    `The Postgres database lacks ${plan.map(({ name }) => name).join(", ")}. Run \`${commandName()} migrate up\` first, ` +
      "or set MIGRATE_ON_START=true.",
  );
}

type Isolation = "SERIALIZABLE" | "READ COMMITTED";

function postgresStorage(sql: SQL, { connections, waitMs }: PostgresOptions, random: Random): Storage {
  const turns = permits(connections, waitMs);
  const pooled = handleOn(sql);

  async function transactOnce<T>(isolation: Isolation, work: (db: StorageHandle) => Promise<T>): Promise<T> {
    return (await sql.begin(`ISOLATION LEVEL ${isolation}`, (transaction) => work(handleOn(transaction)))) as T;
  }

  async function transact<T>(isolation: Isolation, work: (db: StorageHandle) => Promise<T>): Promise<T> {
    for (let tried = 1; tried < MAX_TRIES; tried++) {
      try {
        return await transactOnce(isolation, work);
      } catch (error) {
        if (!isConflict(error)) throw error;
        // Those that met once would meet again if they tried again at the same moment.
        await Bun.sleep(random.next() * BACKOFF_MS * 2 ** Math.min(tried, 6));
      }
    }
    return transactOnce(isolation, work);
  }

  async function told<T>(query: () => Promise<T>): Promise<T> {
    try {
      return await turns.run(query);
    } catch (error) {
      throw isConflict(error) ? busy() : toldPostgresError(error);
    }
  }

  return {
    dialect: "postgres",
    tables: (tables) => tables.postgres,
    read: (work) => told(() => work(pooled)),
    transact: (work) => told(() => transact("SERIALIZABLE", work)),
    transactConditional: (work) => told(() => transact("READ COMMITTED", work)),
    async nowMs(db) {
      const [row] = await db
        .select({ now: query<string>`(extract(epoch from clock_timestamp()) * 1000)::bigint` })
        .from(query`(select 1) as one`);
      return Number(row!.now);
    },
  };
}

function busy(): RequestError {
  return new RequestError(503, "Too many changes of the same rows at once; nothing was changed. Try again.", {
    retryAfterS: 1,
  });
}

function handleOn(sql: SQL | TransactionSQL): StorageHandle {
  return drizzle({ client: sql as SQL });
}

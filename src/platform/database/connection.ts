import { constants, Database, type SQLQueryBindings, type Statement } from "bun:sqlite";
import { type BunSQLiteDatabase, drizzle } from "drizzle-orm/bun-sqlite";
import { RequestError } from "../errors";

/**
 * What a store's queries run on: drizzle on one SQLite connection, without a way to open transactions. It is good only
 * inside the function that it was handed to.
 */
export type SqliteHandle = Omit<BunSQLiteDatabase<Record<string, never>>, "transaction" | "$client">;

/** One connection with its prepared statements. */
export interface Connection {
  readonly handle: SqliteHandle;
  /** The bare connection, for this folder alone. */
  readonly raw: Database;
  /** While false, statements of the handle are refused: nothing can slip in beside a transaction. */
  open: boolean;
  close(): void;
}

/** A file's path, or the name of a database in memory that all its connections share until the last one closes. */
export type Place = { file: string } | { memory: string };

/**
 * - `writer`: FULL, a commit is on the disk before it is acknowledged.
 * - `samples`: NORMAL, what was written last may be lost when the machine (not the process) dies.
 * - `reader`: sees what is committed, cannot write.
 */
export type Role = "writer" | "samples" | "reader";

const BUSY_TIMEOUT_MS = 5000;
const MAX_JOURNAL_BYTES = 64 * 1024 * 1024;
const STATEMENTS_KEPT = 500;

/** Opens one connection with every default of bun:sqlite that endangers data set otherwise (docs/storage.md). */
export function openConnection(place: Place, role: Role): Connection {
  const raw = openRaw(place, role);
  const kept: KeptStatements = new Map();
  const connection: Connection = {
    raw,
    open: role === "reader",
    handle: drizzle({ client: guardedClient(raw, kept, () => connection.open) }),
    close() {
      // SQLite keeps the file open, and its log beside it, while a statement is left.
      for (const { statement } of kept.values()) statement.finalize();
      raw.close();
    },
  };
  return connection;
}

/** The bare connection, with journal, durability, foreign keys and waiting time set. */
export function openRaw(place: Place, role: Role): Database {
  if ("memory" in place) return openInMemory(place.memory, role);
  if (role === "reader") {
    const reader = new Database(place.file, { readonly: true, strict: true });
    reader.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return reader;
  }
  const writer = new Database(place.file, { create: true, readwrite: true, strict: true });
  writer.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  writer.run("PRAGMA journal_mode = WAL");
  writer.run(`PRAGMA journal_size_limit = ${MAX_JOURNAL_BYTES}`);
  writer.run(`PRAGMA synchronous = ${role === "writer" ? "FULL" : "NORMAL"}`);
  writer.run("PRAGMA foreign_keys = ON");
  return writer;
}

/**
 * Shared-cache readers would be refused while a transaction is open, which a file in WAL mode never does; so they may
 * read what is not yet committed. A database in memory is for tests alone.
 */
function openInMemory(name: string, role: Role): Database {
  const flags = constants.SQLITE_OPEN_READWRITE | constants.SQLITE_OPEN_CREATE | constants.SQLITE_OPEN_URI;
  const database = new Database(`file:${name}?mode=memory&cache=shared`, flags);
  database.run("PRAGMA foreign_keys = ON");
  if (role === "reader") {
    database.run("PRAGMA read_uncommitted = ON");
    database.run("PRAGMA query_only = ON");
  }
  return database;
}

/** Prepared statements by their text, the oldest first. */
type KeptStatements = Map<string, { statement: Statement; guarded: GuardedStatement }>;

/** What drizzle needs of a client: statements, kept by their text, that are refused while the connection is not open. */
function guardedClient(raw: Database, kept: KeptStatements, isOpen: () => boolean): Database {
  function prepare(sql: string): GuardedStatement {
    const known = kept.get(sql);
    if (known !== undefined) return known.guarded;
    const statement = prepareExact(raw, sql);
    const guarded = guard(statement, isOpen);
    if (kept.size >= STATEMENTS_KEPT) kept.delete(kept.keys().next().value!);
    kept.set(sql, { statement, guarded });
    return guarded;
  }
  return { prepare } as unknown as Database;
}

/**
 * A statement whose 64-bit columns arrive whole: those are declared `INT`, all other integers `INTEGER`, and a
 * statement that answers with an `INT` column gives every integer as a bigint, which the column's kind turns into what
 * its type says.
 */
function prepareExact(raw: Database, sql: string): Statement {
  const statement = raw.prepare(sql);
  if (statement.declaredTypes.includes("INT")) statement.safeIntegers(true);
  return statement;
}

type GuardedStatement = Pick<Statement, "run" | "all" | "get" | "values">;

function guard(statement: Statement, isOpen: () => boolean): GuardedStatement {
  function live(): Statement {
    if (isOpen()) return statement;
    throw new Error(
      "A database handle was used outside the function it was handed to; do all of a transaction's work inside it.",
    );
  }
  return {
    run: (...values: SQLQueryBindings[]) => live().run(...values),
    all: (...values: SQLQueryBindings[]) => live().all(...values),
    get: (...values: SQLQueryBindings[]) => live().get(...values),
    values: (...values: SQLQueryBindings[]) => live().values(...values),
  };
}

const DISK_RETRY_AFTER_S = 30;

/** What a failed write is told as: a full disk is the operator's to mend and the caller's to try again. */
export function toldError(error: unknown): unknown {
  if (!isDiskFull(error)) return error;
  const told = new RequestError(503, "The disk of the data folder is full; nothing was changed. Free some space.", {
    retryAfterS: DISK_RETRY_AFTER_S,
  });
  told.cause = error;
  return told;
}

function isDiskFull(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown };
  return code === "SQLITE_FULL" || (cause !== undefined && isDiskFull(cause));
}

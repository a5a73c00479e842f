import type { BunSQLDatabase } from "drizzle-orm/bun-sql";
import type { Tables } from "./columns";

/**
 * What the queries of a store run on that lives on either database. Its types are those of Postgres, so that whatever
 * Postgres lacks does not compile, and whatever SQLite lacks fails in the tests that always run. Await a query, or
 * `.prepare("")` it in a `statement` and call `.execute(values)`. It is good only inside the function that it was
 * handed to.
 */
export type StorageHandle = Pick<
  BunSQLDatabase<Record<string, never>>,
  "select" | "selectDistinct" | "insert" | "update" | "delete" | "with"
>;

/** Where stores of either database keep their rows. */
export interface Storage {
  readonly dialect: "sqlite" | "postgres";
  /** The tables as this database has them. */
  tables<T>(tables: Tables<T>): T;
  /** Runs queries outside any transaction: each sees what is committed when it runs. */
  read<T>(work: (db: StorageHandle) => Promise<T>): Promise<T>;
  /**
   * Runs `work` as one transaction, as if no other ran meanwhile, and gives its result when it is on the disk. `work`
   * awaits nothing but its own queries and changes nothing outside the database: Postgres may run it again.
   * @throws (as a rejection) whatever `work` threw, with all it did undone; RequestError 503 when the database is
   * full, unreachable or has no connection to spare.
   */
  transact<T>(work: (db: StorageHandle) => Promise<T>): Promise<T>;
  /**
   * The same for work whose every write carries its own condition, such as taking a row from a queue that many take
   * from: on Postgres each statement sees what is committed when it runs (READ COMMITTED), so that two of them wait for
   * each other's rows and are not run again. `lockedRows` of the select decides who gets a row.
   */
  transactConditional<T>(work: (db: StorageHandle) => Promise<T>): Promise<T>;
  /** Milliseconds since the epoch by the clock that all users of this database share: leases are dated by it. */
  nowMs(db: StorageHandle): Promise<number>;
}

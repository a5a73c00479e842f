import { sql } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";
import * as lite from "drizzle-orm/sqlite-core";

/**
 * One vocabulary of columns for both databases. A table's definition says names and types; keys, indexes and
 * constraints are the migrations' (docs/storage.md lists the kinds with their SQL types).
 *
 * - `id`: an integer key that the database counts up by itself
 * - `integer`: a whole number within +-(2^53 - 1); others are refused when written
 * - `int64`: a bigint of 64 bits, exact
 * - `json`: any JSON value, kept as `jsonb` on Postgres
 * - `bytes`: a Uint8Array
 */
const postgresColumns = {
  table: pg.pgTable,
  id: (name: string) => pg.bigserial(name, { mode: "number" }).primaryKey(),
  text: pg.text,
  integer: pg.customType<{ data: number; driverData: number | bigint | string }>({
    dataType: () => "bigint",
    toDriver: safeInteger,
    fromDriver: Number,
  }),
  int64: pg.customType<{ data: bigint; driverData: bigint | number | string }>({
    dataType: () => "bigint",
    toDriver: int64,
    fromDriver: BigInt,
  }),
  real: pg.doublePrecision,
  boolean: pg.boolean,
  json: <T>(name: string) =>
    // Bun's client writes objects as JSON and everything else by its own type; drizzle's kind would write JSON twice.
    pg.customType<{ data: T; driverData: unknown }>({
      dataType: () => "jsonb",
      toDriver: (value) => ({ toJSON: () => value }),
    })(name),
  bytes: pg.customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" }),
};

const sqliteColumns = {
  table: lite.sqliteTable,
  id: (name: string) =>
    // A null key is what makes SQLite count up.
    sqliteColumns.integer(name).primaryKey().default(sql`null`),
  text: lite.text,
  integer: lite.customType<{ data: number; driverData: number | bigint }>({
    dataType: () => "INTEGER",
    toDriver: safeInteger,
    fromDriver: Number,
  }),
  int64: lite.customType<{ data: bigint; driverData: bigint | number }>({
    dataType: () => "INT",
    toDriver: int64,
    fromDriver: BigInt,
  }),
  real: lite.real,
  boolean: lite.customType<{ data: boolean; driverData: number | bigint }>({
    dataType: () => "INTEGER",
    toDriver: Number,
    fromDriver: Boolean,
  }),
  json: <T>(name: string) =>
    lite.customType<{ data: T; driverData: string }>({
      dataType: () => "TEXT",
      toDriver: (value) => JSON.stringify(value),
      fromDriver: (text) => JSON.parse(text) as T,
    })(name),
  bytes: lite.customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "BLOB" }),
};

type PostgresColumns = typeof postgresColumns;
type SqliteColumns = typeof sqliteColumns;

/** The same tables for both databases; the types are those of Postgres, the stricter of the two. */
export interface Tables<T> {
  readonly sqlite: T;
  readonly postgres: T;
}

/** Defines tables that live on either database, once: `defineTables(({ table, id, text }) => ({ users: table(...) }))`. */
export function defineTables<T>(define: (columns: PostgresColumns) => T): Tables<T> {
  return { postgres: define(postgresColumns), sqlite: define(sqliteColumns as unknown as PostgresColumns) };
}

/** Defines tables of the systems that run on SQLite alone, with the same columns. */
export function defineSqliteTables<T>(define: (columns: SqliteColumns) => T): T {
  return define(sqliteColumns);
}

function safeInteger(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`An integer column takes whole numbers within +-(2^53 - 1), got ${value}.`);
}

function int64(value: bigint): bigint {
  if (BigInt.asIntN(64, value) === value) return value;
  throw new RangeError(`An int64 column takes 64 bits, got ${value}.`);
}

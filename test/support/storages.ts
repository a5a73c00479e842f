import { systemClock } from "../../src/platform/clock";
import { openDatabase, openPostgres, type Storage } from "../../src/platform/database";
import { lacksPostgres, type PostgresServer, startPostgres } from "../platform/database/postgresServer";
import { type ManualClock, manualClock } from "./manualClock";

/** A fresh database of one kind for one test. */
export interface StorageUnderTest {
  storage: Storage;
  /** Lets the database's clock go on: by hand on SQLite, by waiting on Postgres. */
  pass(ms: number): Promise<void>;
  clock: ManualClock | typeof systemClock;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function sqliteStorage(): Promise<StorageUnderTest> {
  const clock = manualClock("2026-03-01T12:00:00Z");
  const database = await openDatabase({ version: "0.0.0-test", clock, onSamplesError: thrown });
  return {
    storage: database.storage,
    clock,
    pass: async (ms) => clock.advance(ms),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

let server: Promise<PostgresServer> | undefined;

/** Ends the Postgres server of this file, if one was started. */
export async function stopPostgres(): Promise<void> {
  await (await server)?.stop();
  server = undefined;
}

export async function postgresStorage(): Promise<StorageUnderTest> {
  server ??= startPostgres();
  const url = await (await server).database();
  const database = await openPostgres({
    url,
    connections: 8,
    waitMs: 10_000,
    pending: "migrate",
    version: "0.0.0-test",
    clock: systemClock,
  });
  return {
    storage: database.storage,
    clock: systemClock,
    pass: (ms) => Bun.sleep(ms),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

/** Each kind of database that this machine has; the reason where one is left out. */
export const storages: [name: string, open: () => Promise<StorageUnderTest>][] = [
  ["SQLite", sqliteStorage],
  ...(lacksPostgres ? [] : [["Postgres", postgresStorage] as [string, typeof postgresStorage]]),
];

function thrown(error: unknown): never {
  throw error;
}

import { existsSync } from "node:fs";
import { systemClock as clock } from "../clock";
import { UsageError } from "../errors";
import { VERSION } from "../version";
import { openConnection } from "./connection";
import { databasePath } from "./databasePath";
import type { TargetOptions } from "./migrationTarget";
import { openPostgres } from "./postgresDatabase";
import { sqliteStorage } from "./sqliteDatabase";
import type { Storage } from "./storage";

/** The rows of the database that the settings mean, for commands that look and change nothing. */
export interface ReadDatabase extends AsyncDisposable {
  storage: Storage;
}

const WAIT_MS = 10_000;

/** Opens it beside a server that may run on it. @throws UsageError where there is none, or Postgres cannot be reached */
export async function openToRead({
  databaseUrl,
  dataDir,
  databaseFile,
}: Omit<TargetOptions, "now">): Promise<ReadDatabase> {
  if (databaseUrl !== undefined) {
    const settings = { connections: 1, waitMs: WAIT_MS, pending: "refuse", version: VERSION, clock } as const;
    const opened = await openPostgres({ url: databaseUrl, ...settings });
    return { storage: opened.storage, [Symbol.asyncDispose]: () => opened.close() };
  }
  const file = databasePath(dataDir, databaseFile);
  if (!existsSync(file)) throw new UsageError(`There is no database ${file} yet; it is made at the first start.`);
  const reader = openConnection({ file }, "reader");
  const refused = () => Promise.reject(new Error("a database that is opened to be read was to be written"));
  return {
    storage: sqliteStorage(reader.handle, refused, clock),
    [Symbol.asyncDispose]: async () => reader.close(),
  };
}

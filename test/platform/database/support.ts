import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Revision } from "../../../drizzle/revisions";
import { sqliteRevisions } from "../../../drizzle/revisions";
import { systemClock } from "../../../src/platform/clock";
import {
  type DataFolder,
  defineSqliteTables,
  defineTables,
  openDatabase,
  openDataFolder,
  type SqliteDatabase,
  type SqliteOptions,
} from "../../../src/platform/database";

/** A table of each kind of column, in both databases' SQL, for tests of what stands on any table. */
const notesUp =
  "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL UNIQUE, units INT, count INTEGER, " +
  "share REAL, done INTEGER, extra TEXT, bytes BLOB) STRICT";
export const notesRevision: Revision = { name: "9001_notes", up: notesUp, down: "DROP TABLE notes" };

/** The same for Postgres. */
export const postgresNotesRevision: Revision = {
  name: "9001_notes",
  up:
    "CREATE TABLE notes (id bigserial PRIMARY KEY, body text NOT NULL UNIQUE, units bigint, count bigint, " +
    "share double precision, done boolean, extra jsonb, bytes bytea)",
  down: "DROP TABLE notes",
};

export const notes = defineSqliteTables(({ table, id, text, int64, integer, real, boolean, json, bytes }) =>
  table("notes", {
    id: id("id"),
    body: text("body").notNull(),
    units: int64("units"),
    count: integer("count"),
    share: real("share"),
    done: boolean("done"),
    extra: json<unknown>("extra"),
    bytes: bytes("bytes"),
  }),
);

export const noteTables = defineTables(({ table, id, text, int64, integer, real, boolean, json, bytes }) => ({
  notes: table("notes", {
    id: id("id"),
    body: text("body").notNull(),
    units: int64("units"),
    count: integer("count"),
    share: real("share"),
    done: boolean("done"),
    extra: json<unknown>("extra"),
    bytes: bytes("bytes"),
  }),
}));

export interface Scratch {
  path: string;
  [Symbol.dispose](): void;
}

/** A folder that is gone when the scope ends. */
export function scratchFolder(): Scratch {
  const path = mkdtempSync(join(tmpdir(), "foresight-database-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export interface OpenedNotes {
  database: SqliteDatabase;
  folder: DataFolder;
  [Symbol.asyncDispose](): Promise<void>;
}

export const notesOptions = {
  version: "0.0.0-test",
  clock: systemClock,
  onSamplesError: (error: unknown) => {
    throw error;
  },
  revisions: { main: [...sqliteRevisions, notesRevision], samples: [notesRevision] },
};

/** A database on disk with the platform's own tables and `notes`; its samples file holds `notes` too. */
export async function openNotes(
  path: string,
  { databaseFile, ...options }: Partial<SqliteOptions> & { databaseFile?: string } = {},
): Promise<OpenedNotes> {
  const folder = openDataFolder(path, databaseFile);
  const database = await openDatabase({ ...notesOptions, folder, ...options });
  return {
    database,
    folder,
    async [Symbol.asyncDispose]() {
      await database.close();
      folder.release();
    },
  };
}

/** The same in memory. */
export async function openNotesInMemory(): Promise<SqliteDatabase> {
  return openDatabase(notesOptions);
}

/** What each promise came to: its value, or the error it was rejected with. All are waited for first. */
export async function outcomes(promises: Promise<unknown>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => (one.status === "fulfilled" ? one.value : one.reason));
}

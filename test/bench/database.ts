/**
 * Transactions per second of the embedded database, each of one row (`bun test/bench/database.ts [--seconds 1]`), with
 * so many waiting at a time as there would be concurrent clients. Commits per transaction are what group commit saves; the
 * disk's own fsync time is the unit of all of it, since no figure of durability means anything on another disk.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { sqliteRevisions } from "../../drizzle/revisions";
import { systemClock } from "../../src/platform/clock";
import {
  defineSqliteTables,
  measureFsyncMs,
  openDatabase,
  openDataFolder,
  type SqliteDatabase,
  type SqliteHandle,
  statement,
} from "../../src/platform/database";

const PARALLEL = [1, 8, 64, 1000];

const { values } = parseArgs({ options: { seconds: { type: "string", default: "1" }, dir: { type: "string" } } });
const durationMs = Number(values.seconds) * 1000;

const entries = defineSqliteTables(({ table, id, int64, integer }) =>
  table("entries", { id: id("id"), amount: int64("amount").notNull(), at: integer("at").notNull() }),
);
const insertEntry = statement((db: SqliteHandle) =>
  db
    .insert(entries)
    .values({ amount: sql.placeholder("amount"), at: sql.placeholder("at") })
    .prepare(),
);
const readEntry = statement((db: SqliteHandle) =>
  db
    .select()
    .from(entries)
    .where(sql`${entries.id} = ${sql.placeholder("id")}`)
    .prepare(),
);
const revision = {
  name: "9001_entries",
  up: "CREATE TABLE entries (id INTEGER PRIMARY KEY, amount INT NOT NULL, at INTEGER NOT NULL) STRICT",
  down: "DROP TABLE entries",
};

let totalTransactions = 0;

/** Keeps so many transactions waiting until the time is over. */
async function keepWaiting(database: SqliteDatabase, parallel: number): Promise<void> {
  const endAtMs = performance.now() + durationMs;
  const before = database.stats().transactions;
  const startMs = performance.now();
  async function client(): Promise<void> {
    while (performance.now() < endAtMs) {
      await database.transact((db) => insertEntry(db).run({ amount: 5_000_000_000n, at: 1_700_000_000_000 }));
    }
  }
  await Promise.all(Array.from({ length: parallel }, client));
  const seconds = (performance.now() - startMs) / 1000;
  const after = database.stats().transactions;
  const transactions = after.transactions - before.transactions;
  totalTransactions += transactions;
  const perTransaction = (after.commits - before.commits) / transactions;
  console.log(
    `${String(parallel).padStart(5)} in parallel: ${Math.round(transactions / seconds)
      .toString()
      .padStart(7)} transactions/s, ${perTransaction.toFixed(4)} commits per transaction`,
  );
}

function measureReads(database: SqliteDatabase): void {
  const rounds = 100_000;
  const startMs = performance.now();
  for (let i = 1; i <= rounds; i++) database.read((db) => readEntry(db).get({ id: i }));
  const microseconds = ((performance.now() - startMs) / rounds) * 1000;
  console.log(`one prepared read by key: ${microseconds.toFixed(2)} µs`);
}

const path = mkdtempSync(join(values.dir ?? tmpdir(), "foresight-bench-"));
const folder = openDataFolder(path);
const database = await openDatabase({
  folder,
  version: "bench",
  clock: systemClock,
  onSamplesError: console.error,
  revisions: { main: [...sqliteRevisions, revision], samples: [] },
});
console.log(`fsync of 4 KiB: ${(await measureFsyncMs(path, 100)).toFixed(3)} ms (${path})`);
for (const parallel of PARALLEL) await keepWaiting(database, parallel);
measureReads(database);
const kept = database.read((db) => db.select({ rows: sql<number>`count(*)` }).from(entries).get()!.rows);
if (kept !== totalTransactions) throw new Error(`${kept} rows for ${totalTransactions} transactions`);
await database.close();
folder.release();
rmSync(path, { recursive: true });

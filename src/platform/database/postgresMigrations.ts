import type { SQL, TransactionSQL } from "bun";
import type { Revision } from "../../../drizzle/revisions";
import type { AppliedRevision, MigrationTarget } from "./migrationPlan";

/** Names the lock that holds other processes off while one moves the schema; any fixed number does. */
const ADVISORY_LOCK = 7_304_018_210;

const RECORD_TABLE =
  "CREATE TABLE IF NOT EXISTS migrations (name text NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)";

/** The schema of a Postgres database. Processes that move it at the same time take turns, one revision each. */
export function postgresMigrations(sql: SQL, revisions: readonly Revision[], now: () => number): MigrationTarget {
  return {
    revisions,
    applied: () => appliedRevisions(sql),
    async step(direction, revision) {
      await sql.begin(async (transaction) => {
        await transaction`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK})`;
        await transaction.unsafe(RECORD_TABLE);
        const applied = await appliedRevisions(transaction);
        if (applied.some(({ name }) => name === revision.name) === (direction === "up")) return;
        if (direction === "up") await applyWithRows(transaction, revision);
        else await transaction.unsafe(revision.down).simple();
        if (direction === "up") await transaction`INSERT INTO migrations VALUES (${revision.name}, ${now()})`;
        else await transaction`DELETE FROM migrations WHERE name = ${revision.name}`;
      });
    },
  };
}

/** Applies a revision, with the rows of another program's tables where these are there (docs/storage.md, Adoption). */
async function applyWithRows(transaction: TransactionSQL, { up, adoption }: Revision): Promise<void> {
  const isAdopted = adoption !== undefined && (await areThere(transaction, adoption.tables));
  if (isAdopted) {
    await transaction`CREATE SCHEMA IF NOT EXISTS original`;
    for (const table of adoption.tables) await transaction.unsafe(`ALTER TABLE "${table}" SET SCHEMA original`);
  }
  await transaction.unsafe(up).simple();
  if (isAdopted) await transaction.unsafe(adoption.rows).simple();
}

async function areThere(transaction: TransactionSQL, tables: readonly string[]): Promise<boolean> {
  for (const table of tables) {
    const [found] = await transaction<{ name: string | null }[]>`SELECT to_regclass(${table})::text AS name`;
    if (found?.name === null) return false;
  }
  return true;
}

async function appliedRevisions(sql: SQL | TransactionSQL): Promise<AppliedRevision[]> {
  const [table] = await sql<{ name: string | null }[]>`SELECT to_regclass('migrations')::text AS name`;
  if (table?.name === null) return [];
  const rows = await sql<{ name: string; applied_at: string }[]>`SELECT name, applied_at FROM migrations ORDER BY name`;
  return rows.map(({ name, applied_at }) => ({ name, appliedAt: Number(applied_at) }));
}

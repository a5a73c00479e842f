import type { Revision } from "../../../drizzle/revisions";
import { type AppliedRevision, type Direction, type MigrationTarget, planMigration } from "./migrationPlan";

/**
 * Moves the schema up to `to` (docs/storage.md, Migrations), and gives the revisions that were applied.
 * @throws UsageError as {@link planMigration}; the database's error when a revision fails, which then left no trace.
 */
export function migrateUp(target: MigrationTarget, to = "head"): Promise<Revision[]> {
  return move(target, "up", to);
}

/** Moves the schema down to `to`, with the loss of what only the newer tables held. @throws as {@link migrateUp} */
export function migrateDown(target: MigrationTarget, to = "-1"): Promise<Revision[]> {
  return move(target, "down", to);
}

/** Takes every table down and up again: an empty database at the newest revision. @throws as {@link migrateUp} */
export async function resetDatabase(target: MigrationTarget): Promise<void> {
  await migrateDown(target, "base");
  await migrateUp(target, "head");
}

/** Each known revision with the time of its application, or null while it is pending. */
export async function migrationHistory(target: MigrationTarget): Promise<{ name: string; appliedAt: number | null }[]> {
  const appliedAt = new Map((await target.applied()).map((revision) => [revision.name, revision.appliedAt]));
  return target.revisions.map(({ name }) => ({ name, appliedAt: appliedAt.get(name) ?? null }));
}

/** The newest applied revision, or undefined on an empty database. */
export async function currentRevision(target: MigrationTarget): Promise<AppliedRevision | undefined> {
  return (await target.applied()).at(-1);
}

async function move(target: MigrationTarget, direction: Direction, to: string): Promise<Revision[]> {
  const plan = planMigration(target.revisions, await target.applied(), direction, to);
  for (const revision of plan) await target.step(direction, revision);
  return plan;
}

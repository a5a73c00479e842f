import type { Revision } from "../../../drizzle/revisions";
import { UsageError } from "../errors";

export interface AppliedRevision {
  name: string;
  /** Milliseconds since the epoch. */
  appliedAt: number;
}

/** A database whose schema can be moved. Each step is one transaction: it is done with its record, or not at all. */
export interface MigrationTarget {
  revisions: readonly Revision[];
  /** In the order of their application. */
  applied(): Promise<AppliedRevision[]>;
  /** Applies or reverts one revision, unless another process has done so meanwhile. */
  step(direction: Direction, revision: Revision): Promise<void>;
}

export type Direction = "up" | "down";

const RELATIVE = /^[+-]([1-9]\d{0,3})$/;

/**
 * The revisions to run, in their order. Going up, `to` is `head`, `+N` or a revision; going down `base`, `-N` or the
 * revision that shall be the newest afterwards. A revision is named by its whole name or its number.
 * @throws UsageError when the database is newer than this program, or `to` names nothing in that direction.
 */
export function planMigration(
  revisions: readonly Revision[],
  applied: readonly AppliedRevision[],
  direction: Direction,
  to: string,
): Revision[] {
  refuseNewer(revisions, applied);
  const done = new Set(applied.map(({ name }) => name));
  const candidates =
    direction === "up"
      ? revisions.filter(({ name }) => !done.has(name))
      : revisions.filter(({ name }) => done.has(name)).reverse();
  if (to === (direction === "up" ? "head" : "base")) return candidates;
  const relative = RELATIVE.exec(to);
  if (relative !== null && to.startsWith(direction === "up" ? "+" : "-")) {
    return candidates.slice(0, Number(relative[1]));
  }
  const target = revisions.find(({ name }) => name === to || name.startsWith(`${to}_`));
  if (target === undefined) throw new UsageError(`Unknown revision ${to}. ${expected(direction)}`);
  return candidates.filter(({ name }) => (direction === "up" ? name <= target.name : name > target.name));
}

/**
 * @throws UsageError when a revision is applied that this program does not know: its tables may mean something else.
 */
export function refuseNewer(revisions: readonly Revision[], applied: readonly AppliedRevision[]): void {
  const known = new Set(revisions.map(({ name }) => name));
  const unknown = applied.find(({ name }) => !known.has(name));
  if (unknown === undefined) return;
  throw new UsageError(
    `The database is at revision ${unknown.name}, which this version does not know (its newest is ` +
      `${revisions.at(-1)?.name ?? "none"}). Start the version that wrote it, or restore a backup.`,
  );
}

function expected(direction: Direction): string {
  return direction === "up"
    ? "Expected head, +N or a revision that `migrate history` lists."
    : "Expected base, -N or a revision that `migrate history` lists.";
}

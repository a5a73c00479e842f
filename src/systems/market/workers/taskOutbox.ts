import type { SqliteDatabase } from "../../../platform/database";
import { findLease } from "../store/leases";
import type { Message } from "../store/outbox";
import { createOutbox, type Outbox, type OutboxOptions } from "./outbox";
import { secondsLeft, taskOf } from "./tasks";

/** The outbox of tasks and releases, which knows by the leases what is still to be said. */
export function createTaskOutbox(options: Omit<OutboxOptions, "isStillDue" | "renewed">): Outbox {
  const { database, clock } = options;
  return createOutbox({
    ...options,
    isStillDue: (message) => isStillDue(database, message),
    renewed: (message) => renewed(database, message, clock.now()),
  });
}

interface Said {
  command: string;
  lease_id: string;
}

/** A task is due as long as its lease is active; a release always is, since miners ignore those of other leases. */
function isStillDue(database: SqliteDatabase, { payload }: Message): boolean {
  const { command, lease_id: leaseId } = JSON.parse(payload) as Said;
  return command !== "assign_task" || database.read((db) => findLease(db, leaseId))?.state === "active";
}

/** A task as it is sent again: for the time that is left. */
function renewed(database: SqliteDatabase, { payload }: Message, nowMs: number): string {
  const { command, lease_id: leaseId } = JSON.parse(payload) as Said;
  const lease = command === "assign_task" ? database.read((db) => findLease(db, leaseId)) : undefined;
  return lease === undefined ? payload : taskOf(lease, secondsLeft(lease, nowMs)).payload;
}

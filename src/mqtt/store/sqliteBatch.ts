import type { Database } from "bun:sqlite";
import type { Message } from "../state/message";
import type { QueuedMessage } from "../state/queue";
import { type Apply, deleteMessage, insertMessage, type Statements } from "./sqliteStatements";

/** What has been noted since the last commit, in its order. */
export interface Batch {
  changes: { apply: Apply<never>; id: number; subject: unknown }[];
  /** Those whose rows the commit will have written. */
  queued: QueuedMessage[];
  lastMessageId: number;
}

/** A batch in which nothing is noted. */
export function createBatch(): Batch {
  return { changes: [], queued: [], lastMessageId: 0 };
}

/** Notes one change. */
export function note<T>(batch: Batch, apply: Apply<T>, id: number, subject: T): void {
  batch.changes.push({ apply, id, subject });
}

/** One more queue refers to the message: the first one has it written, once for all. */
export function holdMessage(batch: Batch, message: Message): void {
  message.storedReferences++;
  if (message.storedId !== 0) return;
  message.storedId = ++batch.lastMessageId;
  note(batch, insertMessage, message.storedId, message);
}

/** A queue has let go of the message: the last one has it deleted. */
export function releaseMessage(batch: Batch, message: Message): void {
  message.storedReferences--;
  if (message.storedReferences > 0) return;
  note(batch, deleteMessage, message.storedId, null);
  message.storedId = 0;
}

/** Carries out all that was noted in one transaction. Throws, with nothing written and all still noted, where it fails. */
export function commit(database: Database, statements: Statements, batch: Batch): void {
  database.run("BEGIN IMMEDIATE");
  try {
    for (const { apply, id, subject } of batch.changes) apply(statements, id, subject as never);
    database.run("COMMIT");
  } catch (error) {
    // A full disk may have rolled back already.
    if (database.inTransaction) database.run("ROLLBACK");
    throw error;
  }
  for (const queued of batch.queued) {
    if (queued.row === "noted") queued.row = "written";
  }
  batch.changes = [];
  batch.queued = [];
}

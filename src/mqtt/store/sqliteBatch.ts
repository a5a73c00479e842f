import type { Database } from "bun:sqlite";
import type { Message } from "../state/message";
import type { QueuedMessage } from "../state/queue";
import type { Session } from "../state/session";
import { type Apply, insertMessage, type NewMessage, putOutgoing, type Statements } from "./sqliteStatements";

/** A session in the file. */
export interface Place {
  /** The number of its rows. */
  id: number;
  /** The last message that it has taken of those that name it in their rows, and the last that names it. */
  takenTo: number;
  lastReferred: number;
}

/** What has been noted since the last commit, in its order. */
export interface Batch {
  changes: { apply: Apply<never>; id: number; subject: unknown }[];
  /** Those whose rows the commit will have written. */
  queued: QueuedMessage[];
  /** Sessions to which something else is on its way than is written. */
  outgoing: Map<Place, Session>;
  /** Messages for which nobody waits any more. */
  deleted: number[];
  /** The message that was noted last, to whose row receivers may still be added. */
  latest: NewMessage | null;
  lastMessageId: number;
  /** The last message that is written. */
  writtenTo: number;
}

/** A batch in which nothing is noted. */
export function createBatch(): Batch {
  return {
    changes: [],
    queued: [],
    outgoing: new Map(),
    deleted: [],
    latest: null,
    lastMessageId: 0,
    writtenTo: 0,
  };
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
  batch.latest = { message, receivers: [] };
  note(batch, insertMessage, message.storedId, batch.latest);
}

/** A queue has let go of the message: the last one has it deleted, where it is written. */
export function releaseMessage(batch: Batch, message: Message): void {
  message.storedReferences--;
  if (message.storedReferences > 0) return;
  if (message.storedId <= batch.writtenTo) batch.deleted.push(message.storedId);
  message.storedId = 0;
}

/** Carries out all that was noted in one transaction. Throws, with nothing written and all still noted, where it fails. */
export function commit(database: Database, statements: Statements, batch: Batch): void {
  database.run("BEGIN IMMEDIATE");
  try {
    for (const { apply, id, subject } of batch.changes) apply(statements, id, subject as never);
    for (const [place, session] of batch.outgoing) putOutgoing(statements, place.id, { place, session });
    for (const [from, to] of runsOf(batch.deleted)) statements.deleteMessages.run(from, to);
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
  batch.outgoing.clear();
  batch.deleted = [];
  batch.latest = null;
  batch.writtenTo = batch.lastMessageId;
}

/** Numbers as runs of such that follow each other: what came together mostly goes together. */
function runsOf(numbers: number[]): [from: number, to: number][] {
  const runs: [from: number, to: number][] = [];
  for (const number of numbers.sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

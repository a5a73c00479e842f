import { asc, inArray } from "drizzle-orm";
import { insertOf, type SqliteHandle, statement } from "../../../platform/database";
import { type OutboxRow, tables } from "../tables";

const { outbox } = tables;

export interface Message {
  topic: string;
  payload: string;
}

const insert = statement((db: SqliteHandle) => insertOf(db, outbox).returning({ seq: outbox.seq }).prepare());
const every = statement((db: SqliteHandle) => db.select().from(outbox).orderBy(asc(outbox.seq)).prepare());

/** Decides that a message will be sent, in the transaction that is its reason. Gives its number. */
export function addMessage(db: SqliteHandle, message: Message, createdAt: number): number {
  return insert(db).get({ ...message, createdAt })!.seq;
}

/** What was decided and is not known to have been sent, oldest first. */
export function unsentMessages(db: SqliteHandle): OutboxRow[] {
  return every(db).all();
}

export function removeMessages(db: SqliteHandle, seqs: number[]): void {
  db.delete(outbox).where(inArray(outbox.seq, seqs)).run();
}

import { and, asc, count, desc, eq, gte, inArray, sql } from "drizzle-orm";
import { insertOf, type SqliteHandle, statement } from "../../../platform/database";
import { type BlockRow, tables } from "../tables";

const { blocks } = tables;
const placeholder = sql.placeholder;

export type NewBlock = Omit<BlockRow, "seq">;

const insert = statement((db: SqliteHandle) => insertOf(db, blocks).prepare());
const byKey = statement((db: SqliteHandle) =>
  db
    .select()
    .from(blocks)
    .where(eq(blocks.key, placeholder("key")))
    .prepare(),
);
const waiting = statement((db: SqliteHandle) =>
  db
    .select({ seq: blocks.seq })
    .from(blocks)
    .where(and(eq(blocks.key, placeholder("key")), eq(blocks.chainVerified, false)))
    .limit(1)
    .prepare(),
);
const allWaiting = statement((db: SqliteHandle) =>
  db
    .select({ key: blocks.key })
    .from(blocks)
    // As text of the statement: an index of such blocks alone is of no use to a parameter.
    .where(and(sql`${blocks.chainVerified} = 0`, gte(blocks.createdAt, placeholder("sinceMs"))))
    .orderBy(asc(blocks.createdAt))
    .prepare(),
);
const confirmed = statement((db: SqliteHandle) =>
  db
    .update(blocks)
    .set({ chainVerified: sql`1`, chainBlockId: sql`${placeholder("chainBlockId")}` })
    .where(eq(blocks.seq, placeholder("seq")))
    .prepare(),
);
const ofLease = statement((db: SqliteHandle) =>
  db
    .select()
    .from(blocks)
    .where(eq(blocks.leaseId, placeholder("leaseId")))
    .orderBy(asc(blocks.seq))
    .limit(placeholder("limit"))
    .prepare(),
);
const newest = statement((db: SqliteHandle) =>
  db
    .select()
    .from(blocks)
    .orderBy(desc(blocks.seq))
    .limit(placeholder("limit"))
    .offset(placeholder("offset"))
    .prepare(),
);

export function addBlock(db: SqliteHandle, block: NewBlock): void {
  insert(db).run({ ...block });
}

/** The reports of this key, each under another lease; an empty id for a self-mined block. */
export function blocksOfKey(db: SqliteHandle, key: string): BlockRow[] {
  return byKey(db).all({ key });
}

/** Whether some report of this key waits for the chain. */
export function hasWaitingBlock(db: SqliteHandle, key: string): boolean {
  return waiting(db).get({ key }) !== undefined;
}

/** Keys of reports since a time that the chain did not have when they came, oldest first. */
export function keysWaitingSince(db: SqliteHandle, sinceMs: number): string[] {
  return allWaiting(db)
    .all({ sinceMs })
    .map(({ key }) => key);
}

/** Says that the chain has a block after all. */
export function confirmBlock(db: SqliteHandle, seq: number, chainBlockId: number): void {
  confirmed(db).run({ seq, chainBlockId });
}

/** A lease's blocks, oldest first. */
export function blocksOfLease(db: SqliteHandle, leaseId: string, limit: number): BlockRow[] {
  return ofLease(db).all({ leaseId, limit });
}

/** Blocks of all kinds, newest first. */
export function newestBlocks(db: SqliteHandle, limit: number, offset: number): BlockRow[] {
  return newest(db).all({ limit, offset });
}

/** A page of self-mined blocks, newest first, of one worker or of all. */
export function pageOfSelfMined(
  db: SqliteHandle,
  query: { workerId?: string | undefined; limit: number; offset: number },
): { rows: BlockRow[]; total: number } {
  const wanted = and(
    // As text of the statement: an index of such blocks alone is of no use to a parameter.
    sql`${blocks.leaseId} = ''`,
    query.workerId === undefined ? undefined : eq(blocks.workerId, query.workerId),
  );
  const page = db.select().from(blocks).where(wanted).orderBy(desc(blocks.seq)).limit(query.limit);
  const [counted] = db.select({ total: count() }).from(blocks).where(wanted).all();
  return { rows: page.offset(query.offset).all(), total: counted?.total ?? 0 };
}

const since = statement((db: SqliteHandle) =>
  db
    .select({ total: count() })
    .from(blocks)
    .where(gte(blocks.createdAt, placeholder("sinceMs")))
    .prepare(),
);
const kinds = statement((db: SqliteHandle) =>
  db
    .select({ total: count(), leased: sql`count(nullif(${blocks.leaseId}, ''))`.mapWith(Number) })
    .from(blocks)
    .prepare(),
);

export function countBlocksSince(db: SqliteHandle, sinceMs: number): number {
  return since(db).get({ sinceMs })?.total ?? 0;
}

/** All blocks and those among them that were self-mined: walks the table, so it is for the start. */
export function countBlocks(db: SqliteHandle): { total: number; selfMined: number } {
  const counted = kinds(db).get();
  return { total: counted?.total ?? 0, selfMined: (counted?.total ?? 0) - (counted?.leased ?? 0) };
}

/** Blocks of some workers: all, and those since a time. */
export function countBlocksOf(
  db: SqliteHandle,
  workerIds: string[],
  sinceMs: number,
): { total: number; recent: number } {
  if (workerIds.length === 0) return { total: 0, recent: 0 };
  const recent = sql`coalesce(sum(${blocks.createdAt} >= ${sinceMs}), 0)`.mapWith(Number);
  const [counted] = db.select({ total: count(), recent }).from(blocks).where(inArray(blocks.workerId, workerIds)).all();
  return { total: counted?.total ?? 0, recent: counted?.recent ?? 0 };
}

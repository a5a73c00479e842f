import { and, count, desc, eq, gte, lt, sql } from "drizzle-orm";
import { excludedOf, insertOf, type SqliteHandle, statement } from "../../platform/database";
import { type BlockRow, tables } from "./tables";

const { blocks, miners, state } = tables;
const placeholder = sql.placeholder;

/** What the next block depends on. */
export interface ChainState {
  difficulty: number;
  normalBlocks: number;
  superBlocks: number;
  xuniBlocks: number;
}

export function totalBlocks({ normalBlocks, superBlocks, xuniBlocks }: ChainState): number {
  return normalBlocks + superBlocks + xuniBlocks;
}

const stateRow = statement((db: SqliteHandle) => db.select().from(state).prepare());
const newState = statement((db: SqliteHandle) =>
  insertOf(db, state, { onlyRow: 1 })
    .onConflictDoUpdate({
      target: state.onlyRow,
      set: excludedOf(state, ["difficulty", "normalBlocks", "superBlocks", "xuniBlocks"]),
    })
    .prepare(),
);

/** The chain's state, undefined before its first start. */
export function readState(db: SqliteHandle): ChainState | undefined {
  return stateRow(db).get();
}

export function writeState(db: SqliteHandle, next: ChainState): void {
  newState(db).run({ ...next });
}

const byKey = statement((db: SqliteHandle) =>
  db
    .select({ blockId: blocks.blockId, account: blocks.account, worker: blocks.worker })
    .from(blocks)
    .where(eq(blocks.key, placeholder("key")))
    .prepare(),
);
const newBlock = statement((db: SqliteHandle) => insertOf(db, blocks).prepare());
const reward = statement((db: SqliteHandle) =>
  insertOf(db, miners)
    .onConflictDoUpdate({ target: miners.account, set: { balance: sql`${miners.balance} + excluded.balance` } })
    .prepare(),
);

/** Whose a block is, as its miner said. */
export type FoundBlock = Pick<BlockRow, "blockId" | "account" | "worker">;

/** The block with exactly this key. */
export function blockOfKey(db: SqliteHandle, key: string): FoundBlock | undefined {
  return byKey(db).get({ key });
}

/** Adds a block and pays its account. */
export function addBlock(db: SqliteHandle, block: BlockRow, coins: number): void {
  newBlock(db).run({ ...block });
  reward(db).run({ account: block.account.toLowerCase(), balance: coins });
}

const minerRow = statement((db: SqliteHandle) =>
  db
    .select()
    .from(miners)
    .where(eq(miners.account, placeholder("account")))
    .prepare(),
);
const minerCount = statement((db: SqliteHandle) => db.select({ miners: count() }).from(miners).prepare());

/** Coins of an address in any case; 0 when it never mined. */
export function balanceOf(db: SqliteHandle, address: string): number {
  return minerRow(db).get({ account: address.toLowerCase() })?.balance ?? 0;
}

export function countMiners(db: SqliteHandle): number {
  return minerCount(db).get()?.miners ?? 0;
}

const newest = statement((db: SqliteHandle) =>
  db.select().from(blocks).orderBy(desc(blocks.blockId)).limit(placeholder("limit")).prepare(),
);
const newestOfAccount = statement((db: SqliteHandle) =>
  db
    .select()
    .from(blocks)
    .where(eq(blocks.account, placeholder("account")))
    .orderBy(desc(blocks.blockId))
    .limit(placeholder("limit"))
    .prepare(),
);
const newestWithPrefix = statement((db: SqliteHandle) => {
  const key = sql`${blocks.key} collate nocase`;
  return (
    db
      .select()
      .from(blocks)
      .where(and(gte(key, placeholder("from")), lt(key, placeholder("below"))))
      // The plus keeps SQLite from walking all blocks in this order instead of using the index on keys.
      .orderBy(sql`+${blocks.blockId} desc`)
      .limit(placeholder("limit"))
      .prepare()
  );
});

/** The newest blocks, newest first. */
export function newestBlocks(db: SqliteHandle, limit: number): BlockRow[] {
  return newest(db).all({ limit });
}

/** An account's newest blocks in any case, newest first. */
export function blocksOfAccount(db: SqliteHandle, account: string, limit: number): BlockRow[] {
  return newestOfAccount(db).all({ account, limit });
}

/** The newest blocks whose key begins with these hex digits in any case, newest first. */
export function blocksWithPrefix(db: SqliteHandle, prefix: string, limit: number): BlockRow[] {
  // Keys are hex digits, so that all that begin with a prefix stand before the prefix and a `g`.
  return newestWithPrefix(db).all({ from: prefix, below: `${prefix}g`, limit });
}

import { defineSqliteTables } from "../../platform/database";

export const tables = defineSqliteTables(({ table, text, integer }) => ({
  blocks: table("chain_blocks", {
    blockId: integer("block_id").primaryKey(),
    key: text("key").notNull(),
    account: text("account").notNull(),
    hashToVerify: text("hash_to_verify").notNull(),
    blockType: text("block_type", { enum: ["normal", "super", "xuni"] }).notNull(),
    attempts: integer("attempts").notNull(),
    hashesPerSecond: text("hashes_per_second").notNull(),
    worker: text("worker").notNull(),
    createdAt: integer("created_at").notNull(),
  }),
  miners: table("chain_miners", {
    account: text("account").primaryKey(),
    balance: integer("balance").notNull(),
  }),
  state: table("chain_state", {
    onlyRow: integer("only_row").primaryKey(),
    difficulty: integer("difficulty").notNull(),
    normalBlocks: integer("normal_blocks").notNull(),
    superBlocks: integer("super_blocks").notNull(),
    xuniBlocks: integer("xuni_blocks").notNull(),
  }),
}));

export type BlockRow = typeof tables.blocks.$inferSelect;

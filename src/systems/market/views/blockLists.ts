import type { z } from "zod";
import type { SqliteDatabase } from "../../../platform/database";
import type { LiveState } from "../live/state";
import type { BlockAnswer, blockPage } from "../schema/leases";
import { blocksOfLease, newestBlocks, pageOfSelfMined } from "../store/blocks";
import { blockRecord } from "./leaseViews";
import { type OffsetQuery, offsetPage } from "./pages";

/** The most blocks of one lease that are told at once. */
export const MAX_LEASE_BLOCKS = 10_000;

type BlockPage = z.infer<typeof blockPage>;

/** Blocks that workers reported (docs/market.md, Blocks). */
export interface BlockLists {
  /** The last blocks, newest first. */
  newest(limit: number): BlockAnswer[];
  /** Newest first. */
  page(query: OffsetQuery): BlockPage;
  /** Oldest first. */
  ofLease(leaseId: string): BlockAnswer[];
  /** What workers mined for themselves, newest first. */
  selfMined(query: OffsetQuery & { workerId: string | undefined }): BlockPage;
}

export function createBlockLists(database: SqliteDatabase, live: LiveState): BlockLists {
  return {
    newest: (limit) => database.read((db) => newestBlocks(db, limit, 0)).map(blockRecord),
    page({ limit, offset }) {
      const items = database.read((db) => newestBlocks(db, limit, offset)).map(blockRecord);
      return offsetPage(items, live.totals.blocks, { limit, offset });
    },
    ofLease: (leaseId) => database.read((db) => blocksOfLease(db, leaseId, MAX_LEASE_BLOCKS)).map(blockRecord),
    selfMined(query) {
      const { rows, total } = database.read((db) => pageOfSelfMined(db, query));
      return offsetPage(rows.map(blockRecord), total, query);
    },
  };
}

import type { z } from "zod";
import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase } from "../../../platform/database";
import { RequestError } from "../../../platform/errors";
import type { LiveState } from "../live/state";
import { shownXnm } from "../rules/money";
import { lastGap, type WorkLog } from "../rules/work";
import type * as answer from "../schema/leases";
import { blocksOfLease } from "../store/blocks";
import { gapsOf } from "../store/gaps";
import {
  countMatchingLeases,
  findLease,
  findSettlement,
  type LeaseFilter,
  pageOfLeases,
  pageOfSettlements,
} from "../store/leases";
import { chargedTo, countLeasesOf } from "../store/totals";
import type { LeaseRow } from "../tables";
import { MAX_LEASE_BLOCKS } from "./blockLists";
import { blockRecord, leaseSpans, listedLease, settlementRecord } from "./leaseViews";
import { type OffsetQuery, offsetPage } from "./pages";

type Leases = z.infer<typeof answer.leases>;
type LeaseQuery = Pick<LeaseFilter, "state"> & OffsetQuery;

/** What became of leases, newest first (docs/market.md, Leases). */
export interface LeaseLists {
  page(query: LeaseQuery): Leases;
  /** @throws RequestError 404 */
  whole(leaseId: string): z.infer<typeof answer.wholeLease>;
  settlements(query: OffsetQuery): z.infer<typeof answer.settlements>;
  pageOfConsumer(consumerId: string, query: LeaseQuery): Leases;
  /** What a consumer has rented and paid, in numbers. */
  statsOfConsumer(consumerId: string): z.infer<typeof answer.renterStats>;
}

/** The most gaps of a lease that are told. */
const MAX_SPANS = 1000;

function lastOf(work: WorkLog, nowMs: number) {
  const gap = lastGap(work, nowMs);
  return gap === undefined ? [] : [gap];
}

export function createLeaseLists(database: SqliteDatabase, live: LiveState, clock: Clock): LeaseLists {
  const listed = (lease: LeaseRow) => listedLease(lease, live.activeLeases.get(lease.leaseId), clock.now());
  return {
    page: (query) =>
      database.read((db) => {
        const total = query.state === undefined ? live.totals.leases : countMatchingLeases(db, query);
        return offsetPage(pageOfLeases(db, query).map(listed), total, query);
      }),
    whole: (leaseId) =>
      database.read((db) => {
        const lease = findLease(db, leaseId);
        if (lease === undefined) throw new RequestError(404, "Lease not found");
        const blocks = blocksOfLease(db, leaseId, MAX_LEASE_BLOCKS).map(blockRecord);
        const settlement = findSettlement(db, leaseId);
        const nowMs = clock.now();
        const work = live.activeLeases.get(leaseId)?.work;
        const kept = gapsOf(db, leaseId, MAX_SPANS);
        // What has not ended is not on the disk as it would be billed now.
        const gaps =
          work === undefined ? kept : [...kept.filter(({ endedAtMs }) => endedAtMs !== null), ...lastOf(work, nowMs)];
        return {
          ...listed(lease),
          spans: leaseSpans(lease, gaps, nowMs),
          ...(blocks.length > 0 && { blocks }),
          ...(settlement !== undefined && { settlement: settlementRecord(settlement) }),
        };
      }),
    settlements({ limit, offset }) {
      const rows = database.read((db) => pageOfSettlements(db, limit, offset));
      return offsetPage(rows.map(settlementRecord), live.totals.settlements, { limit, offset });
    },
    pageOfConsumer: (consumerId, query) =>
      database.read((db) => {
        const leases = pageOfLeases(db, { ...query, consumerId }).map(listed);
        return offsetPage(leases, countMatchingLeases(db, { ...query, consumerId }), query);
      }),
    statsOfConsumer: (consumerId) =>
      database.read((db) => {
        const { active, completed, total } = countLeasesOf(db, consumerId);
        const spent = chargedTo(db, consumerId);
        return {
          active_leases: active,
          completed_leases: completed,
          total_leases: total,
          total_spent: shownXnm(spent),
          avg_cost: completed === 0 ? 0 : shownXnm(spent / BigInt(completed)),
        };
      }),
  };
}

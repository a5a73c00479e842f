import type { z } from "zod";
import { roundHalfEven } from "../../../numeric/rounding";
import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase } from "../../../platform/database";
import type { LiveState } from "../live/state";
import { shownXnm } from "../rules/money";
import type { Worker } from "../rules/worker";
import type { providerDashboard, providerEarnings } from "../schema/statistics";
import type { ownedWorkers } from "../schema/workers";
import { findAccount } from "../store/accounts";
import { newestSettlementsFor, paidFor } from "../store/totals";
import { settlementRecord } from "./leaseViews";
import { type PageQuery, pageOf } from "./pages";
import { ownedWorker } from "./workerViews";

/** What a provider is shown (docs/market.md, Providers). */
export interface Providers {
  dashboard(providerId: string): z.infer<typeof providerDashboard>;
  earnings(providerId: string): z.infer<typeof providerEarnings>;
  workers(providerId: string, query: PageQuery): z.infer<typeof ownedWorkers>;
}

const MAX_EARNINGS_ROWS = 1000;

export function createProviders(database: SqliteDatabase, live: LiveState, clock: Clock): Providers {
  /** An address has all its workers; another id the worker of that name, else those of that account's address. */
  function workersOf(providerId: string): Worker[] {
    if (providerId.startsWith("0x")) return live.workersOfAddress(providerId);
    const worker = live.workers.get(providerId);
    if (worker !== undefined) return [worker];
    const account = database.read((db) => findAccount(db, providerId));
    return account === undefined || account.ethAddress === "" ? [] : live.workersOfAddress(account.ethAddress);
  }

  return {
    dashboard(providerId) {
      const workers = workersOf(providerId);
      const ids = workers.map(({ workerId }) => workerId);
      const sum = (read: (worker: Worker) => number) => workers.reduce((total, worker) => total + read(worker), 0);
      return {
        provider_id: providerId,
        worker_count: workers.length,
        total_earned: shownXnm(database.read((db) => paidFor(db, ids))),
        active_leases: sum(({ activeLeaseId }) => Number(activeLeaseId !== null)),
        total_blocks_mined: sum(({ selfBlocksFound }) => selfBlocksFound),
        avg_hashrate: workers.length === 0 ? 0 : roundHalfEven(sum(({ hashrate }) => hashrate) / workers.length, 2),
      };
    },
    earnings(providerId) {
      const ids = workersOf(providerId).map(({ workerId }) => workerId);
      const rows = database.read((db) => newestSettlementsFor(db, ids, MAX_EARNINGS_ROWS));
      return { provider_id: providerId, earnings: rows.map(settlementRecord) };
    },
    workers(providerId, query) {
      const nowMs = clock.now();
      const page = pageOf(workersOf(providerId), query);
      return { ...page, items: page.items.map((worker) => ownedWorker(worker, nowMs)), provider_id: providerId };
    },
  };
}

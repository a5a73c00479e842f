import type { z } from "zod";
import { roundHalfEven } from "../../../numeric/rounding";
import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase, SqliteHandle } from "../../../platform/database";
import type { LiveState } from "../live/state";
import { shownXnm } from "../rules/money";
import { isWorkerOnline, type Worker } from "../rules/worker";
import type * as answer from "../schema/statistics";
import { countBlocksOf } from "../store/blocks";
import { paidFor, paidSince } from "../store/totals";
import {
  addWalletSnapshot,
  type NewWalletSnapshot,
  peakHashrate,
  removeWalletSnapshots,
  walletHistory,
} from "../store/wallets";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PERIODS_MS = { "24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS };
/** Hourly rows are kept as long as the longest period that is shown. */
const HOURLY_KEPT_MS = 30 * DAY_MS;
const DAILY_KEPT_MS = 90 * DAY_MS;

export type Period = keyof typeof PERIODS_MS;

/** What a wallet is shown of its workers (docs/market.md, Wallets). */
export interface Wallets {
  stats(address: string): z.infer<typeof answer.walletStats>;
  history(address: string, period: Period): z.infer<typeof answer.walletHistory>;
  achievements(address: string): z.infer<typeof answer.walletAchievements>;
  share(address: string): z.infer<typeof answer.walletShare>;
  /** Writes the hour's row of every wallet that has workers, and removes what is too old. */
  takeSnapshots(): Promise<void>;
}

export function createWallets(database: SqliteDatabase, live: LiveState, clock: Clock): Wallets {
  const summaryOf = (address: string) => summarize(database, live.workersOfAddress(address), address, clock.now());

  return {
    stats(address) {
      const { workers, online, hashrate, blocks, earnings } = summaryOf(address);
      return {
        address,
        online_workers: online,
        total_workers: workers.length,
        total_hashrate: hashrate,
        total_gpus: workers.reduce((sum, worker) => sum + worker.gpuCount, 0),
        total_blocks: blocks,
        total_earnings: earnings,
      };
    },
    history(address, period) {
      const sinceMs = clock.now() - PERIODS_MS[period];
      const data = database.read((db) => walletHistory(db, address, sinceMs)).map(historyPoint);
      return { address, period, count: data.length, data };
    },
    achievements(address) {
      const { workers, online, hashrate, peak, blocks, earnings } = summaryOf(address);
      const firstSeenMs = Math.min(...workers.map(({ registeredAtMs }) => registeredAtMs));
      const seen = workers.length > 0;
      return {
        address,
        current_hashrate: hashrate,
        online_workers: online,
        total_workers: workers.length,
        total_blocks: blocks,
        peak_hashrate: peak,
        total_earnings: earnings,
        mining_days: roundHalfEven(onlineMsOf(workers) / DAY_MS, 1),
        first_seen: seen ? firstSeenMs / 1000 : null,
      };
    },
    share(address) {
      const { workers, peak, blocks, earnings } = summaryOf(address);
      return {
        address: `${address.slice(0, 6)}...${address.slice(-4)}`,
        full_address: address,
        total_blocks: blocks,
        peak_hashrate: peak,
        total_earnings: earnings,
        mining_hours: roundHalfEven(onlineMsOf(workers) / HOUR_MS, 1),
        worker_count: workers.length,
        generated_at: clock.now() / 1000,
      };
    },
    takeSnapshots: () => takeSnapshots(database, live.workers.values(), clock.now()),
  };
}

/** A wallet in numbers, now; the peak is that of its hourly rows and of this moment. */
function summarize(database: SqliteDatabase, workers: readonly Worker[], address: string, nowMs: number) {
  const ids = workers.map(({ workerId }) => workerId);
  const { online, hashrate } = onlineOf(workers, nowMs);
  return database.read((db) => ({
    workers,
    online,
    hashrate: roundHalfEven(hashrate, 2),
    peak: roundHalfEven(Math.max(hashrate, peakHashrate(db, address)), 2),
    blocks: countBlocksOf(db, ids, 0).total,
    earnings: shownXnm(paidFor(db, ids)),
  }));
}

/** The time for which these workers were online, each for itself. */
function onlineMsOf(workers: readonly Worker[]): number {
  return workers.reduce((sum, { totalOnlineMs }) => sum + totalOnlineMs, 0);
}

function onlineOf(workers: readonly Worker[], nowMs: number): { online: number; hashrate: number } {
  const online = workers.filter((worker) => isWorkerOnline(worker, nowMs));
  return { online: online.length, hashrate: online.reduce((sum, { hashrate }) => sum + hashrate, 0) };
}

async function takeSnapshots(database: SqliteDatabase, workers: Iterable<Worker>, nowMs: number): Promise<void> {
  const wallets = Map.groupBy(workers, ({ ethAddress }) => ethAddress.toLowerCase());
  wallets.delete("");
  await database.transact((db) => {
    for (const [address, owned] of wallets) addWalletSnapshot(db, snapshotOf(db, address, owned, nowMs));
    removeWalletSnapshots(db, "hourly", nowMs - HOURLY_KEPT_MS);
    removeWalletSnapshots(db, "daily", nowMs - DAILY_KEPT_MS);
  });
}

function snapshotOf(db: SqliteHandle, address: string, workers: Worker[], nowMs: number): NewWalletSnapshot {
  const ids = workers.map(({ workerId }) => workerId);
  const { online, hashrate } = onlineOf(workers, nowMs);
  const blocks = countBlocksOf(db, ids, nowMs - HOUR_MS);
  return {
    ethAddress: address,
    interval: "hourly",
    createdAt: nowMs,
    totalHashrate: hashrate,
    onlineWorkers: online,
    totalWorkers: workers.length,
    blocksFound: blocks.recent,
    cumulativeBlocks: blocks.total,
    earnings: paidSince(db, ids, nowMs - HOUR_MS),
  };
}

function historyPoint(row: ReturnType<typeof walletHistory>[number]) {
  return {
    timestamp: row.createdAt / 1000,
    hashrate: row.totalHashrate,
    online_workers: row.onlineWorkers,
    total_workers: row.totalWorkers,
    blocks: row.blocksFound,
    cumulative_blocks: row.cumulativeBlocks,
    earnings: shownXnm(row.earnings),
  };
}

import type { z } from "zod";
import { roundHalfEven } from "../../../numeric/rounding";
import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase } from "../../../platform/database";
import type { LiveState } from "../live/state";
import type { ChainVerifier } from "../ports/chainVerifier";
import { isWorkerOnline, sameAddress, type Worker } from "../rules/worker";
import type * as answer from "../schema/statistics";
import type { fleet } from "../schema/workers";
import { countAccountsByRole } from "../store/accounts";
import { countBlocksSince, newestBlocks } from "../store/blocks";
import { pageOfLeases } from "../store/leases";
import { snapshotsSince } from "../store/samples";
import type { BlockRow, LeaseRow } from "../tables";
import { type PageQuery, pageOf } from "./pages";
import { fleetWorker } from "./workerViews";

/** What the monitoring and overview pages ask (docs/market.md, Monitoring). */
export interface Monitoring {
  fleet(query: PageQuery & { sort: "asc" | "desc"; ethAddress: string | undefined }): z.infer<typeof fleet>;
  stats(): z.infer<typeof answer.fleetStats>;
  hashrateHistory(query: { workerId: string | undefined; hours: number }): z.infer<typeof answer.hashrateHistory>;
  overview(): z.infer<typeof answer.overview>;
  network(): z.infer<typeof answer.network>;
  activity(query: PageQuery): z.infer<typeof answer.activity>;
}

export interface MonitoringOptions {
  database: SqliteDatabase;
  clock: Clock;
  live: LiveState;
  chain: ChainVerifier | undefined;
}

const HOUR_MS = 3_600_000;
const MAX_ACTIVITY_ROWS = 200;
const MAX_SAMPLES = 20_000;
/** Fees are summed as receipts show them. */
const SHOWN_FEES_PER_XNM = 1e4;

export function createMonitoring({ database, clock, live, chain }: MonitoringOptions): Monitoring {
  const blocksSince = (sinceMs: number) => database.read((db) => countBlocksSince(db, sinceMs));

  return {
    fleet({ sort, ethAddress, ...page }) {
      const nowMs = clock.now();
      const all = [...live.workers.values()];
      const wanted =
        ethAddress === undefined ? all : all.filter((worker) => sameAddress(worker.ethAddress, ethAddress));
      const sign = sort === "asc" ? 1 : -1;
      wanted.sort((a, b) => sign * (a.hashrate - b.hashrate));
      const cut = pageOf(wanted, page);
      const items = cut.items.map((worker) => fleetWorker(worker, nowMs));
      return { ...cut, items, total_pages: Math.max(cut.total_pages, 1) };
    },

    stats() {
      const nowMs = clock.now();
      const sums = sumUp(live.workers.values(), nowMs);
      return {
        total_workers: live.workers.size,
        online: sums.online,
        offline: live.workers.size - sums.online,
        total_hashrate: sums.hashrate,
        total_gpus: sums.gpus,
        active_gpus: sums.activeGpus,
        total_blocks: live.totals.blocks,
        blocks_last_hour: blocksSince(nowMs - HOUR_MS),
      };
    },

    hashrateHistory({ workerId, hours }) {
      const query = { workerId, sinceMs: clock.now() - hours * HOUR_MS, limit: MAX_SAMPLES };
      const samples = database.samples.read((db) => snapshotsSince(db, query));
      return samples.map((sample) => ({
        worker_id: sample.workerId,
        hashrate: sample.hashrate,
        active_gpus: sample.activeGpus,
        timestamp: sample.createdAt / 1000,
      }));
    },

    overview: () => overviewOf(database, live, clock.now()),

    network: () => ({
      difficulty: chain?.difficulty() ?? 0,
      total_workers: live.workers.size,
      total_blocks: live.totals.blocks,
      chain_blocks: chain?.blockCount() ?? 0,
    }),

    activity: (query) => pageOf(newestEvents(database), query),
  };
}

function overviewOf(database: SqliteDatabase, live: LiveState, nowMs: number): ReturnType<Monitoring["overview"]> {
  const { provider, consumer } = database.read(countAccountsByRole);
  const sums = sumUp(live.workers.values(), nowMs);
  return {
    total_users: provider + consumer,
    total_providers: provider,
    total_consumers: consumer,
    total_workers: live.workers.size,
    online_workers: sums.online,
    total_hashrate: sums.hashrate,
    total_blocks: live.totals.blocks,
    blocks_24h: database.read((db) => countBlocksSince(db, nowMs - 24 * HOUR_MS)),
    total_leases: live.totals.leases,
    active_leases: live.activeLeases.size,
    total_settled: live.totals.settlements,
    platform_revenue: Number(live.totals.shownFees) / SHOWN_FEES_PER_XNM,
  };
}

/** What happened last, newest first: a finished lease stands twice. */
function newestEvents(database: SqliteDatabase): answer.ActivityEvent[] {
  const events = database.read((db) => {
    const rows = pageOfLeases(db, { limit: MAX_ACTIVITY_ROWS, offset: 0 });
    return [...newestBlocks(db, MAX_ACTIVITY_ROWS, 0).map(blockEvent), ...rows.flatMap(leaseEvents)];
  });
  return events.sort((a, b) => b.timestamp - a.timestamp);
}

/** Hash rate and busy GPUs of the workers that are online, GPUs of all. */
function sumUp(workers: Iterable<Worker>, nowMs: number) {
  const sums = { online: 0, hashrate: 0, gpus: 0, activeGpus: 0 };
  for (const worker of workers) {
    sums.gpus += worker.gpuCount;
    if (!isWorkerOnline(worker, nowMs)) continue;
    sums.online++;
    sums.hashrate += worker.hashrate;
    sums.activeGpus += worker.activeGpus;
  }
  return { ...sums, hashrate: roundHalfEven(sums.hashrate, 2) };
}

function blockEvent({ workerId, blockHash, leaseId, createdAt }: BlockRow): answer.ActivityEvent {
  const details = { worker_id: workerId, hash: blockHash, lease_id: leaseId };
  return { type: "block", timestamp: createdAt / 1000, details };
}

function leaseEvents(lease: LeaseRow): answer.ActivityEvent[] {
  const parties = { lease_id: lease.leaseId, worker_id: lease.workerId, consumer_id: lease.consumerId };
  const started: answer.ActivityEvent = {
    type: "lease_started",
    timestamp: lease.createdAt / 1000,
    details: { ...parties, duration_sec: lease.durationSec },
  };
  if (lease.endedAt === null) return [started];
  const details = { ...parties, blocks_found: lease.blocksFound };
  return [{ type: "lease_completed", timestamp: lease.endedAt / 1000, details }, started];
}

import type { Clock } from "../../../platform/clock";
import type { SqliteDatabase } from "../../../platform/database";
import type { Feed } from "../live/feed";
import type { LiveState } from "../live/state";
import type { Worker } from "../rules/worker";
import { heartbeatCreditMs } from "../rules/workerState";
import { saveLeaseSample, saveWorkerSample } from "../store/samples";
import { type Payload, readHeartbeat } from "./payloads";

export interface HeartbeatOptions {
  database: Pick<SqliteDatabase, "samples">;
  clock: Clock;
  live: LiveState;
  feed: Pick<Feed, "publish">;
}

/** Takes a heartbeat of a known worker in: in memory at once, on the disk within a second. */
export function takeHeartbeat(options: HeartbeatOptions, worker: Worker, payload: Payload): void {
  const { database, clock, live, feed } = options;
  const nowMs = clock.now();
  const told = readHeartbeat(payload);
  live.workerChanged(worker.workerId, {
    ...told,
    totalOnlineMs: worker.totalOnlineMs + heartbeatCreditMs(worker.lastOnlineAtMs, nowMs),
    lastOnlineAtMs: nowMs,
    lastHeartbeatMs: nowMs,
  });
  keepWorkerSample(database, worker);
  if (worker.activeLeaseId !== null) addToLease(options, worker.activeLeaseId, told.hashrate);
  feed.publish("heartbeat", {
    worker_id: worker.workerId,
    hashrate: told.hashrate,
    active_gpus: told.activeGpus,
  });
}

/** Writes what a worker told last within the next second. */
export function keepWorkerSample({ samples }: Pick<SqliteDatabase, "samples">, worker: Worker): void {
  const { workerId, hashrate, activeGpus, totalOnlineMs } = worker;
  const { lastHeartbeatMs: lastHeartbeat, lastOnlineAtMs: lastOnlineAt } = worker;
  const row = { workerId, hashrate, activeGpus, lastHeartbeat, totalOnlineMs, lastOnlineAt };
  samples.record((db) => saveWorkerSample(db, row), `market worker ${workerId}`);
}

function addToLease({ database, live }: HeartbeatOptions, leaseId: string, hashrate: number): void {
  live.hashrateTold(leaseId, hashrate);
  const lease = live.activeLeases.get(leaseId);
  if (lease === undefined) return;
  const { hashrateSum, hashrateCount } = lease;
  const row = { leaseId, hashrateSum, hashrateCount };
  database.samples.record((db) => saveLeaseSample(db, row), leaseSampleKey(leaseId));
}

/** Of several samples that wait to be written under one key only the newest is. */
export function leaseSampleKey(leaseId: string): string {
  return `market lease ${leaseId}`;
}

import { roundHalfEven } from "../../../numeric/rounding";
import { verifiedHashrate } from "../rules/hashrate";
import { xnmOf } from "../rules/money";
import { gpuLabel } from "../rules/offers";
import { reputationOf } from "../rules/reputation";
import { isWorkerOnline, type Worker } from "../rules/worker";
import type {
  FleetWorker,
  ListedWorker,
  OfferedWorker,
  OwnedWorker,
  PricedWorker,
  ReputationAnswer,
  StoredWorker,
} from "../schema/workers";

/** Workers as the different routes tell them (docs/market.md, Workers). Times are Unix seconds, money XNM. */

/** With its reputation, as in the list of all workers. */
export function listedWorker(worker: Worker, nowMs: number, hashesPerBlock: number | undefined): ListedWorker {
  return {
    worker_id: worker.workerId,
    eth_address: worker.ethAddress,
    gpu_count: worker.gpuCount,
    total_memory_gb: worker.totalMemoryGb,
    gpus: worker.gpus,
    state: worker.state,
    hashrate: worker.hashrate,
    active_gpus: worker.activeGpus,
    last_heartbeat: worker.lastHeartbeatMs / 1000,
    price_per_min: xnmOf(worker.pricePerMin),
    min_duration_sec: worker.minDurationSec,
    max_duration_sec: worker.maxDurationSec,
    self_blocks_found: worker.selfBlocksFound,
    self_blocks_verified: worker.selfBlocksVerified,
    verified_hashrate: shownRate(worker, hashesPerBlock),
    current_address: worker.currentAddress,
    current_prefix: worker.currentPrefix,
    current_block_pattern: worker.currentBlockPattern,
    reputation: workerReputation(worker, nowMs),
  };
}

export function workerReputation(worker: Worker, nowMs: number): ReputationAnswer {
  const { workerId, totalOnlineMs: onlineMs } = worker;
  return { worker_id: workerId, ...reputationOf({ ...worker, onlineMs }, nowMs) };
}

/** As an offer in the marketplace. */
export function offeredWorker(worker: Worker, nowMs: number, hashesPerBlock: number | undefined): OfferedWorker {
  return {
    worker_id: worker.workerId,
    state: worker.state,
    gpu_count: worker.gpuCount,
    total_memory_gb: worker.totalMemoryGb,
    gpus: worker.gpus,
    hashrate: worker.hashrate,
    eth_address: worker.ethAddress,
    price_per_min: xnmOf(worker.pricePerMin),
    min_duration_sec: worker.minDurationSec,
    max_duration_sec: worker.maxDurationSec,
    last_heartbeat: worker.lastHeartbeatMs / 1000,
    online: isWorkerOnline(worker, nowMs),
    verified_hashrate: shownRate(worker, hashesPerBlock),
    reliability: reputationOf({ ...worker, onlineMs: worker.totalOnlineMs }, nowMs).score,
  };
}

function shownRate(worker: Worker, hashesPerBlock: number | undefined): number | null {
  const rate = verifiedHashrate(worker, hashesPerBlock);
  return rate === null ? null : roundHalfEven(rate, 2);
}

/** With everything that is kept of it, as in the first frame of the live feed. */
export function storedWorker(worker: Worker): StoredWorker {
  return {
    worker_id: worker.workerId,
    eth_address: worker.ethAddress,
    gpu_count: worker.gpuCount,
    total_memory_gb: worker.totalMemoryGb,
    gpus: worker.gpus,
    version: worker.version,
    state: worker.state,
    hashrate: worker.hashrate,
    active_gpus: worker.activeGpus,
    last_heartbeat: worker.lastHeartbeatMs / 1000,
    registered_at: worker.registeredAtMs / 1000,
    price_per_min: xnmOf(worker.pricePerMin),
    min_duration_sec: worker.minDurationSec,
    max_duration_sec: worker.maxDurationSec,
    total_online_sec: worker.totalOnlineMs / 1000,
    last_online_at: worker.lastOnlineAtMs === null ? null : worker.lastOnlineAtMs / 1000,
    self_blocks_found: worker.selfBlocksFound,
  };
}

/** As a row of the fleet view. */
export function fleetWorker(worker: Worker, nowMs: number): FleetWorker {
  return {
    worker_id: worker.workerId,
    eth_address: worker.ethAddress,
    state: worker.state,
    online: isWorkerOnline(worker, nowMs),
    hashrate: worker.hashrate,
    gpu_count: worker.gpuCount,
    active_gpus: worker.activeGpus,
    total_memory_gb: worker.totalMemoryGb,
    gpus: worker.gpus,
    version: worker.version,
    last_heartbeat: worker.lastHeartbeatMs / 1000,
    self_blocks_found: worker.selfBlocksFound,
    price_per_min: xnmOf(worker.pricePerMin),
    total_online_sec: worker.totalOnlineMs / 1000,
  };
}

/** As its provider sees it. */
export function ownedWorker(worker: Worker, nowMs: number): OwnedWorker {
  return {
    worker_id: worker.workerId,
    state: worker.state,
    online: isWorkerOnline(worker, nowMs),
    hashrate: worker.hashrate,
    gpu_count: worker.gpuCount,
    active_gpus: worker.activeGpus,
    gpu_name: gpuLabel(worker.gpus),
    memory_gb: worker.totalMemoryGb,
    price_per_min: xnmOf(worker.pricePerMin),
    self_blocks_found: worker.selfBlocksFound,
    total_online_sec: worker.totalOnlineMs / 1000,
  };
}

/** Its prices and limits, with what they depend on. */
export function pricedWorker(worker: Worker): PricedWorker {
  return {
    worker_id: worker.workerId,
    price_per_min: xnmOf(worker.pricePerMin),
    min_duration_sec: worker.minDurationSec,
    max_duration_sec: worker.maxDurationSec,
    gpu_count: worker.gpuCount,
    total_memory_gb: worker.totalMemoryGb,
    hashrate: worker.hashrate,
  };
}

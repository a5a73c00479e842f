import { nanoOf } from "../../../../src/systems/market/rules/money";
import type { Worker } from "../../../../src/systems/market/rules/worker";

/** A free worker with a heartbeat at 0 ms; `changes` says what is different about it. */
export function aWorker(workerId: string, changes: Partial<Worker> = {}): Worker {
  return {
    workerId,
    ethAddress: "0xabab",
    gpuCount: 1,
    totalMemoryGb: 24,
    gpus: [{ name: "NVIDIA GeForce RTX 4090", memory_gb: 24 }],
    version: "2.0.0",
    state: "AVAILABLE",
    pricePerMin: nanoOf(0.6),
    minDurationSec: 60,
    maxDurationSec: 86_400,
    registeredAtMs: 0,
    hashrate: 0,
    activeGpus: 0,
    lastHeartbeatMs: 0,
    totalOnlineMs: 0,
    lastOnlineAtMs: 0,
    currentAddress: "",
    currentPrefix: "",
    currentBlockPattern: "",
    selfBlocksFound: 0,
    selfBlocksVerified: 0,
    present: true,
    verifiedBlocks: 0,
    totalLeases: 0,
    completedLeases: 0,
    activeLeaseId: null,
    ...changes,
  };
}

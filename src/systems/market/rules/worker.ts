import type { Nano } from "./money";
import { isOnline, type WorkerState } from "./workerState";

/** A worker as the market knows it: what it said of itself, what its provider set, what it told last and its record. */
export interface Worker {
  workerId: string;
  ethAddress: string;
  gpuCount: number;
  totalMemoryGb: number;
  /** As reported; objects of whatever shape. */
  gpus: readonly unknown[];
  version: string;
  state: WorkerState;
  pricePerMin: Nano;
  minDurationSec: number;
  maxDurationSec: number;
  registeredAtMs: number;

  hashrate: number;
  activeGpus: number;
  lastHeartbeatMs: number;
  totalOnlineMs: number;
  lastOnlineAtMs: number | null;
  /** What the miner says it is configured with; empty when it never said. */
  currentAddress: string;
  currentPrefix: string;
  currentBlockPattern: string;

  /** As it reported them. */
  selfBlocksFound: number;
  /** Those that are on the chain, by this worker. */
  selfBlocksVerified: number;
  verifiedBlocks: number;
  totalLeases: number;
  completedLeases: number;
  activeLeaseId: string | null;
  /** False while the broker knows that nobody is connected who speaks for it. */
  present: boolean;
}

/** Both halves matter: a late AVAILABLE of the miner may arrive while its lease runs. */
export function isRentable(worker: Worker): boolean {
  return worker.state === "AVAILABLE" && worker.activeLeaseId === null;
}

export function isWorkerOnline(worker: Worker, nowMs: number): boolean {
  return worker.present && isOnline(worker.lastHeartbeatMs, nowMs);
}

/** Addresses are compared without regard to case. */
export function sameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

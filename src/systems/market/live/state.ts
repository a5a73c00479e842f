import { scaledHalfEven } from "../../../numeric/rounding";
import type { SqliteDatabase, SqliteHandle } from "../../../platform/database";
import { type Nano, xnmOf } from "../rules/money";
import { newWorkLog, resumeWork, type WorkLog, wholeWorkLog } from "../rules/work";
import { sameAddress, type Worker } from "../rules/worker";
import { isWorkerState, type WorkerState } from "../rules/workerState";
import { countBlocks } from "../store/blocks";
import { gapsOf } from "../store/gaps";
import { listActiveLeases, type NewLease } from "../store/leases";
import { type LeaseSample, listLeaseSamples, listWorkerSamples, type WorkerSample } from "../store/samples";
import { countLeases, listFees } from "../store/totals";
import { listWorkers } from "../store/workers";
import type { WorkerRow } from "../tables";

/** A lease that runs, with what its worker's heartbeats told meanwhile. */
export interface ActiveLease {
  leaseId: string;
  workerId: string;
  consumerId: string;
  /** What every key begins with, in lower case. */
  prefix: string;
  pricePerMin: Nano;
  /** The most that it may cost; null where only the time ends it. */
  budget: Nano | null;
  expiresAtMs: number;
  work: WorkLog;
  /** Whether somebody has been told that little of the budget is left. */
  lowTold: boolean;
  hashrateSum: number;
  hashrateCount: number;
}

/** Counts over all history, kept as they change. */
export interface Totals {
  blocks: number;
  selfMinedBlocks: number;
  leases: number;
  settlements: number;
  /** Sum of the fees as receipts show them, in 1e-4 XNM. */
  shownFees: bigint;
}

/**
 * What is on the disk, in memory: every worker, the active leases and the totals. The state changes only after the
 * transaction that is the reason has been committed, so that nobody is shown what may still be undone; and by
 * heartbeats, which may be lost (docs/market.md, Storage).
 */
export interface LiveState {
  /** In the order of registration. */
  readonly workers: ReadonlyMap<string, Worker>;
  readonly activeLeases: ReadonlyMap<string, ActiveLease>;
  readonly totals: Readonly<Totals>;
  /** Time without work is billed all the same. */
  readonly billOffline: boolean;
  /** Raised by every change, so that answers may be kept as long as it stays. */
  version(): number;
  workersOfAddress(address: string): Worker[];
  /** Takes over what a worker said of itself. */
  registered(row: WorkerRow, nowMs: number): Worker;
  stateChanged(workerId: string, state: WorkerState): void;
  /** Changes some members of a worker. */
  workerChanged(workerId: string, changes: Partial<Worker>): void;
  leaseStarted(lease: NewLease): void;
  /** A lease is for longer, or for more money. */
  leaseExtended(lease: { leaseId: string; createdAt: number; durationSec: number; budget: Nano | null }): void;
  leaseEnded(lease: { leaseId: string; workerId: string; completed: boolean }, state: WorkerState, fee: Nano): void;
  /** A lease that had ended before was settled. */
  leftoverSettled(fee: Nano): void;
  /** A block was kept, or one that waited was confirmed by the chain. */
  blockJudged(
    workerId: string,
    block: { isNew: boolean; selfMined: boolean; counted: boolean; verified: boolean },
  ): void;
  /** A heartbeat of the worker of an active lease. */
  hashrateTold(leaseId: string, hashrate: number): void;
}

const FEE_PLACES = 4;

/** The live state as it is changed. */
interface Contents {
  workers: Map<string, Worker>;
  activeLeases: Map<string, ActiveLease>;
  totals: Totals;
  version: number;
  /** Time without work is billed all the same. */
  billOffline: boolean;
}

/** Reads the live state as the files hold it. */
export function openLiveState(database: SqliteDatabase, { billOffline = false } = {}): LiveState {
  const contents = readContents(database, billOffline);
  const { workers, activeLeases, totals } = contents;
  return {
    workers,
    activeLeases,
    totals,
    billOffline,
    version: () => contents.version,
    workersOfAddress: (address) => [...workers.values()].filter(({ ethAddress }) => sameAddress(ethAddress, address)),
    registered(row, nowMs) {
      const worker = workers.get(row.workerId) ?? workerOf(row, undefined);
      workers.set(row.workerId, worker);
      change(contents, row.workerId, { ...selfDescription(row), lastHeartbeatMs: nowMs, lastOnlineAtMs: nowMs });
      return worker;
    },
    stateChanged: (workerId, state) => change(contents, workerId, { state }),
    workerChanged: (workerId, changes) => change(contents, workerId, changes),
    leaseStarted(lease) {
      startLease(contents, lease);
      const worker = workers.get(lease.workerId);
      change(contents, lease.workerId, { state: "LEASED", totalLeases: (worker?.totalLeases ?? 0) + 1 });
      totals.leases++;
    },
    leaseExtended({ leaseId, createdAt, durationSec, budget }) {
      const lease = activeLeases.get(leaseId);
      if (lease === undefined) return;
      Object.assign(lease, { expiresAtMs: createdAt + durationSec * 1000, budget, lowTold: false });
      contents.version++;
    },
    leaseEnded({ leaseId, workerId, completed }, state, fee) {
      activeLeases.delete(leaseId);
      const completedLeases = (workers.get(workerId)?.completedLeases ?? 0) + Number(completed);
      change(contents, workerId, { state, activeLeaseId: null, completedLeases });
      addSettlement(contents, fee);
    },
    leftoverSettled: (fee) => addSettlement(contents, fee),
    blockJudged(workerId, { isNew, selfMined, counted, verified }) {
      const worker = workers.get(workerId);
      totals.blocks += Number(isNew);
      totals.selfMinedBlocks += Number(isNew && selfMined);
      if (worker === undefined) return;
      change(contents, workerId, {
        selfBlocksFound: worker.selfBlocksFound + Number(isNew && selfMined),
        selfBlocksVerified: worker.selfBlocksVerified + Number(selfMined && counted),
        verifiedBlocks: worker.verifiedBlocks + Number(verified),
      });
    },
    hashrateTold(leaseId, hashrate) {
      const lease = activeLeases.get(leaseId);
      if (lease === undefined) return;
      lease.hashrateSum += hashrate;
      lease.hashrateCount++;
    },
  };
}

function readContents(database: SqliteDatabase, billOffline: boolean): Contents {
  const samples = new Map(database.samples.read(listWorkerSamples).map((row) => [row.workerId, row]));
  const sums = new Map(database.samples.read(listLeaseSamples).map((row) => [row.leaseId, row]));
  const rows = database.read(listWorkers);
  const workers = new Map(rows.map((row) => [row.workerId, workerOf(row, samples.get(row.workerId))]));
  const contents: Contents = {
    workers,
    activeLeases: new Map(),
    totals: database.read(readTotals),
    version: 0,
    billOffline,
  };
  for (const lease of database.read(listActiveLeases)) {
    startLease(contents, lease, sums.get(lease.leaseId));
    if (billOffline) continue;
    const gaps = database.read((db) => gapsOf(db, lease.leaseId, Number.MAX_SAFE_INTEGER));
    const heardAtMs = workers.get(lease.workerId)?.lastHeartbeatMs;
    resumeWork(contents.activeLeases.get(lease.leaseId)!.work, lease.beganAt, gaps, heardAtMs ?? lease.createdAt);
  }
  return contents;
}

function startLease(contents: Contents, lease: NewLease, told?: LeaseSample): void {
  const { leaseId, workerId, pricePerMin, budget } = lease;
  const { hashrateSum, hashrateCount } = told ?? { hashrateSum: 0, hashrateCount: 0 };
  contents.activeLeases.set(leaseId, {
    leaseId,
    workerId,
    consumerId: lease.consumerId,
    prefix: lease.prefix.toLowerCase(),
    pricePerMin,
    budget,
    expiresAtMs: lease.createdAt + lease.durationSec * 1000,
    work: contents.billOffline ? wholeWorkLog(lease.createdAt) : newWorkLog(lease.createdAt, lease.beganAt),
    lowTold: false,
    hashrateSum,
    hashrateCount,
  });
  change(contents, workerId, { activeLeaseId: leaseId });
}

function change(contents: Contents, workerId: string, changes: Partial<Worker>): void {
  const worker = contents.workers.get(workerId);
  if (worker !== undefined) Object.assign(worker, changes);
  contents.version++;
}

function addSettlement(contents: Contents, fee: Nano): void {
  contents.totals.settlements++;
  contents.totals.shownFees += shownFee(fee);
  contents.version++;
}

function readTotals(db: SqliteHandle): Totals {
  const { total, selfMined } = countBlocks(db);
  const fees = listFees(db);
  const shownFees = fees.reduce((sum, fee) => sum + shownFee(fee), 0n);
  return { blocks: total, selfMinedBlocks: selfMined, leases: countLeases(db), settlements: fees.length, shownFees };
}

function shownFee(fee: Nano): bigint {
  return scaledHalfEven(xnmOf(fee), FEE_PLACES);
}

function selfDescription(row: WorkerRow) {
  const { ethAddress, gpuCount, totalMemoryGb, gpus, version } = row;
  return { ethAddress, gpuCount, totalMemoryGb, gpus, version, state: stateOf(row.state) };
}

function stateOf(text: string): WorkerState {
  return isWorkerState(text) ? text : "AVAILABLE";
}

function workerOf(row: WorkerRow, sample: WorkerSample | undefined): Worker {
  return {
    workerId: row.workerId,
    ...selfDescription(row),
    pricePerMin: row.pricePerMin,
    minDurationSec: row.minDurationSec,
    maxDurationSec: row.maxDurationSec,
    registeredAtMs: row.registeredAt,
    hashrate: sample?.hashrate ?? 0,
    activeGpus: sample?.activeGpus ?? 0,
    lastHeartbeatMs: sample?.lastHeartbeat ?? row.registeredAt,
    totalOnlineMs: sample?.totalOnlineMs ?? 0,
    lastOnlineAtMs: sample?.lastOnlineAt ?? null,
    currentAddress: "",
    currentPrefix: "",
    currentBlockPattern: "",
    selfBlocksFound: row.selfBlocksFound,
    selfBlocksVerified: row.selfBlocksVerified,
    verifiedBlocks: row.verifiedBlocks,
    totalLeases: row.totalLeases,
    completedLeases: row.completedLeases,
    activeLeaseId: null,
    present: true,
  };
}

import type { SqliteDatabase, SqliteHandle } from "../../../platform/database";
import type { ChainBlock, ChainVerifier } from "../ports/chainVerifier";
import { CHAIN_WAIT_MS, hasPrefix, isAsReported } from "../rules/blocks";
import { addBlock, blocksOfKey, confirmBlock, hasWaitingBlock, keysWaitingSince, type NewBlock } from "../store/blocks";
import { countLeaseBlock, findLease, findSettlement } from "../store/leases";
import { growRecord } from "../store/workers";
import type { BlockRow, LeaseRow } from "../tables";
import type { BlockReport } from "./payloads";

/** What came of a report that was kept, or of one that the chain now confirms. */
export interface JudgedBlock {
  block: NewBlock;
  /** Whether the row is new; else it had waited for the chain. */
  isNew: boolean;
  /** Whether the block counts for its lease, or as self-mined and on the chain. */
  counted: boolean;
  /** Whether the block raises the worker's reputation. */
  verified: boolean;
}

export interface BlockOptions {
  database: SqliteDatabase;
  /** Undefined where no chain is served: every block then counts as verified. */
  chain: ChainVerifier | undefined;
}

/**
 * Keeps a block that a worker reports, in one transaction with everything that counts it (docs/market.md, Blocks). A
 * report that waits for the chain and is told again is judged anew. Undefined for a report that changes nothing: an
 * unknown lease, another worker's, or a key that this lease has already.
 */
export function keepBlock(
  { database, chain }: BlockOptions,
  workerId: string,
  report: BlockReport,
  nowMs: number,
): Promise<JudgedBlock | undefined> {
  const onChain = chain?.blockOfKey(report.key);
  return database.transact((db): JudgedBlock | undefined => {
    const reported = blocksOfKey(db, report.key);
    const selfMined = report.leaseId === "";
    const lease = selfMined ? undefined : findLease(db, report.leaseId);
    if (!selfMined && lease?.workerId !== workerId) return undefined;
    const known = selfMined ? reported[0] : reported.find(({ leaseId }) => leaseId === report.leaseId);
    if (known !== undefined) return onChain && confirm(db, known, reported, onChain, nowMs);
    return addReport(db, { workerId, report, lease, reported, onChain, isChainless: chain === undefined }, nowMs);
  });
}

interface NewReport {
  workerId: string;
  report: BlockReport;
  /** Undefined for a self-mined block. */
  lease: LeaseRow | undefined;
  /** The same key under other leases. */
  reported: readonly BlockRow[];
  onChain: ChainBlock | undefined;
  /** Whether no chain is served, so that everything counts as verified. */
  isChainless: boolean;
}

function addReport(db: SqliteHandle, told: NewReport, nowMs: number): JudgedBlock {
  const { workerId, report, lease, reported, onChain } = told;
  const chainVerified = told.isChainless || onChain !== undefined;
  const prefixValid = hasPrefix(report.key, lease);
  const block = {
    ...report,
    workerId,
    prefixValid,
    chainVerified,
    chainBlockId: onChain?.blockId ?? null,
    createdAt: nowMs,
  };
  addBlock(db, block);
  const isDue = chainVerified && prefixValid && (onChain === undefined || isAsReported(onChain, workerId, lease));
  const counted = isDue && (lease === undefined || lease.state === "active");
  if (counted && lease !== undefined) countLeaseBlock(db, lease.leaseId);
  const verified = chainVerified && reported.every((other) => !other.chainVerified);
  const selfMined = lease === undefined;
  growRecord(db, workerId, {
    selfBlocks: Number(selfMined),
    selfBlocksVerified: Number(selfMined && counted),
    verifiedBlocks: Number(verified),
  });
  return { block, isNew: true, counted, verified };
}

/** Confirms the reports of a key that the chain now has. */
export async function confirmKey(
  { database, chain }: BlockOptions,
  key: string,
  nowMs: number,
): Promise<JudgedBlock[]> {
  if (!database.read((db) => hasWaitingBlock(db, key))) return [];
  const onChain = chain?.blockOfKey(key);
  if (onChain === undefined) return [];
  return database.transact((db) => {
    const reported = blocksOfKey(db, key);
    return reported.flatMap((row) => confirm(db, row, reported, onChain, nowMs) ?? []);
  });
}

/** Keys that wait for the chain since `sinceMs`, oldest first. */
export function waitingKeys({ database }: BlockOptions, sinceMs: number): string[] {
  return database.read((db) => keysWaitingSince(db, sinceMs));
}

/** A row that waited, counted as if the chain had had it at once; undefined when it no longer waits. */
function confirm(
  db: SqliteHandle,
  row: BlockRow,
  reported: readonly BlockRow[],
  onChain: ChainBlock,
  nowMs: number,
): JudgedBlock | undefined {
  const lease = row.leaseId === "" ? undefined : findLease(db, row.leaseId);
  if (row.chainVerified || nowMs > waitsUntil(row, lease)) return undefined;
  confirmBlock(db, row.seq, onChain.blockId);
  const isDue = row.prefixValid && isAsReported(onChain, row.workerId, lease);
  const counted = isDue && (lease === undefined || cameInTime(db, row, lease));
  if (counted && lease !== undefined) countLeaseBlock(db, lease.leaseId);
  const verified = reported.every(({ chainVerified }) => !chainVerified);
  const selfBlocksVerified = Number(counted && lease === undefined);
  growRecord(db, row.workerId, { selfBlocksVerified, verifiedBlocks: Number(verified) });
  row.chainVerified = true;
  return { block: { ...row, chainBlockId: onChain.blockId }, isNew: false, counted, verified };
}

function waitsUntil(row: BlockRow, lease: LeaseRow | undefined): number {
  if (lease === undefined) return row.createdAt + CHAIN_WAIT_MS;
  return lease.endedAt === null ? Number.POSITIVE_INFINITY : lease.endedAt + CHAIN_WAIT_MS;
}

/** Whether a report came while its lease ran: what was told later does not count, confirmed or not. */
function cameInTime(db: SqliteHandle, row: BlockRow, lease: LeaseRow): boolean {
  if (lease.state === "active") return true;
  return row.createdAt <= (findSettlement(db, lease.leaseId)?.settledAt ?? 0);
}

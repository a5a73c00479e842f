import type { SqliteDatabase } from "../../../platform/database";
import type { ChainVerifier } from "../ports/chainVerifier";
import { addBlock, leasesOfKey, type NewBlock } from "../store/blocks";
import { countLeaseBlock, findLease } from "../store/leases";
import { growRecord } from "../store/workers";
import type { BlockReport } from "./payloads";

/** What came of a report that was kept. */
export interface KeptBlock {
  block: NewBlock;
  /** Whether the block counts for its lease, or as self-mined. */
  counted: boolean;
  /** Whether the block raises the worker's reputation. */
  verified: boolean;
}

export interface BlockOptions {
  database: SqliteDatabase;
  /** Undefined where no chain is served: every block then counts as verified. */
  chain: ChainVerifier | undefined;
}

const PREFIX_DIGITS = 16;

/**
 * Keeps a block that a worker reports, in one transaction with everything that counts it (docs/market.md, Blocks).
 * Undefined for a report that is not kept: an unknown lease, another worker's, or a key that this lease has already.
 */
export function keepBlock(
  { database, chain }: BlockOptions,
  workerId: string,
  report: BlockReport,
  nowMs: number,
): Promise<KeptBlock | undefined> {
  const chainBlockId = chain?.blockIdOfKey(report.key) ?? null;
  const isOnChain = chain === undefined || chainBlockId !== null;
  return database.transact((db): KeptBlock | undefined => {
    const reported = leasesOfKey(db, report.key);
    const selfMined = report.leaseId === "";
    const lease = selfMined ? undefined : findLease(db, report.leaseId);
    const isRepeat = selfMined ? reported.length > 0 : reported.includes(report.leaseId);
    if (isRepeat || (!selfMined && lease?.workerId !== workerId)) return undefined;
    const prefixValid = lease === undefined || keyPrefix(report.key) === lease.prefix.toLowerCase();
    const block = { ...report, workerId, prefixValid, chainVerified: isOnChain, chainBlockId, createdAt: nowMs };
    addBlock(db, block);
    const counted = isOnChain && prefixValid && (selfMined || lease?.state === "active");
    if (counted && lease !== undefined) countLeaseBlock(db, lease.leaseId);
    const verified = isOnChain && reported.length === 0;
    const growth = { selfBlocks: Number(selfMined && counted), verifiedBlocks: Number(verified) };
    if (counted || verified) growRecord(db, workerId, growth);
    return { block, counted, verified };
  });
}

function keyPrefix(key: string): string {
  return key.slice(0, PREFIX_DIGITS).toLowerCase();
}

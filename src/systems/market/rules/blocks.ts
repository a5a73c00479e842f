import { sameAddress } from "./worker";

const PREFIX_DIGITS = 16;

/** A lease's report waits so long after the lease's end for the chain, a self-mined one so long after it came. */
export const CHAIN_WAIT_MS = 600_000;

/** What a key is judged by. */
export interface LeasePromise {
  prefix: string;
  /** Where the consumer wants the coins; empty where the consumer named none. */
  consumerAddress: string;
}

/** What a chain tells of a block. */
export interface MinedBlock {
  account: string;
  /** Empty where the miner named none. */
  worker: string;
}

/** Whether a key begins as its lease asks, in any case; what is mined for oneself begins as it likes. */
export function hasPrefix(key: string, lease: LeasePromise | undefined): boolean {
  return lease === undefined || key.slice(0, PREFIX_DIGITS).toLowerCase() === lease.prefix.toLowerCase();
}

/**
 * Whether a block of the chain is what a worker says: by this worker, where the chain names one, and for a lease paid to
 * its consumer. A worker's own blocks may go to whatever address (docs/market.md, Blocks).
 */
export function isAsReported(block: MinedBlock, workerId: string, lease: LeasePromise | undefined): boolean {
  if (block.worker !== "" && block.worker !== workerId) return false;
  if (lease === undefined || lease.consumerAddress === "") return true;
  return sameAddress(block.account, lease.consumerAddress);
}

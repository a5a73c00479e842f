import type { Clock } from "../../../platform/clock";
import type { Feed } from "../live/feed";
import type { LiveState } from "../live/state";
import { type BlockOptions, confirmKey, type JudgedBlock, keepBlock, waitingKeys } from "./blocks";
import { type Payload, readBlock } from "./payloads";

/** Blocks as workers report them and as the chain takes them, in whatever order that happens. */
export interface BlockReports {
  /** A worker reports a block. */
  reported(workerId: string, payload: Payload): Promise<void>;
  /** Counts what was reported of a key before the chain had it. */
  chainHas(key: string): Promise<void>;
  /** The same for all that waits since an earlier process. */
  confirmWaiting(): Promise<void>;
}

export interface BlockReportsOptions extends BlockOptions {
  clock: Clock;
  live: LiveState;
  feed: Pick<Feed, "publish">;
}

/** How far back reports are looked for that the chain may have taken while the market was down. */
const WAITING_LOOKED_BACK_MS = 7 * 86_400_000;

export function createBlockReports(options: BlockReportsOptions): BlockReports {
  const { chain, clock, live, feed } = options;

  function tell(judged: JudgedBlock): void {
    const { workerId, blockHash, leaseId } = judged.block;
    live.blockJudged(workerId, { ...judged, selfMined: leaseId === "" });
    feed.publish(judged.isNew ? "block" : "block_verified", {
      worker_id: workerId,
      hash: blockHash,
      lease_id: leaseId,
    });
  }

  async function chainHas(key: string): Promise<void> {
    for (const judged of await confirmKey(options, key, clock.now())) tell(judged);
  }

  return {
    async reported(workerId, payload) {
      const report = readBlock(payload);
      const kept = report && (await keepBlock(options, workerId, report, clock.now()));
      if (kept === undefined) return;
      tell(kept);
      // The chain may have taken it while the report was on its way to the disk.
      const { key, chainVerified } = kept.block;
      if (!chainVerified && chain?.blockOfKey(key)) await chainHas(key);
    },
    chainHas,
    async confirmWaiting() {
      for (const key of waitingKeys(options, clock.now() - WAITING_LOOKED_BACK_MS)) await chainHas(key);
    },
  };
}

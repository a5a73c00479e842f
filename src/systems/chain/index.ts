import type { Clock } from "../../platform/clock";
import { openDatabase, type SqliteDatabase } from "../../platform/database";
import type { Platform } from "../../platform/platform";
import type { Health, System } from "../../platform/system";
import { VERSION } from "../../platform/version";
import { chainRoutes, statsBody } from "./routes";
import { type Chain, createChain } from "./service";

/** The chain simulator as a system, and the chain itself for whoever verifies blocks. */
export interface ChainSystem extends System {
  chain: Pick<Chain, "difficulty" | "blockCount" | "blockOfKey" | "onBlock" | "hashesPerBlock">;
}

type ChainPlatform = Pick<Platform, "config" | "clock" | "log" | "database">;

const LAST_BLOCKS = "/getblocks/lastblock";

/**
 * Blocks are kept in the platform's database, or with `CHAIN_MEMORY` in one that ends with the process. `page` shows
 * them; by default they are shown as they are.
 */
export function createChainSystem(platform: ChainPlatform, page = LAST_BLOCKS): ChainSystem {
  const { config, clock, log } = platform;
  const chain = createChain({
    clock,
    marker: config.BLOCK_MARKER,
    difficulty: config.CHAIN_DIFFICULTY,
    adjustInterval: config.CHAIN_ADJUST_INTERVAL,
    xuniWindow: config.CHAIN_XUNI_WINDOW,
    strict: config.CHAIN_STRICT,
  });
  let own: SqliteDatabase | undefined;
  let started = false;
  return {
    name: "chain",
    chain,
    routes: chainRoutes(chain, log),
    async start() {
      if (config.CHAIN_MEMORY) own = await memoryDatabase(clock, log);
      await chain.start(own ?? platform.database);
      started = true;
    },
    async stop() {
      await own?.close();
    },
    health: (): Health => ({
      ready: started,
      status: started ? "healthy" : "loading",
      chain_blocks: chain.blockCount(),
    }),
    about: (port) => ({ ...statsBody(chain), service: "XenBlocks Chain Simulator", port }),
    card: () => ({
      title: "Chain",
      figure: `${chain.blockCount()} blocks`,
      caption: `difficulty ${chain.difficulty()}`,
      action: { label: "Last blocks", href: page },
    }),
  };
}

function memoryDatabase(clock: Clock, log: Platform["log"]): Promise<SqliteDatabase> {
  return openDatabase({
    version: VERSION,
    clock,
    onSamplesError: (error) => log.write("error", "samples of the chain were lost", { error }),
  });
}

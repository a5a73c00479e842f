import type { Clock } from "../../platform/clock";
import { openDatabase, type SqliteDatabase } from "../../platform/database";
import type { Platform } from "../../platform/platform";
import type { Health, System } from "../../platform/system";
import { VERSION } from "../../platform/version";
import { chainRoutes, statsBody } from "./routes";
import { DEFAULT_ADJUST_INTERVAL, DEFAULT_DIFFICULTY, DEFAULT_MARKER } from "./rules";
import { type Chain, createChain } from "./service";

/** How the chain is to behave; what is left out is as in docs/chain.md. */
export interface ChainSettings {
  marker?: string;
  difficulty?: number;
  adjustInterval?: number;
  xuniWindow?: boolean;
  strict?: boolean;
  /** Nothing is kept over a restart. */
  inMemory?: boolean;
  /** The page that shows its blocks; where there is none the blocks themselves are shown. */
  page?: string;
}

/** The chain simulator as a system, and the chain itself for whoever verifies blocks. */
export interface ChainSystem extends System {
  chain: Pick<Chain, "difficulty" | "blockCount" | "blockIdOfKey">;
}

type ChainPlatform = Pick<Platform, "clock" | "log" | "database">;

/** Blocks are kept in the platform's database, or with `inMemory` in one that ends with the process. */
export function createChainSystem(platform: ChainPlatform, settings: ChainSettings = {}): ChainSystem {
  const { clock, log } = platform;
  const chain = createChain({
    clock,
    marker: settings.marker === undefined || settings.marker === "" ? DEFAULT_MARKER : settings.marker,
    difficulty: settings.difficulty ?? DEFAULT_DIFFICULTY,
    adjustInterval: settings.adjustInterval ?? DEFAULT_ADJUST_INTERVAL,
    xuniWindow: settings.xuniWindow ?? false,
    strict: settings.strict ?? false,
  });
  let own: SqliteDatabase | undefined;
  let started = false;
  return {
    name: "chain",
    chain,
    routes: chainRoutes(chain, log),
    async start() {
      if (settings.inMemory === true) own = await memoryDatabase(clock, log);
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
      action: { label: "Last blocks", href: settings.page ?? "/getblocks/lastblock" },
    }),
  };
}

function memoryDatabase(clock: Clock, log: Platform["log"]): Promise<SqliteDatabase> {
  return openDatabase({
    version: VERSION,
    clock,
    onFiguresError: (error) => log.write("error", "figures of the chain were lost", { error }),
  });
}

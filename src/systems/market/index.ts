import type { Platform } from "../../platform/platform";
import type { Card, SecurityScheme, System } from "../../platform/system";
import { randomLeaseIds } from "./dealings/leaseOptions";
import type { SimulatorPlace } from "./miner/simulator";
import { convertOriginal } from "./original/convert";
import type { ChainVerifier } from "./ports/chainVerifier";
import type { MessageBus } from "./ports/messageBus";
import { replayHandler } from "./replay/handler";
import type { Mode } from "./rights";
import { marketRoutes } from "./routes";
import { xnmOf } from "./rules/money";
import { createMarketService, type MarketService } from "./service";
import { findInMarket } from "./views/find";

export { connectFleet } from "./miner/fleet";
export { type MinerProfile, minerProfiles } from "./miner/profiles";
export type { SimulatorPlace } from "./miner/simulator";
export type { ChainVerifier } from "./ports/chainVerifier";
export type { MessageBus } from "./ports/messageBus";
export { isWorkerId } from "./workers/topics";

/** The key that the original's clients know. In closed mode that key opens nothing. */
export const KNOWN_ADMIN_KEY = "admin-test-key-do-not-use-in-production";

/**
 * What a miner may do that sends no user and no password: speak for the worker of its client identifier, `xenminer_` and
 * the worker's (docs/market.md, Miners).
 */
export const MINER_RULES = [
  { clientId: "xenminer_{worker}", access: "both" as const, topics: ["xenminer/{worker}/#"] },
];

/** What the original's clients read at `/`, on whatever port they ask. */
const FLAT_MEMBERS = ["service", "mqtt_port", "api_port", "connected_workers", "uptime"];

const SECURITY_SCHEMES: Record<string, SecurityScheme> = {
  marketKey: { type: "apiKey", in: "header", name: "X-API-Key", description: "An account's key, or the admin's." },
  walletToken: { type: "http", scheme: "bearer", description: "A token that a wallet's signature was changed for." },
};

export interface MarketOptions {
  bus: MessageBus;
  /** Absent where no chain is served; blocks then count unverified. */
  chain?: ChainVerifier | undefined;
  mode: Mode;
  adminKey: string;
  /** Signs wallet tokens; by default derived from the platform's key. */
  jwtSecret?: string | undefined;
  /** Renting asks for the full cost in the consumer's account. */
  requireFunds: boolean;
  /** Commands for workers ask for the admin or the owner; in closed mode they always do. */
  guardControl: boolean;
  /** The most workers that may ever register. */
  workersLimit: number;
  /** Requests of one address in a minute, and accounts that it may open in an hour; 0 sets no limit. */
  requestsPerMin: number;
  /** Time in which a worker does not work is billed all the same. */
  billOffline: boolean;
  /** How many seconds a worker may take to begin. */
  leaseStartS: number;
  accountsPerHour: number;
  /** Where the broker listens, as `GET /` tells it; null before it does. */
  mqttPort: () => number | null;
  /** Where simulated workers live; absent where there are none. */
  simulator?: SimulatorPlace | undefined;
}

type MarketPlatform = Pick<Platform, "clock" | "log" | "metrics" | "database" | "secretKey" | "stopping">;

/**
 * The hash-power market (docs/market.md). A file of the original market is taken over first.
 * @throws UsageError for a file of the original that cannot be.
 */
export async function createMarket(platform: MarketPlatform, options: MarketOptions): Promise<System> {
  const { clock, log, database, secretKey, stopping } = platform;
  await convertOriginal(database, clock, log);
  const { bus, mode, mqttPort } = options;
  const market = createMarketService({
    ...options,
    chain: options.chain,
    simulator: options.simulator,
    database,
    clock,
    log,
    ids: randomLeaseIds,
    secret: secretKey,
    tokenSecret: options.jwtSecret ?? `${secretKey} market wallet tokens`,
  });
  const { live, outbox } = market;
  measure(platform.metrics, market);
  const takeLeave = () => {
    market.feed.close();
    market.ignorePresence();
  };
  stopping.addEventListener("abort", takeLeave, { once: true });
  let started = false;
  return {
    name: "market",
    page: "market",
    originalPages: ["dashboard"],
    routes: marketRoutes(market),
    async start() {
      await market.start();
      started = true;
    },
    stop: market.stop,
    handlers: [replayHandler],
    flat: FLAT_MEMBERS,
    securitySchemes: SECURITY_SCHEMES,
    health: () => ({
      ready: started,
      status: started ? "healthy" : "loading",
      mqtt_port: mqttPort(),
      workers: live.workers.size,
      active_leases: live.activeLeases.size,
      messages_waiting: outbox.waiting(),
    }),
    about: (port) => ({
      service: "XenMiner Mock Platform",
      mqtt_port: mqttPort(),
      api_port: port,
      connected_workers: bus.clientIds().length,
      uptime: "running",
    }),
    find: async (query) => findInMarket({ live, database, mode }, query),
    card: () => cardOf(live),
  };
}

function cardOf({ workers }: MarketService["live"]): Card {
  const cheapest = [...workers.values()].reduce<bigint | undefined>(
    (least, { pricePerMin }) => (least === undefined || pricePerMin < least ? pricePerMin : least),
    undefined,
  );
  return {
    title: "Market",
    figure: cheapest === undefined ? null : `${xnmOf(cheapest)} XNM/min`,
    caption: `the cheapest of ${workers.size} workers`,
    action: { label: "Rent hash power", href: "/market" },
  };
}

function measure({ gauge }: Platform["metrics"], { live, outbox, feed }: MarketService): void {
  gauge("foresight_market_workers", "Workers that have registered.", () => live.workers.size);
  gauge("foresight_market_active_leases", "Leases that run.", () => live.activeLeases.size);
  gauge("foresight_market_settlements", "Leases that were settled.", () => live.totals.settlements);
  gauge("foresight_market_blocks", "Blocks that workers reported.", () => live.totals.blocks);
  gauge("foresight_market_messages_waiting", "Messages that wait for their worker.", outbox.waiting);
  gauge("foresight_market_feed_clients", "Clients of the live feed.", feed.clients);
}

import type { Clock } from "../../src/platform/clock";
import { RequestError } from "../../src/platform/errors";
import { createLog } from "../../src/platform/log";
import { type Random, seededRandom } from "../../src/platform/random";
import { minerProfiles } from "../../src/systems/market/miner/profiles";
import { createSimulatedWorker, type SimulatedWorker } from "../../src/systems/market/miner/simulatedWorker";
import type { MessageBus } from "../../src/systems/market/ports/messageBus";
import { nanoOf } from "../../src/systems/market/rules/money";
import { createMarketService, type MarketService } from "../../src/systems/market/service";
import { savePricing } from "../../src/systems/market/store/workers";
import { virtualClock } from "../support/virtualClock";
import { ADMIN_KEY, memoryChain, testDatabase } from "../systems/market/marketBench";

const WORKERS_PER_PROFILE = 2;
const CONSUMERS = 4;
const MAX_LATENCY_MS = 400;
const LOSS = 0.02;
const HEARTBEAT_MS = 60_000;
const BLOCK_INTERVAL_SEC = 120;
const MAX_LEASE_SEC = 3600;
const MAX_PAUSE_MS = 240_000;
const LATE_SUBMITS = 0.3;
const MAX_LATENESS_MS = 60_000;
const MAX_ABSENCE_MS = 600_000;

/** A market with workers of every character, consumers and operators at random, and a network that loses and delays. */
export interface World {
  market(): MarketService;
  clock: Clock;
  /** One random act, and the time until the next. */
  step(): Promise<void>;
  /** What has been done, for the message of a failure. */
  acts(): string[];
  close(): Promise<void>;
}

/** Everything in it follows from the seed. */
export async function createWorld(seed: number): Promise<World> {
  const random = seededRandom(seed);
  const clock = virtualClock();
  const database = await testDatabase(clock);
  const chain = memoryChain();
  const network = createNetwork(clock, random);
  const acts: string[] = [];
  const knownLeases = new Set<string>();
  let market = await openMarket();
  const consumers = Array.from({ length: CONSUMERS }, (_, i) => `consumer-${i + 1}`);
  for (const accountId of consumers.slice(2)) {
    await market.accounts.register({ accountId, role: "consumer", ethAddress: "", balance: random.below(3) });
  }
  for (const profile of minerProfiles) {
    for (let i = 0; i < WORKERS_PER_PROFILE; i++) startWorker(`${profile}-${i}`, profile);
  }

  async function openMarket(): Promise<MarketService> {
    const opened = createMarketService({
      database,
      clock: network.marketClock(),
      log: createLog({ level: "error", clock, sink: failOnFault }),
      bus: network.marketBus(),
      chain: { ...chain, onBlock: (listener) => chain.onBlock(network.whileAlive(listener)) },
      mode: "open",
      ids: { leaseId: () => `lease-${hex(random, 32)}`, prefix: () => hex(random, 16) },
      secret: "s",
      tokenSecret: "t",
      adminKey: ADMIN_KEY,
      requireFunds: false,
      guardControl: false,
      workersLimit: 100,
    });
    await opened.start();
    return opened;
  }

  function startWorker(workerId: string, profile: (typeof minerProfiles)[number]): void {
    const worker: SimulatedWorker = createSimulatedWorker({
      workerId,
      profile,
      gpuCount: 1 + random.below(4),
      blockIntervalSec: BLOCK_INTERVAL_SEC,
      heartbeatMs: HEARTBEAT_MS,
      knownLeases,
      clock,
      random: seededRandom(random.below(2 ** 32)),
      link: {
        publish: (kind, payload) => network.toMarket(`xenminer/${workerId}/${kind}`, payload),
        async submit({ key, account, worker }) {
          // The C++ miner reports first and submits then.
          if (random.next() < LATE_SUBMITS) clock.after(random.below(MAX_LATENESS_MS), mine);
          else mine();
          function mine(): void {
            chain.mine(key, { account, worker });
          }
        },
      },
    });
    network.connect(workerId, worker);
    worker.start();
  }

  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)]!;
  const someWorker = () => (random.next() < 0.5 ? null : pick([...market.live.workers.keys(), "nobody"]));
  const someLease = () => pick([...market.live.activeLeases.keys(), "lease-none"]);
  const asConsumer = (accountId: string) => ({ role: "consumer" as const, accountId, ethAddress: "" });

  const repertoire: Record<string, () => Promise<unknown>> = {
    async rent() {
      const consumerId = pick(consumers);
      const wish = {
        consumerId,
        consumerAddress: "0xcc",
        durationSec: 1 + random.below(MAX_LEASE_SEC),
        workerId: someWorker(),
      };
      const count = 1 + random.below(3);
      return all(Array.from({ length: count }, () => market.leases.rent(wish, asConsumer(consumerId))));
    },
    async stop() {
      const leaseId = someLease();
      const who = asConsumer(pick(consumers));
      return all([
        market.leases.stop(leaseId, who),
        market.leases.stop(leaseId, { role: "admin", accountId: "_admin" }),
      ]);
    },
    deposit: () => market.accounts.deposit(pick(consumers), random.next()),
    withdraw: () => market.accounts.withdraw(pick([...consumers, ...market.live.workers.keys()]), random.next() * 2),
    transfer: () =>
      market.accounts.transfer(
        pick(consumers),
        pick([...market.live.workers.keys(), "platform-treasury"]),
        random.next(),
      ),
    async price() {
      const workerId = pick([...market.live.workers.keys()]);
      const pricing = { pricePerMin: nanoOf(random.next() * 3), minDurationSec: 1, maxDurationSec: MAX_LEASE_SEC };
      await database.transact((db) => savePricing(db, workerId, pricing));
      market.live.workerChanged(workerId, pricing);
    },
    list: () => market.workers.setState(pick([...market.live.workers.keys()]), pick(["AVAILABLE", "SELF_MINING"])),
    async restart() {
      await market.stop();
      market = await openMarket();
    },
    async crash() {
      // Whatever was under way is on the disk or not; nothing more of the old process reaches anybody.
      const under = [market.leases.endDue(), repertoire["rent"]!(), repertoire["stop"]!()];
      network.killMarket();
      await all(under);
      await database.samples.flush();
      market = await openMarket();
    },
  };
  /** A worker is cut off for a while, in both directions, whatever is going on. */
  repertoire["vanish"] = async () => {
    network.cut(pick([...market.live.workers.keys(), "nobody"]), clock.now() + random.below(MAX_ABSENCE_MS));
  };
  const weights: [name: string, weight: number][] = [
    ["vanish", 8],
    ["rent", 40],
    ["stop", 20],
    ["deposit", 5],
    ["withdraw", 5],
    ["transfer", 5],
    ["price", 3],
    ["list", 5],
    ["restart", 1],
    ["crash", 1],
    ["wait", 15],
  ];

  return {
    market: () => market,
    clock,
    async step() {
      const name = weighted(random, weights);
      acts.push(name);
      await refusalsAreFine(repertoire[name]?.() ?? Promise.resolve());
      await clock.advance(random.below(MAX_PAUSE_MS));
    },
    acts: () => acts,
    async close() {
      await market.stop();
      await database.close();
    },
  };
}

/** Between workers and market: messages take their time, keep their order, and some are lost. */
function createNetwork(clock: Clock, random: Random) {
  const workers = new Map<string, SimulatedWorker>();
  /** When the last message on each way arrives, so that none overtakes another. */
  const lastArrivalMs = new Map<string, number>();
  let receive: ((topic: string, payload: Uint8Array) => void | Promise<void>) | undefined;
  let life = 0;

  /** Until when a worker is cut off. */
  const cutUntilMs = new Map<string, number>();

  function deliver(way: string, action: () => void): void {
    if (random.next() < LOSS || clock.now() < (cutUntilMs.get(way.split(" ")[1]!) ?? 0)) return;
    const atMs = Math.max(clock.now() + random.below(MAX_LATENCY_MS), lastArrivalMs.get(way) ?? 0);
    lastArrivalMs.set(way, atMs);
    clock.after(atMs - clock.now(), action);
  }

  return {
    connect: (workerId: string, worker: SimulatedWorker) => void workers.set(workerId, worker),
    toMarket(topic: string, payload: Record<string, unknown>): void {
      const bytes = new TextEncoder().encode(JSON.stringify(payload));
      deliver(`from ${topic.split("/")[1]}`, () => void receive?.(topic, bytes));
    },
    marketBus(): MessageBus {
      const own = life;
      return {
        async publish(topic, payload) {
          if (own !== life) throw new Error("this process is dead");
          const [, workerId, kind] = topic.split("/") as [string, string, "task" | "control"];
          deliver(`to ${workerId}`, () => workers.get(workerId)?.receive(kind, JSON.parse(payload)));
        },
        async subscribe(_filter, onMessage) {
          receive = onMessage;
        },
        clientIds: () => [...workers.keys()],
        close: async () => undefined,
      };
    },
    /** Time for one life of the market: its timers end with it. */
    marketClock(): Clock {
      const own = life;
      return {
        now: clock.now,
        monotonic: clock.monotonic,
        after: (delayMs, action) => clock.after(delayMs, () => own === life && action()),
      };
    },
    cut: (workerId: string, untilMs: number) => void cutUntilMs.set(workerId, untilMs),
    /** What is called in one life of the market alone. */
    whileAlive(listener: (key: string) => void): (key: string) => void {
      const own = life;
      return (key) => void (own === life && listener(key));
    },
    killMarket(): void {
      life++;
      receive = undefined;
    },
  };
}

function weighted(random: Random, weights: readonly [name: string, weight: number][]): string {
  let rest = random.next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of weights) {
    rest -= weight;
    if (rest < 0) return name;
  }
  return weights[0]![0];
}

function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random.below(16).toString(16)).join("");
}

async function all(running: Promise<unknown>[]): Promise<void> {
  await Promise.all(running.map(refusalsAreFine));
}

/** A market refuses what cannot be; anything else that is thrown is a fault. */
async function refusalsAreFine(running: Promise<unknown>): Promise<void> {
  try {
    await running;
  } catch (error) {
    if (!(error instanceof RequestError) || error.status >= 500) throw error;
  }
}

function failOnFault(line: string): void {
  throw new Error(`the market logged a fault: ${line}`);
}

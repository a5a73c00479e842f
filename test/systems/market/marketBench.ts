import type { Clock } from "../../../src/platform/clock";
import { openDatabase, type SqliteDatabase } from "../../../src/platform/database";
import { createLog, type LogLine } from "../../../src/platform/log";
import { randomLeaseIds } from "../../../src/systems/market/dealings/leaseOptions";
import type { ChainBlock } from "../../../src/systems/market/ports/chainVerifier";
import type { MessageBus } from "../../../src/systems/market/ports/messageBus";
import { marketRoutes } from "../../../src/systems/market/routes";
import { createMarketService, type MarketServiceOptions } from "../../../src/systems/market/service";
import { virtualClock } from "../../support/virtualClock";

/** A message that the market sent, and where to. */
export interface Sent {
  topic: string;
  payload: Record<string, unknown>;
}

/** A bus without a broker: what the market sends is kept, what workers say is handed in. */
export function memoryBus() {
  const sent: Sent[] = [];
  const faults: unknown[] = [];
  let receive: (topic: string, payload: Uint8Array) => void | Promise<void> = () => undefined;
  const bus: MessageBus = {
    async publish(topic, payload) {
      sent.push({ topic, payload: JSON.parse(payload) });
    },
    async subscribe(_filter, onMessage) {
      receive = onMessage;
    },
    clientIds: () => ["xenminer_w1"],
    close: async () => undefined,
  };
  return {
    bus,
    sent,
    faults,
    async say(topic: string, payload: unknown) {
      const text = typeof payload === "string" ? payload : JSON.stringify(payload);
      await receive(topic, payload instanceof Uint8Array ? payload : new TextEncoder().encode(text));
    },
    to: (workerId: string) =>
      sent.filter(({ topic }) => topic.split("/")[1] === workerId).map(({ payload }) => payload),
  };
}

/** A chain that holds what is put in. */
export function memoryChain() {
  const keys = new Map<string, ChainBlock>();
  const listeners = new Set<(key: string) => void>();
  return {
    keys,
    /** Puts a block in; by default it names nobody. */
    mine(key: string, { account = "", worker = "" } = {}) {
      keys.set(key, { blockId: keys.size + 1, account, worker });
      for (const listener of listeners) listener(key);
    },
    blockOfKey: (key: string) => keys.get(key),
    onBlock(listener: (key: string) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hashesPerBlock: () => 1000,
    difficulty: () => 1727,
    blockCount: () => keys.size,
  };
}

const HEARTBEAT_MS = 30_000;

export const ADMIN_KEY = "admin-test-key-do-not-use-in-production";
export const adminHeaders = { "x-api-key": ADMIN_KEY };

export function testDatabase(clock: Clock): Promise<SqliteDatabase> {
  return openDatabase({
    version: "test",
    clock,
    onSamplesError: (error) => {
      throw error;
    },
  });
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of tests are looked at member by member
  body: any;
}

/** A whole market on a database in memory, with time that only moves when told, and calls as HTTP sees them. */
export async function openMarket(changes: Partial<MarketServiceOptions> = {}) {
  const clock = virtualClock();
  const lines: LogLine[] = [];
  const log = createLog({ level: "warning", clock, sink: (line) => lines.push(JSON.parse(line)) });
  const database = changes.database ?? (await testDatabase(clock));
  const worker = memoryBus();
  const chain = memoryChain();
  const market = createMarketService({
    database,
    clock,
    log,
    bus: worker.bus,
    chain,
    mode: "open",
    ids: randomLeaseIds,
    secret: "a secret for tests",
    tokenSecret: "another secret for tests",
    adminKey: ADMIN_KEY,
    requireFunds: false,
    guardControl: false,
    workersLimit: 1000,
    ...changes,
  });
  const routes = marketRoutes(market);
  await market.start();
  // What is done at the start is a timer of no time.
  await clock.advance(0);

  /** The whole answer of a request. */
  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const init = { method, headers, ...(text === undefined ? {} : { body: text }) };
    return await routes.handle(new Request(`http://localhost${path}`, init));
  }

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await ask(method, path, body, headers);
    const answerText = await answer.text();
    return {
      status: answer.status,
      body: answerText.startsWith("{") || answerText.startsWith("[") ? JSON.parse(answerText) : answerText,
    };
  }

  /** Registers a worker as a miner does. */
  async function register(workerId: string, said: Record<string, unknown> = {}) {
    const registration = {
      worker_id: workerId,
      eth_address: "0xabab",
      gpu_count: 2,
      total_memory_gb: 34,
      gpus: [
        { index: 0, name: "NVIDIA GeForce RTX 4090", memory_gb: 24, bus_id: 1 },
        { index: 1, name: "NVIDIA GeForce RTX 3080", memory_gb: 10, bus_id: 2 },
      ],
      version: "2.0.0",
      timestamp: 1795224867,
      ...said,
    };
    await worker.say(`xenminer/${workerId}/register`, registration);
  }

  const post = (path: string, body: unknown, headers?: Record<string, string>) => call("POST", path, body, headers);

  /** Lets a worker mine for its lease: it says so, and is heard every half minute until the time is over. */
  async function mineFor(workerId: string, seconds: number) {
    await report(workerId, "status", { state: "MINING" });
    for (let leftMs = seconds * 1000; leftMs > 0; leftMs -= HEARTBEAT_MS) {
      await clock.advance(Math.min(leftMs, HEARTBEAT_MS));
      if (leftMs > HEARTBEAT_MS) await report(workerId, "heartbeat");
    }
  }

  /** Rents for an hour, stops after so many seconds, and gives the settlement. */
  async function rentFor(seconds: number, workerId: string | null = null) {
    const { body } = await post("/api/rent", { consumer_id: "consumer-1", duration_sec: 3600, worker_id: workerId });
    await mineFor(body.worker_id, seconds);
    return (await post("/api/stop", { lease_id: body.lease_id })).body.settlement;
  }

  const report = (workerId: string, kind: string, said: Record<string, unknown> = {}) =>
    worker.say(`xenminer/${workerId}/${kind}`, { worker_id: workerId, ...said });

  return {
    ...market,
    market,
    clock,
    database,
    worker,
    chain,
    lines,
    register,
    report,
    rentFor,
    mineFor,
    ask,
    get: (path: string, headers?: Record<string, string>) => call("GET", path, undefined, headers),
    post,
    put: (path: string, body: unknown, headers?: Record<string, string>) => call("PUT", path, body, headers),
    routeList: () => routes.routes.map(({ method, path }) => `${method} ${path}`),
    async close() {
      await market.stop();
      await database.close();
    },
  };
}

export type TestMarket = Awaited<ReturnType<typeof openMarket>>;

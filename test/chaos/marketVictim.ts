import { writeSync } from "node:fs";
import { systemClock } from "../../src/platform/clock";
import { openDatabase, openDataFolder } from "../../src/platform/database";
import { createLog } from "../../src/platform/log";
import { seededRandom } from "../../src/platform/random";
import { randomLeaseIds } from "../../src/systems/market/dealings/leaseOptions";
import type { MessageBus } from "../../src/systems/market/ports/messageBus";
import { createMarketService } from "../../src/systems/market/service";
import { die } from "./die";
import { KILL_POINTS } from "./marketKillPoints";
import { watchStatements } from "./watchStatements";

/**
 * A market that is killed at a named point: `bun marketVictim.ts FOLDER POINT OCCURRENCE SEED`. It rents, stops and
 * deposits as fast as it can and writes a line for everything that it acknowledged.
 */
const [folder, pointName, occurrence, seed] = process.argv.slice(2) as [string, string, string, string];
const WORKERS = 8;
const CLIENTS = 16;
const point = KILL_POINTS[pointName]!;
let left = Number(occurrence);

function passed(isHit: boolean): void {
  if (isHit && --left === 0) die();
}

/** Written at once and whole, so that what was said before the kill can be read after it. */
const tell = (line: string) => void writeSync(1, `${line}\n`);

watchStatements(
  (sql, values) => passed(point.before?.(sql, values) === true),
  (sql, values) => passed(point.after?.(sql, values) === true),
);

const random = seededRandom(Number(seed));
const database = await openDatabase({
  folder: openDataFolder(folder),
  version: "test",
  clock: systemClock,
  onSamplesError: (error) => tell(`fault ${error}`),
});
let receive: Parameters<MessageBus["subscribe"]>[1] = () => undefined;
const bus: MessageBus = {
  async publish(topic, payload) {
    passed(point.message?.(payload) === true);
    tell(`sent ${topic} ${payload}`);
    answer(topic.split("/")[1]!, JSON.parse(payload));
  },
  async subscribe(_filter, onMessage) {
    receive = onMessage;
  },
  clientIds: () => [],
  close: async () => undefined,
};
/** Workers show that they have heard what they were told. */
function answer(workerId: string, { command, lease_id }: { command: string; lease_id?: string }): void {
  const state = { assign_task: "MINING", release: "COMPLETED" }[command];
  if (state === undefined) return;
  const status = JSON.stringify({ worker_id: workerId, state, lease_id });
  queueMicrotask(() => void receive(`xenminer/${workerId}/status`, new TextEncoder().encode(status)));
}

const market = createMarketService({
  database,
  clock: systemClock,
  log: createLog({ level: "error", clock: systemClock, sink: (line) => tell(`fault ${line}`) }),
  bus,
  chain: undefined,
  mode: "open",
  ids: randomLeaseIds,
  secret: "s",
  tokenSecret: "t",
  adminKey: "a",
  requireFunds: false,
  guardControl: false,
  workersLimit: 100,
});
await market.start();
// What an earlier life rented would keep the workers busy for the rest of its minute.
for (const leaseId of market.live.activeLeases.keys()) await market.leases.stop(leaseId, { role: "anonymous" });
for (let i = 0; i < WORKERS; i++) {
  const registration = JSON.stringify({ worker_id: `w${i}`, gpu_count: 1 });
  await receive(`xenminer/w${i}/register`, new TextEncoder().encode(registration));
}

async function client(): Promise<void> {
  for (;;) {
    const consumerId = `consumer-${1 + random.below(2)}`;
    await market.accounts.deposit(consumerId, 1);
    tell(`deposited ${consumerId}`);
    const wish = { consumerId, consumerAddress: "", durationSec: 60, workerId: null };
    const lease = await market.leases.rent(wish, { role: "anonymous" }).catch(() => undefined);
    if (lease === undefined) continue;
    tell(`rented ${lease.leaseId}`);
    await Bun.sleep(random.below(5));
    const settlement = await market.leases.stop(lease.leaseId, { role: "anonymous" });
    tell(`stopped ${lease.leaseId} ${settlement.totalCost}`);
  }
}
await Promise.all(Array.from({ length: CLIENTS }, client));

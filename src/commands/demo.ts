import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineCommand } from "citty";
import { type App, startApp } from "../app";
import { loadConfig } from "../config/load";
import { systemClock } from "../platform/clock";
import { unseededRandom } from "../platform/random";
import { connectFleet } from "../systems/market";

const WORKERS = 2;
const BLOCK_INTERVAL_S = 1.5;
const LEASE_S = 15;
/** The lease is stopped before its time, so that the watchdog does not come first. */
const MINING_MS = 9000;
const LOOK_EVERY_MS = 3000;
const REGISTERED_WITHIN_MS = 5000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

export default defineCommand({
  meta: { name: "demo", description: "The whole life of a rental: a market, two workers, a consumer." },
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "foresight-demo-"));
    try {
      await using closing = new AsyncDisposableStack();
      const app = await startFresh(folder);
      closing.defer(() => app.stop());
      return await tell(app, closing);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});

/** A market of its own: free ports, an empty folder, and nothing of this machine's settings. */
function startFresh(folder: string): Promise<App> {
  const flags = { port: "0", "mqtt-port": "0", "data-dir": folder, only: "market,chain,mqtt" };
  return startApp(loadConfig({ flags, environment: { LOG_LEVEL: "warning" } }));
}

async function tell({ url }: App, closing: AsyncDisposableStack): Promise<number> {
  const call = caller(url);
  const mqttPort = Number((await call("GET", "/health"))["mqtt_port"]);
  say(`A market opens at ${url}, its broker on port ${mqttPort}. Nobody is there yet.`);
  const leave = await connectFleet({
    workers: WORKERS,
    mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
    apiUrl: url,
    blockIntervalSec: BLOCK_INTERVAL_S,
    gpuCount: 2,
    profile: "honest",
    clock: systemClock,
    random: unseededRandom(),
    tell: (workerId, what) => say(`    ${workerId} ${what}`),
  });
  closing.defer(leave);
  const offers = await offersOf(call);
  for (const { worker_id, gpus, price_per_min } of offers) {
    say(`${worker_id} offers ${gpus.map(({ name }) => name).join(" and ")} at ${price_per_min} XNM per minute.`);
  }

  const before = await balanceOf(call, "consumer-1");
  const lease = await call("POST", "/api/rent", { consumer_id: "consumer-1", duration_sec: LEASE_S });
  const { lease_id, worker_id, prefix } = lease as { lease_id: string; worker_id: string; prefix: string };
  say(`consumer-1 has ${before} XNM and rents ${worker_id} for ${LEASE_S} s. Every key must begin with ${prefix}.`);
  for (let minedMs = 0; minedMs < MINING_MS; minedMs += LOOK_EVERY_MS) {
    await Bun.sleep(LOOK_EVERY_MS);
    const { blocks_found, elapsed_sec } = await call("GET", `/api/leases/${lease_id}`);
    say(`After ${Number(elapsed_sec).toFixed(0)} s the market has verified ${blocks_found} blocks on the chain.`);
  }

  const { settlement } = (await call("POST", "/api/stop", { lease_id })) as { settlement: Receipt };
  say(`consumer-1 stops the lease. It ran ${settlement.duration_sec} s and costs ${settlement.total_cost} XNM:`);
  say(
    `    ${settlement.provider_payment} XNM (95 %) for the provider, ${settlement.platform_fee} XNM (5 %) for the platform.`,
  );
  for (const accountId of ["consumer-1", worker_id, "platform-treasury"]) {
    say(`${accountId} now has ${await balanceOf(call, accountId)} XNM.`);
  }
  const { score, stars } = await call("GET", `/api/workers/${worker_id}/reputation`);
  say(`${worker_id} has a reputation of ${score} of 100, ${stars} stars. That is the whole life of a rental.`);
  return 0;
}

interface Offer {
  worker_id: string;
  gpus: { name: string }[];
  price_per_min: number;
}

interface Receipt {
  duration_sec: number;
  total_cost: number;
  provider_payment: number;
  platform_fee: number;
}

type Call = (method: "GET" | "POST", path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** Calls the market; an answer that is none of the 2xx ends the demo. */
function caller(url: string): Call {
  return async (method, path, body) => {
    const answer = await fetch(url + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
}

/** The offers, when every worker has registered. */
async function offersOf(call: Call): Promise<Offer[]> {
  const endAtMs = performance.now() + REGISTERED_WITHIN_MS;
  for (;;) {
    const { items } = (await call("GET", "/api/marketplace")) as unknown as { items: Offer[] };
    if (items.length >= WORKERS) return items;
    if (performance.now() > endAtMs) throw new Error(`only ${items.length} of ${WORKERS} workers registered`);
    await Bun.sleep(50);
  }
}

async function balanceOf(call: Call, accountId: string): Promise<number> {
  return Number((await call("GET", `/api/accounts/${accountId}/balance`))["balance"]);
}

import { expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { connectAsync } from "mqtt";
import { systemClock } from "../../src/platform/clock";
import { seededRandom } from "../../src/platform/random";
import { connectFleet } from "../../src/systems/market/miner/fleet";
import { startMosquitto } from "../mqtt/support/mosquitto";
import { serve } from "../support/program";
import { until } from "../support/until";

setDefaultTimeout(30_000);

/** Outside brokers, each with its port and what stops it; null where this machine has none of the kind. */
const BROKERS: Record<string, () => Promise<{ port: number; stop: () => Promise<void> } | null>> = {
  async ours() {
    const broker = await serve(["--only", "mqtt"]);
    const stop = async () => {
      expect(await broker.stop()).toBe(0);
      rmSync(broker.dataDir, { recursive: true });
    };
    return { port: broker.mqttPort!, stop };
  },
  async mosquitto() {
    const port = await startMosquitto();
    return port === null ? null : { port, stop: async () => undefined };
  },
};

test.each(Object.entries(BROKERS))(
  "on an outside broker (%s) a rental goes as on the embedded one",
  async (_, open) => {
    const broker = await open();
    if (broker === null) return;
    const mqttUrl = `mqtt://127.0.0.1:${broker.port}`;
    const market = await serve(["--only", "market,chain"], { env: { MQTT_URL: mqttUrl } });
    const leave = await connectFleet({
      workers: 1,
      mqttUrl,
      apiUrl: market.url,
      blockIntervalSec: 0.05,
      gpuCount: 1,
      profile: "honest",
      clock: systemClock,
      random: seededRandom(1),
      tell: () => undefined,
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers of tests are looked at member by member
    const call = async (method: string, path: string, body?: unknown): Promise<any> => {
      const answer = await fetch(market.url + path, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return answer.json();
    };
    await until(async () => (await call("GET", "/api/workers"))[0]?.state === "AVAILABLE", "the worker");
    const { lease_id } = await call("POST", "/api/rent", { consumer_id: "consumer-1", duration_sec: 60 });
    await until(async () => (await call("GET", `/api/leases/${lease_id}`)).blocks_found >= 2, "two blocks");
    const { settlement } = await call("POST", "/api/stop", { lease_id });
    expect(settlement.blocks_found).toBeGreaterThanOrEqual(2);
    await until(async () => (await call("GET", "/api/workers"))[0].state === "AVAILABLE", "the release");
    await leave();
    await until(async () => (await call("GET", "/api/workers"))[0].state === "offline", "the goodbye");
    expect(await market.stop()).toBe(0);
    await broker.stop();
    rmSync(market.dataDir, { recursive: true });
  },
  30_000,
);

test("a market whose outside broker is gone ends at SIGTERM, and sends later what it decided", async () => {
  const broker = await serve(["--only", "mqtt"]);
  const port = broker.mqttPort!;
  const env = { MQTT_URL: `mqtt://127.0.0.1:${port}` };
  const market = await serve(["--only", "market"], { env });
  const connectWorker = () => connectAsync(env.MQTT_URL, { clientId: "w1", reconnectPeriod: 0 });
  const worker = await connectWorker();
  await worker.publishAsync("xenminer/w1/register", JSON.stringify({ worker_id: "w1" }), { qos: 1 });
  const workers = async () => (await (await fetch(`${market.url}/api/workers`)).json()).length;
  await until(async () => (await workers()) === 1, "the worker");
  expect(await broker.stop("SIGKILL")).toBe(137);
  await worker.endAsync(true);
  const wish = { method: "POST", body: JSON.stringify({ consumer_id: "consumer-1" }) };
  const { lease_id } = await (await fetch(`${market.url}/api/rent`, wish)).json();
  expect(await market.stop()).toBe(0);

  const broker2 = await serve(["--only", "mqtt", "--mqtt-port", `${port}`]);
  const market2 = await serve(["--only", "market"], { env, dataDir: market.dataDir });
  const back = await connectWorker();
  const told: string[] = [];
  back.on("message", (_topic, payload) => void told.push(payload.toString()));
  await back.subscribeAsync("xenminer/w1/task", { qos: 1 });
  await back.publishAsync("xenminer/w1/heartbeat", JSON.stringify({ worker_id: "w1" }), { qos: 1 });
  await until(async () => told.some((message) => message.includes(lease_id)), "the task");
  await back.endAsync();
  expect([await market2.stop(), await broker2.stop()]).toEqual([0, 0]);
  for (const { dataDir } of [market, broker, broker2]) rmSync(dataDir, { recursive: true });
}, 30_000);

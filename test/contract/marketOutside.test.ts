import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { systemClock } from "../../src/platform/clock";
import { seededRandom } from "../../src/platform/random";
import { connectFleet } from "../../src/systems/market/miner/fleet";
import { serve } from "../support/program";
import { until } from "../support/until";

test("on an outside broker a rental goes as on the embedded one", async () => {
  const broker = await serve(["--only", "mqtt"]);
  const mqttUrl = `mqtt://127.0.0.1:${broker.mqttPort}`;
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
  expect([await market.stop(), await broker.stop()]).toEqual([0, 0]);
  for (const { dataDir } of [market, broker]) rmSync(dataDir, { recursive: true });
}, 30_000);

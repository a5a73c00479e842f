import { expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { serve } from "../../support/program";

setDefaultTimeout(30_000);

test("the root of each port tells the ports that are listened on, also when free ones were asked for", async () => {
  const served = await serve(["--only", "market,chain,mqtt"], { env: { MARKET_PORT: "0", CHAIN_PORT: "0" } });
  const alone = (system: string) =>
    new RegExp(`"serving alone","system":"${system}","url":"([^"]+)"`).exec(served.err())![1]!;
  const about = async (url: string) => (await fetch(url)).json();
  const portOf = (url: string) => Number(new URL(url).port);

  const mqtt_port = served.mqttPort!;
  expect(await about(served.url)).toMatchObject({ mqtt_port, api_port: portOf(served.url) });
  const { systems: parts, ...top } = await about(served.url);
  expect(Object.keys(parts)).toEqual(["chain", "market", "broker"]);
  expect([top.service, parts.chain.service]).toEqual(["XenMiner Mock Platform", "XenBlocks Chain Simulator"]);
  expect(Object.keys(top).sort()).toEqual(
    ["name", "version", "links", "service", "mqtt_port", "api_port", "connected_workers", "uptime"].sort(),
  );
  const market = alone("market");
  expect(await about(market)).toMatchObject({
    service: "XenMiner Mock Platform",
    mqtt_port,
    api_port: portOf(market),
    connected_workers: 0,
    uptime: "running",
  });
  const { paths } = await about(`${market}/openapi.json`);
  expect(["/api/rent", "/difficulty"].map((path) => path in paths)).toEqual([true, true]);
  expect((await about(`${market}/difficulty`)).difficulty).toBe("1727");
  expect((await fetch(`${market}/docs`)).headers.get("content-type")).toContain("text/html");
  const chain = alone("chain");
  expect(await about(chain)).toMatchObject({ service: "XenBlocks Chain Simulator", port: portOf(chain) });
  const { systems } = await about(`${served.url}/api/system/status`);
  const card = systems.find(({ name }: { name: string }) => name === "chain");
  expect(card.action).toEqual({ label: "Last blocks", href: "/market?tab=chain" });
  expect(await served.stop()).toBe(0);
  rmSync(served.dataDir, { recursive: true });
});

test("with an outside broker the root tells that broker's port", async () => {
  const broker = await serve(["--only", "mqtt"]);
  const market = await serve(["--only", "market"], { env: { MQTT_URL: `mqtt://127.0.0.1:${broker.mqttPort}` } });
  expect(await (await fetch(market.url)).json()).toMatchObject({ mqtt_port: broker.mqttPort });
  expect([await market.stop(), await broker.stop()]).toEqual([0, 0]);
  for (const { dataDir } of [market, broker]) rmSync(dataDir, { recursive: true });
});

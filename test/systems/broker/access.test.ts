import { describe, expect, test } from "bun:test";
import mqtt from "mqtt";
import { connect } from "../../mqtt/support/client";
import { type StartedSystem, startSystem } from "./system";

describe("who may look", () => {
  const FOREIGN = { "sec-fetch-site": "cross-site", origin: "http://b.example" };
  const PRIVATE: [method: "GET" | "POST" | "DELETE", path: string][] = [
    ["GET", "/api/broker/clients"],
    ["GET", "/api/broker/clients/one"],
    ["POST", "/api/broker/clients/one/kick"],
    ["DELETE", "/api/broker/clients/one"],
    ["GET", "/api/broker/retained"],
    ["GET", "/api/broker/incidents"],
  ];
  const PUBLIC = ["/api/broker/overview", "/api/broker/rates", "/api/broker/limits"];

  test.each(PRIVATE)("%s %s is for this server's own page, while it is open", async (method, path) => {
    const open = await startSystem();
    await connect(open.mqttPort, { clientId: "one" });
    const ask = (url: string, headers: Record<string, string> = {}) => fetch(url + path, { method, headers });
    expect((await ask(open.url, FOREIGN)).status).toBe(403);
    expect(open.system.broker.findClient("one")?.connection).not.toBeNull();
    expect((await ask(open.url)).status).toBe(200);
    const closed = await startSystem({ mode: "closed" });
    const refused = await ask(closed.url);
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining("while it is open")]);
  });

  test.each(PUBLIC)("%s holds figures alone and is for everybody", async (path) => {
    const closed = await startSystem({ mode: "closed" });
    expect((await closed.get(path, FOREIGN)).status).toBe(200);
  });

  test("while closed the palette finds no clients", async () => {
    const { system } = await startSystem({ mode: "closed" });
    expect(await system.find!("")).toEqual([]);
  });
});

describe("MQTT over WebSocket on the main port", () => {
  const over = ({ url }: StartedSystem, origin?: string) =>
    mqtt.connectAsync(
      `${url.replace("http", "ws")}/mqtt`,
      { reconnectPeriod: 0, connectTimeout: 2000, ...(origin && { wsOptions: { headers: { origin } } }) },
      false,
    );

  test.each([
    ["no origin", undefined, [], true],
    ["another site", "http://b.example", [], false],
    ["another port of this machine", "http://localhost:5173", [], true],
    ["an origin that is allowed", "http://b.example", ["http://b.example"], true],
    ["any origin where all are allowed", "http://b.example", ["*"], true],
  ] as const)("from %s", async (_, origin, corsOrigins, isLetIn) => {
    const started = await startSystem({ corsOrigins: [...corsOrigins] });
    if (!isLetIn) {
      await expect(over(started, origin)).rejects.toThrow();
      return;
    }
    const client = await over(started, origin);
    await client.publishAsync("a", "1", { qos: 1 });
    expect(started.system.health()["mqtt_clients_connected"]).toBe(1);
    await client.endAsync(true);
  });

  test("takes no frame that is larger than a packet, and keeps nothing of one", async () => {
    const started = await startSystem();
    const socket = new WebSocket(`${started.url.replace("http", "ws")}/mqtt`, ["mqtt"]);
    const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    const { bytesReceived } = started.system.broker.stats();
    socket.send(new Uint8Array(1024 * 1024 + 1));
    expect([1006, 1009]).toContain(await closed);
    expect(started.system.broker.stats().bytesReceived).toBe(bytesReceived);
  });
});

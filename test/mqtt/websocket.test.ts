import { afterEach, describe, expect, test } from "bun:test";
import { Elysia } from "elysia";
import mqtt from "mqtt";
import { websocketHandlers } from "../../src/mqtt";
import { startBroker } from "./support/broker";
import { until } from "./support/client";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** The same broker behind each kind of server that may carry it. */
const SERVERS = {
  "Bun.serve": (): number => {
    const handlers = websocketHandlers(startBroker().broker);
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: (request, self) => handlers.upgrade(request, self),
      websocket: handlers.websocket,
    });
    stops.push(() => server.stop(true));
    return server.port!;
  },
  Elysia: (): number => {
    const handlers = websocketHandlers(startBroker().broker);
    const app = new Elysia()
      .get("/mqtt", ({ request, server }) => handlers.upgrade(request, server!))
      .listen({ port: 0, hostname: "127.0.0.1" });
    stops.push(() => app.stop(true));
    return app.server!.port!;
  },
};

describe.each(Object.entries(SERVERS))("MQTT over WebSocket on %s", (_name, serve) => {
  test.each([
    [4, "mqtt"],
    [5, "mqtt"],
  ] as const)("level %d publishes and receives", async (protocolVersion) => {
    const client = await mqtt.connectAsync(`ws://127.0.0.1:${serve()}/mqtt`, { protocolVersion, reconnectPeriod: 0 });
    stops.push(() => client.endAsync(true));
    const payloads: string[] = [];
    client.on("message", (_topic, payload) => payloads.push(payload.toString()));
    await client.subscribeAsync("a/#", { qos: 1 });
    const large = "x".repeat(200_000);
    await client.publishAsync("a/b", large, { qos: 1 });
    await client.publishAsync("a/c", "second", { qos: 2 });
    await until(() => payloads.length === 2, "two messages");
    expect(payloads).toEqual([large, "second"]);
  });

  test("chooses the subprotocol mqtt, takes mqttv3.1, and refuses any other", async () => {
    const port = serve();
    expect(await chosen(port, ["chat", "mqtt"])).toBe("mqtt");
    expect(await chosen(port, ["mqttv3.1"])).toBe("mqttv3.1");
    expect(await chosen(port, ["chat"])).toBe("refused");
    expect((await fetch(`http://127.0.0.1:${port}/mqtt`)).status).toBe(400);
  });

  test("closes a connection that sends text", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${serve()}/mqtt`, ["mqtt"]);
    const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
    socket.addEventListener("open", () => socket.send("text"));
    expect(await closed).toBe(1003);
  });
});

function chosen(port: number, offers: string[]): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, offers);
  return new Promise((resolve) => {
    socket.addEventListener("open", () => {
      resolve(socket.protocol);
      socket.close();
    });
    socket.addEventListener("error", () => resolve("refused"));
  });
}

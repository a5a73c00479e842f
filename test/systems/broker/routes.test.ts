import { describe, expect, test } from "bun:test";
import type { z } from "zod";
import * as schema from "../../../src/systems/broker/schema";
import { connect, until } from "../../mqtt/support/client";
import { type StartedSystem, startSystem } from "./system";

/** The answer, which has to be as the API document describes it, and nothing more. */
async function json<Schema extends z.ZodType>(started: StartedSystem, path: string, described: Schema) {
  const answer = await started.get(path);
  expect(answer.status).toBe(200);
  return described.parse(await answer.json());
}

const page = (started: StartedSystem, query = "") => json(started, `/api/broker/clients${query}`, schema.clientPage);
const idsOf = ({ clients }: schema.ClientPage) => clients.map(({ clientId }) => clientId);
const pathOf = (clientId: string) => `/api/broker/clients/${encodeURIComponent(clientId)}`;

describe("the overview", () => {
  test("tells clients, counts since the start and the last second, in its first second none", async () => {
    const started = await startSystem();
    expect((await json(started, "/api/broker/overview", schema.overviewAnswer)).now).toBeNull();
    const { client } = await connect(started.mqttPort);
    await client.publishAsync("a", "1", { qos: 1, retain: true });
    started.clock.advance(1000);
    const now = await json(started, "/api/broker/overview", schema.overviewAnswer);
    expect(now).toMatchObject({
      tcpPort: started.mqttPort,
      tlsPort: null,
      websocketPath: "/mqtt",
      showsClients: true,
      uptimeS: 1,
      clients: 1,
      connections: 1,
      connectionsLimit: expect.any(Number),
      retainedMessages: 1,
      overload: 0,
      now: { messagesIn: 1, clients: 1 },
    });
    expect(now.totals.messagesReceived).toEqual([0, 1, 0]);
    expect(await json(started, "/api/broker/rates", schema.ratePoints)).toEqual([now.now!]);
  });

  test("comes as an event whenever a second has passed", async () => {
    const started = await startSystem();
    const answer = await started.get("/api/broker/events");
    const reader = answer.body!.getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    expect(first).toStartWith("id: 1\ndata: {");
    expect(JSON.parse(first.slice(first.indexOf("{")))).toMatchObject({ clients: 0 });
    await reader.cancel();
  });
});

describe("clients", () => {
  /** Five clients, two of whom have gone and left a session. */
  async function withFive(): Promise<StartedSystem> {
    const started = await startSystem();
    for (const clientId of ["c/3", "A 1", "b+2"]) {
      const { client } = await connect(started.mqttPort, { clientId, ...(clientId === "A 1" && { username: "ann" }) });
      await client.subscribeAsync(Array.from({ length: clientId.charCodeAt(2) - 48 }, (_, i) => `t/${i}`));
    }
    for (const clientId of ["zoe", "yan"]) {
      const sleeper = await connect(started.mqttPort, { clientId, clean: false });
      await sleeper.client.subscribeAsync(`for/${clientId}`, { qos: 1 });
      await sleeper.end();
    }
    await until(() => started.system.health()["mqtt_clients_connected"] === 3, "the end of the sleepers");
    return started;
  }

  test("come by page, sorted, filtered, and with how many there are", async () => {
    const started = await withFive();
    expect(idsOf(await page(started))).toEqual(["A 1", "b+2", "c/3", "yan", "zoe"]);
    const second = await page(started, "?offset=1&limit=2&direction=descending");
    expect([second.total, idsOf(second)]).toEqual([5, ["yan", "c/3"]]);
    expect(idsOf(await page(started, "?state=offline"))).toEqual(["yan", "zoe"]);
    expect(idsOf(await page(started, "?state=online&sort=subscriptions&direction=descending"))).toEqual([
      "c/3",
      "b+2",
      "A 1",
    ]);
    expect(idsOf(await page(started, "?q=ANN"))).toEqual(["A 1"]);
    expect(idsOf(await page(started, "?q=127.0.0.1"))).toEqual(["A 1", "b+2", "c/3"]);
    expect(await page(started, "?q=nobody")).toEqual({ total: 0, clients: [] });
  });

  test("without a value for the sort come last in both directions", async () => {
    const started = await withFive();
    for (const direction of ["ascending", "descending"]) {
      const ids = idsOf(await page(started, `?sort=username&direction=${direction}`));
      expect(ids).toEqual(["A 1", "b+2", "c/3", "yan", "zoe"]);
    }
  });

  test("are all found when there are far more than a page, in the right order", async () => {
    const started = await startSystem();
    const { broker } = started.system;
    // Sessions of clients that never were here: what counts is their number.
    const every = [...broker.eachClient()];
    expect(every).toEqual([]);
    const one = await connect(started.mqttPort, { clientId: "model" });
    const [model] = [...broker.eachClient()];
    broker.eachClient = function* () {
      for (let i = 0; i < 5000; i++) yield { ...model!, clientId: `c-${String((i * 7919) % 5000).padStart(4, "0")}` };
    };
    const { total, clients } = await page(started, "?offset=120&limit=3");
    expect([total, clients.map(({ clientId }) => clientId)]).toEqual([5000, ["c-0120", "c-0121", "c-0122"]]);
    await one.end();
  });

  test("show their subscriptions, queue and what is in flight, whatever stands in their identifier", async () => {
    const started = await withFive();
    const { client } = await connect(started.mqttPort);
    for (const payload of ["1", "22"]) await client.publishAsync("for/zoe", payload, { qos: 1 });
    expect(await json(started, pathOf("zoe"), schema.clientDetail)).toMatchObject({
      clientId: "zoe",
      isOnline: false,
      isPersistent: true,
      version: null,
      subscriptions: [{ filter: "for/zoe", qos: 1 }],
      queuedMessages: 2,
    });
    const online = await json(started, pathOf("c/3"), schema.clientDetail);
    expect(online).toMatchObject({ isOnline: true, address: "127.0.0.1", transport: "tcp", version: "3.1.1" });
    expect(online.subscriptions.map(({ filter }) => filter)).toEqual(["t/0", "t/1", "t/2"]);
    expect(Date.parse(online.connectedAt!)).toBe(started.clock.now());
  });

  test("are told apart from those that nobody knows", async () => {
    const started = await startSystem();
    const answer = await started.get(pathOf('<b>"x"'));
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { detail: 'There is no client "<b>\\"x\\"", nor a session of it.' },
    ]);
  });

  test("are put out by hand; a session that has no client is not, but can be ended", async () => {
    const started = await withFive();
    const kick = (clientId: string) => started.send("POST", `${pathOf(clientId)}/kick`, { "x-request-id": "by-hand" });
    expect((await kick("c/3")).status).toBe(200);
    await until(() => started.system.broker.findClient("c/3") === null, "the end of c/3");
    expect(started.log.recent({ requestId: "by-hand", limit: 1 })[0]).toMatchObject({ level: "info", clientId: "c/3" });
    expect((await kick("c/3")).status).toBe(404);
    const offline = await kick("zoe");
    expect([offline.status, await offline.text()]).toEqual([409, expect.stringContaining("no connection")]);
    expect((await started.send("DELETE", pathOf("zoe"))).status).toBe(200);
    expect((await started.get(pathOf("zoe"))).status).toBe(404);
  });

  test.each([
    "?limit=0",
    "?limit=201",
    "?offset=-1",
    "?offset=2001",
    "?sort=password",
    "?direction=up",
    "?state=gone",
    `?q=${"x".repeat(101)}`,
  ])("are refused for %s with the name of the parameter", async (query) => {
    const answer = await (await startSystem()).get(`/api/broker/clients${query}`);
    const { detail } = (await answer.json()) as { detail: { loc: string[] }[] };
    expect([answer.status, detail[0]!.loc]).toEqual([422, ["query", query.slice(1, query.indexOf("="))]]);
  });

  test("are found by the palette, with the view that shows them", async () => {
    const { system } = await withFive();
    expect(await system.find!("C/")).toEqual([
      {
        kind: "client",
        title: "c/3",
        hint: "from 127.0.0.1, subscriptions: 3",
        href: "/broker?tab=clients&client=c%2F3",
      },
    ]);
    expect((await system.find!("zo"))[0]!.hint).toBe("offline, subscriptions: 1");
  });
});

describe("retained messages", () => {
  const retained = (started: StartedSystem, query = "") =>
    json(started, `/api/broker/retained${query}`, schema.retainedPage);
  const topicsOf = ({ messages }: schema.RetainedPage) => messages.map(({ topic }) => topic);

  async function withRetained(payloads: Record<string, string | Buffer>): Promise<StartedSystem> {
    const started = await startSystem();
    const { client } = await connect(started.mqttPort, { clientId: "keeper" });
    for (const [topic, payload] of Object.entries(payloads)) {
      await client.publishAsync(topic, payload, { qos: 1, retain: true });
    }
    return started;
  }

  test("come by prefix and page, with how many there are", async () => {
    const started = await withRetained({ "a/b/1": "1", "a/b/2": "2", "a/bc": "3", a: "4", d: "5" });
    expect(topicsOf(await retained(started)).sort()).toEqual(["a", "a/b/1", "a/b/2", "a/bc", "d"]);
    expect(topicsOf(await retained(started, "?prefix=a/b")).sort()).toEqual(["a/b/1", "a/b/2", "a/bc"]);
    expect(topicsOf(await retained(started, "?prefix=a/b/")).sort()).toEqual(["a/b/1", "a/b/2"]);
    const pages = await Promise.all([0, 2, 4].map((offset) => retained(started, `?offset=${offset}&limit=2`)));
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5]);
    expect(pages.flatMap(topicsOf).sort()).toEqual(["a", "a/b/1", "a/b/2", "a/bc", "d"]);
    for (const prefix of ["%2B", "a/%23", "nothing"]) {
      expect(await retained(started, `?prefix=${prefix}`)).toEqual({ total: 0, messages: [] });
    }
  });

  test("show any bytes, of long payloads the first kilobyte and the length", async () => {
    const bytes = Buffer.from([0, 255, 128, 60]);
    const started = await withRetained({ bytes, long: Buffer.alloc(5000, "x") });
    const [first] = (await retained(started, "?prefix=bytes")).messages;
    expect(first).toEqual({
      topic: "bytes",
      qos: 1,
      payloadBase64: bytes.toString("base64"),
      payloadBytes: 4,
      publisherId: "keeper",
    });
    const [long] = (await retained(started, "?prefix=long")).messages;
    expect([long!.payloadBytes, Buffer.from(long!.payloadBase64, "base64").length]).toEqual([5000, 1024]);
  });

  test("are refused for a prefix that no topic can have", async () => {
    const started = await startSystem();
    const answer = await started.get(`/api/broker/retained?prefix=${"a/".repeat(80)}`);
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining("prefix")]);
  });
});

describe("limits and incidents", () => {
  test("each limit stands with its meaning, its setting and what is in use of it", async () => {
    const started = await startSystem({ settings: { MQTT_MAX_CONNECTIONS: "9" } });
    await connect(started.mqttPort);
    const limits = await json(started, "/api/broker/limits", schema.limitsAnswer);
    expect(limits[0]).toEqual({
      name: "connections",
      value: 9,
      unit: "connections",
      meaning: "Connections in all; further ones are refused.",
      zero: null,
      setting: "MQTT_MAX_CONNECTIONS",
      used: 1,
    });
    expect(limits.find(({ name }) => name === "connectionsPerAddress")).toMatchObject({
      value: 0,
      zero: "no limit of its own",
    });
    for (const { meaning, unit } of limits) expect([meaning, unit]).not.toContain("");
  });

  test("what was refused is remembered with who and why, the newest first, repeats counted", async () => {
    const started = await startSystem({ settings: { MQTT_FLAPPING_CONNECTS: "2" } });
    const flap = () => connect(started.mqttPort, { clientId: "restless" });
    for (const again of [flap, flap]) await again();
    for (const again of [flap, flap]) await expect(again()).rejects.toThrow();
    const { client } = await connect(started.mqttPort, { clientId: "nosy", protocolVersion: 5 });
    await expect(client.publishAsync("$SYS/x", "1", { qos: 1 })).rejects.toThrow();
    const list = await json(started, "/api/broker/incidents", schema.incidents);
    expect(list.map(({ kind, who, count }) => [kind, who, count])).toEqual([
      ["denied", "nosy", 1],
      ["refused", "restless", 2],
      ["disconnected", "restless", 1],
    ]);
    expect((await json(started, "/api/broker/overview", schema.overviewAnswer)).incidents).toBe(4);
  });
});

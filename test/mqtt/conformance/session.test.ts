import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "../../../src/mqtt";
import { startBroker } from "../support/broker";
import { connect as realConnect, until } from "../support/client";
import { arrivals, brokerClock, lasting, lose, publish, subscribe, texts } from "../support/exchange";
import { rawConnected } from "../support/raw";

setDefaultTimeout(30_000);

const SECOND_MS = 1000;
const NEVER_SECONDS = 0xffff_ffff;

describe.each([4, 5] as const)("a session at level %d", (level) => {
  test("keeps its subscriptions, and QoS 1 and 2 messages while its client is away [MQTT-3.1.2-5] [MQTT-4.5.0-1]", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(level, "s"));
    await subscribe(first, ["t/+", "u"], 2);
    await lose(broker, first);
    const writer = await rawConnected(port);
    for (const qos of [0, 1, 2] as const) await publish(writer, `t/${qos}`, "x", { qos });
    const second = await rawConnected(port, lasting(level, "s"));
    expect((await arrivals(second)).map(({ topic, qos, dup }) => [topic, qos, dup])).toEqual([
      ["t/1", 1, false],
      ["t/2", 2, false],
    ]);
    await publish(writer, "u", "now");
    expect(await texts(second)).toEqual(["u=now"]);
  });

  test("goes on after DISCONNECT as after a break", async () => {
    const { port } = startBroker();
    const first = await rawConnected(port, lasting(level, "s"));
    await subscribe(first, "t", 1);
    first.send({ cmd: "disconnect" });
    await first.closed();
    await publish(await rawConnected(port), "t", "x");
    expect(await texts(await rawConnected(port, lasting(level, "s")))).toEqual(["t=x"]);
  });

  test("that is clean ends with its connection [MQTT-3.1.2-6]", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, { protocolVersion: level, clientId: "s", clean: true });
    await subscribe(first, "t", 1);
    await lose(broker, first);
    expect(broker.findClient("s")).toBeNull();
    const second = await rawConnected(port, { protocolVersion: level, clientId: "s", clean: false });
    expect(second.connack.sessionPresent).toBe(false);
    await publish(second, "t", "x");
    expect(await arrivals(second)).toEqual([]);
  });

  test("that was left is discarded by a clean start, with what waited [MQTT-3.1.2-4]", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(level, "s"));
    await subscribe(first, "t", 1);
    await lose(broker, first);
    const writer = await rawConnected(port);
    await publish(writer, "t", "x");
    const clean = await rawConnected(port, { ...lasting(level, "s"), clean: true });
    expect(clean.connack.sessionPresent).toBe(false);
    await publish(writer, "t", "y");
    expect(await arrivals(clean)).toEqual([]);
    expect(broker.stats().queuedBytes).toBe(0);
  });

  test("survives a restart of the broker with all that belongs to it [MQTT-4.1.0-1]", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mqtt-"));
    const path = join(folder, "mqtt.db");
    const before = startBroker({ store: sqliteStore(path) });
    const first = await rawConnected(before.port, lasting(level, "s"));
    await subscribe(first, "t/#", 2);
    const writer = await rawConnected(before.port);
    await publish(writer, "t/flight", "1", { qos: 1 });
    await publish(writer, "t/flight", "2", { qos: 2 });
    const sent = await arrivals(first);
    first.send({ cmd: "publish", topic: "u", payload: "mine", qos: 2, messageId: 99, dup: false, retain: false });
    await first.next("pubrec");
    await lose(before.broker, first);
    await publish(writer, "t/queued", "3", { qos: 1 });
    await before.broker.stop();

    const after = startBroker({ store: sqliteStore(path) });
    const reader = await rawConnected(after.port);
    await subscribe(reader, "u", 2);
    const second = await rawConnected(after.port, lasting(level, "s"));
    expect(second.connack.sessionPresent).toBe(true);
    const got = await arrivals(second);
    expect(got.map(({ topic, dup, messageId }) => [topic, dup, messageId])).toEqual([
      ["t/flight", true, sent[0]!.messageId],
      ["t/flight", true, sent[1]!.messageId],
      ["t/queued", false, got[2]!.messageId],
    ]);
    second.send({ cmd: "publish", topic: "u", payload: "mine", qos: 2, messageId: 99, dup: true, retain: false });
    await second.next("pubrec");
    second.send({ cmd: "pubrel", messageId: 99 });
    await second.next("pubcomp");
    // It was published before the restart: a second time would be once too often [MQTT-4.3.3-10].
    expect(await arrivals(reader)).toEqual([]);
    await after.broker.stop();
    await rm(folder, { recursive: true });
  });
});

describe("session expiry (5.0)", () => {
  test("a session ends when its interval has passed since its connection ended [MQTT-4.1.0-2] [MQTT-3.1.2-23]", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const client = await rawConnected(port, lasting(5, "s", 60));
    clock.advance(120 * SECOND_MS);
    await lose(broker, client);
    clock.advance(59 * SECOND_MS);
    expect(broker.findClient("s")).not.toBeNull();
    clock.advance(2 * SECOND_MS);
    expect(broker.findClient("s")).toBeNull();
    expect((await rawConnected(port, lasting(5, "s", 60))).connack.sessionPresent).toBe(false);
  });

  test("an interval of 0, or none, ends it with its connection", async () => {
    const { port, broker } = startBroker();
    for (const properties of [{ sessionExpiryInterval: 0 }, {}]) {
      await lose(broker, await rawConnected(port, { protocolVersion: 5, clientId: "s", clean: false, properties }));
      expect(broker.findClient("s")).toBeNull();
    }
  });

  test("the largest interval lasts for ever where the broker allows it [3.1.2.11.2]", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock, limits: { sessionExpirySeconds: NEVER_SECONDS } });
    await lose(broker, await rawConnected(port, lasting(5, "s", NEVER_SECONDS)));
    expect(broker.findClient("s")?.endsAtMs).toBe(0);
  });

  test("a later connection sets it anew", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    await lose(broker, await rawConnected(port, lasting(5, "s", 60)));
    clock.advance(30 * SECOND_MS);
    await lose(broker, await rawConnected(port, lasting(5, "s", 10)));
    clock.advance(11 * SECOND_MS);
    expect(broker.findClient("s")).toBeNull();
  });

  test("DISCONNECT may end the session [3.14.2.2.2]", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, lasting(5, "s", 60));
    client.send({ cmd: "disconnect", reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
    await client.closed();
    await until(() => broker.findClient("s") === null, "the end of the session");
  });

  test("DISCONNECT must not prolong a session that was to end with its connection [3.14.2.2.2]", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5, clientId: "s", clean: false });
    client.send({ cmd: "disconnect", reasonCode: 0, properties: { sessionExpiryInterval: 60 } });
    expect((await client.next("disconnect")).reasonCode).toBe(0x82);
    await client.closed();
    expect(broker.findClient("s")).toBeNull();
  });

  test("its remainder is kept over a restart of the broker", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mqtt-"));
    const path = join(folder, "mqtt.db");
    const clock = brokerClock();
    const before = startBroker({ clock, store: sqliteStore(path) });
    await lose(before.broker, await rawConnected(before.port, lasting(5, "s", 60)));
    clock.advance(30 * SECOND_MS);
    await before.broker.stop();
    const { broker } = startBroker({ clock, store: sqliteStore(path) });
    expect(broker.findClient("s")).not.toBeNull();
    clock.advance(31 * SECOND_MS);
    expect(broker.findClient("s")).toBeNull();
    await broker.stop();
    await rm(folder, { recursive: true });
  });
});

describe("message expiry (5.0)", () => {
  test("a message that has waited too long is not delivered [MQTT-3.3.2-5]", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const first = await rawConnected(port, lasting(5, "s"));
    await subscribe(first, "t", 1);
    await lose(broker, first);
    const writer = await rawConnected(port, { protocolVersion: 5 });
    await publish(writer, "t", "short", { properties: { messageExpiryInterval: 5 } });
    await publish(writer, "t", "long", { properties: { messageExpiryInterval: 50 } });
    await publish(writer, "t", "endless");
    clock.advance(20 * SECOND_MS);
    const second = await rawConnected(port, lasting(5, "s"));
    const got = await arrivals(second);
    expect(got.map(({ payload, properties }) => [`${payload}`, properties?.messageExpiryInterval])).toEqual([
      ["long", 30],
      ["endless", undefined],
    ]);
    expect(broker.stats().dropped.expired).toBe(1);
  });

  test("a receiver that is there is told the interval that is left [MQTT-3.3.2-6]", async () => {
    const { port } = startBroker({ clock: brokerClock() });
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "t", 0);
    await publish(client, "t", "x", { properties: { messageExpiryInterval: 5 } });
    expect((await arrivals(client))[0]!.properties?.messageExpiryInterval).toBe(5);
  });

  test("a retained message that has expired is not sent [MQTT-3.3.2-5]", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const client = await rawConnected(port, { protocolVersion: 5 });
    await publish(client, "t", "x", { retain: true, properties: { messageExpiryInterval: 10 } });
    clock.advance(4 * SECOND_MS);
    await subscribe(client, "t", 0);
    expect((await arrivals(client))[0]!.properties?.messageExpiryInterval).toBe(6);
    clock.advance(6 * SECOND_MS);
    await subscribe(client, "t", 0);
    expect(await arrivals(client)).toEqual([]);
    clock.advance(60 * SECOND_MS);
    expect(broker.stats().retainedMessages).toBe(0);
  });
});

describe.each([4, 5] as const)("keep-alive at level %d", (level) => {
  test("a client that is silent for 1.5 times its interval is disconnected [MQTT-3.1.2-22]", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const client = await rawConnected(port, { protocolVersion: level, keepalive: 10 });
    clock.advance(14_900);
    expect(broker.stats().connections).toBe(1);
    clock.advance(600);
    expect(broker.stats().connections).toBe(0);
    if (level === 5) expect((await client.next("disconnect")).reasonCode).toBe(0x8d);
    await client.closed();
  });

  test("any packet counts, and the time begins anew with it", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const client = await rawConnected(port, { protocolVersion: level, keepalive: 10 });
    for (let i = 0; i < 5; i++) {
      clock.advance(14 * SECOND_MS);
      await arrivals(client);
      clock.advance(14 * SECOND_MS);
      await publish(client, "t", "x");
    }
    expect(broker.stats().connections).toBe(1);
  });

  test("an interval of 0 turns it off [3.1.2.10]", async () => {
    const clock = brokerClock();
    const { port } = startBroker({ clock });
    const client = await rawConnected(port, { protocolVersion: level, keepalive: 0 });
    clock.advance(3600 * SECOND_MS);
    await arrivals(client);
  });

  test("a real client keeps itself alive", async () => {
    const { port, broker } = startBroker();
    const { client } = await realConnect(port, { protocolVersion: level, keepalive: 1 });
    const before = broker.stats().packetsReceived;
    await until(() => broker.stats().packetsReceived > before, "a ping");
    expect(client.connected).toBe(true);
  });
});

test("the broker's own keep-alive is the one that counts (5.0) [MQTT-3.2.2-21]", async () => {
  const clock = brokerClock();
  const { port, broker } = startBroker({ clock, limits: { keepAliveSeconds: 20 } });
  const clients = [];
  for (const keepalive of [0, 600]) clients.push(await rawConnected(port, { protocolVersion: 5, keepalive }));
  expect(clients.map(({ connack }) => connack.properties?.serverKeepAlive)).toEqual([20, 20]);
  clock.advance(29 * SECOND_MS);
  expect(broker.stats().connections).toBe(2);
  clock.advance(2 * SECOND_MS);
  expect(broker.stats().connections).toBe(0);
});

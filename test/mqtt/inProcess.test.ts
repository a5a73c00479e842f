import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "../../src/mqtt";
import { startBroker } from "./support/broker";
import { until } from "./support/client";
import { arrivals, lasting, lose, publish, subscribe, texts } from "./support/exchange";
import { rawConnected } from "./support/raw";

test("what a client in this process retains reaches those who may read it, also after a restart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mqtt-"));
  const path = join(folder, "mqtt.db");
  const authorize = (_identity: unknown, action: string) => action !== "write";
  const before = startBroker({ authorize, store: sqliteStore(path) });
  const inside = before.broker.client("inside");
  inside.publish("state", "kept", { qos: 1, retain: true });
  await inside.committed();
  const first = await rawConnected(before.port);
  await subscribe(first, "#", 1);
  expect(await texts(first)).toEqual(["state=kept"]);
  await before.broker.stop();
  const after = startBroker({ authorize, store: sqliteStore(path) });
  const second = await rawConnected(after.port);
  await subscribe(second, "#", 1);
  expect(await texts(second)).toEqual(["state=kept"]);
  expect(after.broker.retained("state", 1)).toMatchObject([{ publisherId: "" }]);
  await after.broker.stop();
  await rm(folder, { recursive: true });
});

test("a client that is called as one in this process is not taken for it (5.0) [MQTT-3.8.3-3]", async () => {
  const { port, broker } = startBroker();
  const namesake = await rawConnected(port, { protocolVersion: 5, clientId: "market" });
  await subscribe(namesake, "t", 1, { nl: true });
  broker.client("market").publish("t", "x", { qos: 1 });
  await until(() => namesake.packets.length > 0, "the message");
  expect(await texts(namesake)).toEqual(["t=x"]);
});

test("a stop in the middle of traffic loses no acknowledged message, whatever its receiver does", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mqtt-"));
  const path = join(folder, "mqtt.db");
  const before = startBroker({ store: sqliteStore(path) });
  const away = await rawConnected(before.port, lasting(5, "away"));
  const there = await rawConnected(before.port, lasting(5, "there"));
  for (const reader of [away, there]) await subscribe(reader, "t", 2);
  await lose(before.broker, away);
  const writers = await Promise.all(Array.from({ length: 4 }, () => rawConnected(before.port, { protocolVersion: 5 })));
  let isStopping = false;
  const acknowledged: string[] = [];
  const work = writers.map(async (writer, w) => {
    for (let i = 0; !writer.isClosed && i < 5000; i++) {
      const payload = `${w}-${i}`;
      const messageId = 1 + (i % 1000);
      writer.send({ cmd: "publish", topic: "t", payload, qos: 1, messageId, dup: false, retain: false });
      await until(
        () => writer.isClosed || writer.packets.some((packet) => packet.messageId === messageId),
        "an answer",
      );
      const at = writer.packets.findIndex((packet) => packet.messageId === messageId);
      if (at !== -1) {
        writer.packets.splice(at, 1);
        acknowledged.push(payload);
      }
      if (acknowledged.length >= 200 && !isStopping) {
        isStopping = true;
        void before.broker.stop();
      }
    }
  });
  await Promise.all(work);
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  const after = startBroker({ store: sqliteStore(path) });
  for (const clientId of ["away", "there"]) {
    const reader = await rawConnected(after.port, lasting(5, clientId));
    const arrived = new Set((await arrivals(reader)).map(({ payload }) => payload.toString()));
    expect(acknowledged.filter((payload) => !arrived.has(payload))).toEqual([]);
  }
  await after.broker.stop();
  await rm(folder, { recursive: true });
});

test("a stop acknowledges a message whose work in this process was under way", async () => {
  const { port, broker } = startBroker();
  const work = Promise.withResolvers<void>();
  let isBegun = false;
  broker.client("inside").subscribe("work", () => {
    isBegun = true;
    return work.promise;
  });
  const writer = await rawConnected(port, { protocolVersion: 5 });
  const published = publish(writer, "work", "x");
  await until(() => isBegun, "the work");
  const stopped = broker.stop();
  work.resolve();
  expect(await published).toBe(0);
  await stopped;
  expect((await writer.next("disconnect")).reasonCode).toBe(0x8b);
});

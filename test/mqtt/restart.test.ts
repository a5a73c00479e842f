import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "../../src/mqtt/index";
import { startBroker } from "./support/broker";
import { connect, until } from "./support/client";

const SLEEPER = { clientId: "sleeper", clean: false };

test("sessions, queued and retained messages are back after a restart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mqtt-"));
  const path = join(folder, "mqtt.db");
  const before = startBroker({ store: sqliteStore(path) });
  const first = await connect(before.port, SLEEPER);
  await first.client.subscribeAsync({ "night/#": { qos: 2 }, "day/+": { qos: 1 } });
  await first.end();
  const publisher = await connect(before.port);
  await publisher.client.publishAsync("night/one", "1", { qos: 1 });
  await publisher.client.publishAsync("day/two", "2", { qos: 2 });
  await publisher.client.publishAsync("state", "kept", { qos: 1, retain: true });
  await publisher.client.publishAsync("state/gone", "x", { qos: 1, retain: true });
  await publisher.client.publishAsync("state/gone", "", { qos: 1, retain: true });
  await before.broker.stop();

  const after = startBroker({ store: sqliteStore(path) });
  const second = await connect(after.port, SLEEPER);
  expect(second.sessionPresent).toBe(true);
  const waiting = await second.received(2);
  expect(waiting.map(({ topic, payload, packet }) => [topic, payload, packet.qos])).toEqual([
    ["night/one", "1", 1],
    ["day/two", "2", 1],
  ]);
  const again = await connect(after.port);
  await again.client.publishAsync("night/three", "3", { qos: 2 });
  expect((await second.received(3))[2]).toMatchObject({ topic: "night/three", payload: "3", packet: { qos: 2 } });
  await again.client.subscribeAsync("state/#", { qos: 0 });
  expect((await again.received(1)).map(({ topic }) => topic)).toEqual(["state"]);
  await until(() => after.broker.stats().queuedBytes === 0, "an empty queue");
  await rm(folder, { recursive: true });
});

test("the store of an in-flight session is empty when everything has arrived", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mqtt-"));
  const path = join(folder, "mqtt.db");
  const before = startBroker({ store: sqliteStore(path) });
  const sleeper = await connect(before.port, SLEEPER);
  await sleeper.client.subscribeAsync("t", { qos: 2 });
  for (const qos of [1, 2, 2, 1] as const) await sleeper.client.publishAsync("t", "x", { qos });
  await sleeper.received(4);
  await sleeper.end();
  await before.broker.stop();
  const { Database } = await import("bun:sqlite");
  const database = new Database(path, { readonly: true });
  const counts = ["queued", "message", "inbound"].map((table) =>
    database.query(`SELECT count(*) AS n FROM ${table}`).get(),
  );
  database.close();
  expect(counts).toEqual([{ n: 0 }, { n: 0 }, { n: 0 }]);
  await rm(folder, { recursive: true });
});

import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "../../../src/mqtt";
import { startBroker } from "../support/broker";
import { arrivals, brokerClock, lasting, lose, publish, subscribe, texts } from "../support/exchange";
import { rawConnected } from "../support/raw";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

const expiring = (messageExpiryInterval: number) => ({ properties: { messageExpiryInterval } });

/** A broker with a session that is away, and a client that writes to it. */
async function startSleeper(limits: object = {}) {
  const clock = brokerClock();
  const started = startBroker({ clock, limits });
  const first = await rawConnected(started.port, lasting(5, "s"));
  await subscribe(first, "t", 1);
  await lose(started.broker, first);
  const writer = await rawConnected(started.port, { protocolVersion: 5 });
  return { ...started, clock, writer };
}

test("an interval of 0 reaches who is there, as 0, and waits for nobody (5.0) [MQTT-3.3.2-5] [MQTT-3.3.2-6]", async () => {
  const { port, writer } = await startSleeper();
  const there = await rawConnected(port, { protocolVersion: 5 });
  await subscribe(there, "t", 1);
  await publish(writer, "t", "x", { ...expiring(0), retain: true });
  expect((await arrivals(there)).map(({ properties }) => properties?.messageExpiryInterval)).toEqual([0]);
  const late = await rawConnected(port, { protocolVersion: 5 });
  await subscribe(late, "t", 1);
  expect(await arrivals(late)).toEqual([]);
  expect(await arrivals(await rawConnected(port, lasting(5, "s")))).toEqual([]);
});

test("a message that is on its way is delivered to its end, with no more time than it had (5.0) [MQTT-3.3.2-6]", async () => {
  const clock = brokerClock();
  const { port, broker } = startBroker({ clock });
  const first = await rawConnected(port, lasting(5, "r"));
  await subscribe(first, "t", 1);
  await publish(first, "t", "x", expiring(10));
  await arrivals(first);
  await lose(broker, first);
  clock.advance(60 * SECOND_MS);
  const [again] = await arrivals(await rawConnected(port, lasting(5, "r")));
  expect(again).toMatchObject({ dup: true, properties: { messageExpiryInterval: 0 } });
});

describe("what has expired in the queue of a session that is away (5.0) [MQTT-3.3.2-5]", () => {
  test("takes no place from what comes later", async () => {
    const { port, broker, clock, writer } = await startSleeper({ queuedMessages: 5 });
    await publish(writer, "t", "endless");
    for (let i = 0; i < 4; i++) await publish(writer, "t", "short", expiring(10));
    await publish(writer, "t", "too many");
    expect(broker.stats().dropped).toMatchObject({ queue_full: 1, expired: 0 });
    clock.advance(11 * SECOND_MS);
    await publish(writer, "t", "later");
    expect(broker.stats().dropped).toMatchObject({ queue_full: 1, expired: 4 });
    expect(await texts(await rawConnected(port, lasting(5, "s")))).toEqual(["t=endless", "t=later"]);
  });

  test("gives its memory back within a minute", async () => {
    const { broker, clock, writer } = await startSleeper();
    for (let i = 0; i < 50; i++) await publish(writer, "t", Buffer.alloc(1000), expiring(10));
    expect(broker.stats().queuedBytes).toBeGreaterThan(50_000);
    clock.advance(11 * SECOND_MS + MINUTE_MS);
    expect(broker.stats()).toMatchObject({ queuedBytes: 0, dropped: { expired: 50 } });
    expect(broker.findClient("s")).toMatchObject({ queuedMessages: 0, queuedBytes: 0 });
  });

  test("is gone from the file too", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mqtt-"));
    const path = join(folder, "mqtt.db");
    const clock = brokerClock();
    const before = startBroker({ clock, store: sqliteStore(path) });
    const first = await rawConnected(before.port, lasting(5, "s"));
    await subscribe(first, "t", 1);
    await lose(before.broker, first);
    const writer = await rawConnected(before.port, { protocolVersion: 5 });
    for (const seconds of [10, 1000]) await publish(writer, "t", String(seconds), expiring(seconds));
    await before.broker.stop();
    const after = startBroker({ clock, store: sqliteStore(path) });
    clock.advance(11 * SECOND_MS + MINUTE_MS);
    expect(after.broker.findClient("s")).toMatchObject({ queuedMessages: 1 });
    await after.broker.stop();
    const third = startBroker({ clock, store: sqliteStore(path) });
    expect(await texts(await rawConnected(third.port, lasting(5, "s")))).toEqual(["t=1000"]);
    await third.broker.stop();
    await rm(folder, { recursive: true });
  });
});

test("a will expires from its publication on, not from its CONNECT (5.0) [3.1.3.2.4]", async () => {
  const clock = brokerClock();
  const { port, broker } = startBroker({ clock });
  const watcher = await rawConnected(port, { protocolVersion: 5 });
  const properties = { messageExpiryInterval: 10, willDelayInterval: 30 };
  const will = { topic: "will", payload: Buffer.from("gone"), qos: 1 as const, retain: true, properties };
  const doomed = await rawConnected(port, { ...lasting(5, "d"), will });
  clock.advance(100 * SECOND_MS);
  await lose(broker, doomed);
  clock.advance(31 * SECOND_MS);
  await subscribe(watcher, "will", 1);
  expect(await arrivals(watcher)).toMatchObject([{ retain: true, properties: { messageExpiryInterval: 9 } }]);
  clock.advance(10 * SECOND_MS);
  await subscribe(watcher, "will", 1);
  expect(await arrivals(watcher)).toEqual([]);
});

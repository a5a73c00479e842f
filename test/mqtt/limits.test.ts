import { expect, setDefaultTimeout, test } from "bun:test";
import type { IConnectPacket } from "mqtt-packet";
import { createBroker, type Limits, Reason } from "../../src/mqtt";
import { systemClock } from "../../src/platform/clock";
import { seededRandom } from "../../src/platform/random";
import { startBroker } from "./support/broker";
import { connect, until } from "./support/client";
import { rawClient, rawConnected } from "./support/raw";

setDefaultTimeout(30_000);

const SECOND_MS = 1000;

const badLimits: [limits: Partial<Limits>, what: RegExp][] = [
  [{ receiveMaximum: 0 }, /receiveMaximum is 0; .* from 1 to 65535/],
  [{ inflightMessages: 70_000 }, /inflightMessages/],
  [{ topicAliases: -1 }, /topicAliases/],
  [{ packetBytes: 2 ** 30 }, /packetBytes/],
  [{ queuedBytes: Number.NaN }, /queuedBytes/],
  [{ memoryBytes: 1.5 }, /memoryBytes/],
];
test.each(badLimits)("a broker with the limits %o is not made", (limits, what) => {
  expect(() => createBroker({ clock: systemClock, random: seededRandom(1), limits })).toThrow(what);
});

test("a connection beyond the limit, and one beyond the limit of its address, is closed", async () => {
  for (const limits of [{ connections: 2 }, { connectionsPerAddress: 2 }]) {
    const { port, broker } = startBroker({ limits });
    const first = await rawConnected(port);
    await rawConnected(port);
    const third = await rawClient(port);
    await third.closed();
    expect(broker.stats().connectionsRefused).toBe(1);
    first.cut();
    await until(() => broker.stats().connections === 1, "room");
    await rawConnected(port);
  }
});

test("a peer that never says CONNECT is closed when its time is over", async () => {
  const { port } = startBroker({ limits: { connectTimeoutMs: 100 } });
  const silent = await rawClient(port);
  await silent.closed();
});

test("a client that is silent for 1.5 times its keep-alive is disconnected with the reason", async () => {
  const { port } = startBroker();
  const silent = await rawConnected(port, { keepalive: 1, protocolVersion: 5 });
  const start = performance.now();
  expect((await silent.next("disconnect")).reasonCode).toBe(0x8d);
  expect(performance.now() - start).toBeGreaterThanOrEqual(1.5 * SECOND_MS - 50);
  await silent.closed();
});

test("a packet above the limit is refused when its header has come", async () => {
  const { port } = startBroker({ limits: { packetBytes: 1000 } });
  const client = await rawConnected(port, { protocolVersion: 5 });
  client.send(new Uint8Array([0x30, 0xff, 0xff, 0x03, 0, 1, 0x61]));
  expect((await client.next("disconnect")).reasonCode).toBe(0x95);
  await client.closed();
});

test("a subscription beyond the limit gets its reason in its place", async () => {
  const { port } = startBroker({ limits: { subscriptionsPerSession: 2 } });
  const client = await rawConnected(port, { protocolVersion: 5 });
  const subscriptions = ["a", "b", "c", "a"].map((topic) => ({ topic, qos: 0 as const, nl: false, rap: false, rh: 0 }));
  client.send({ cmd: "subscribe", messageId: 7, subscriptions });
  expect((await client.next("suback")).granted).toEqual([0, 0, 0x97, 0]);
});

test("a session's queue holds what its limit says and drops what comes after it", async () => {
  const { port, broker } = startBroker({ limits: { queuedMessages: 3 } });
  const sleeper = { clientId: "sleeper", clean: false };
  const first = await connect(port, sleeper);
  await first.client.subscribeAsync("t", { qos: 1 });
  await first.end();
  await until(() => broker.stats().connections === 0, "the end");
  const publisher = await connect(port);
  for (let i = 0; i < 5; i++) await publisher.client.publishAsync("t", String(i), { qos: 1 });
  expect(broker.stats().dropped.queue_full).toBe(2);
  const second = await connect(port, sleeper);
  expect((await second.received(3)).map(({ payload }) => payload)).toEqual(["0", "1", "2"]);
});

test("retained messages beyond the limit are not kept, but one may be replaced", async () => {
  const { port, broker } = startBroker({ limits: { retainedMessages: 2 } });
  const client = await connect(port);
  for (const [topic, payload] of [
    ["a", "1"],
    ["b", "1"],
    ["c", "1"],
    ["b", "2"],
  ] as const) {
    await client.client.publishAsync(topic, payload, { qos: 1, retain: true });
  }
  expect(broker.stats()).toMatchObject({ retainedMessages: 2, dropped: { retained_full: 1 } });
  expect(broker.retained("#", 10).map(({ topic, payload }) => topic + Buffer.from(payload))).toEqual(["a1", "b2"]);
});

test("a retained message may be replaced up to the limit of bytes, and one that finds no place leaves no older one", async () => {
  const { port, broker } = startBroker({ limits: { retainedBytes: 10_000 } });
  const client = await connect(port);
  const retain = (payload: string | Buffer) => client.client.publishAsync("a", payload, { qos: 1, retain: true });
  await retain(Buffer.alloc(6000, "1"));
  await retain(Buffer.alloc(6000, "2"));
  expect(broker.retained("a", 1).map(({ payload }) => payload[0])).toEqual(["2".charCodeAt(0)]);
  await retain(Buffer.alloc(20_000, "3"));
  expect(broker.stats()).toMatchObject({ retainedMessages: 0, retainedBytes: 0, dropped: { retained_full: 1 } });
});

test("a slow reader loses QoS 0 first, stalls nobody, and is disconnected in the end", async () => {
  const { port, broker } = startBroker({ limits: { outboxShedBytes: 200_000, slowReaderMs: 1000 } });
  const slow = await rawConnected(port, { clientId: "slow" });
  slow.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 0 }] });
  await slow.next("suback");
  slow.stall();
  const quick = await connect(port);
  await quick.client.subscribeAsync("t", { qos: 0 });
  const publisher = await connect(port);
  const payload = Buffer.alloc(100_000, 0x78);
  for (let i = 0; i < 200; i++) await publisher.client.publishAsync("t", payload, { qos: 1 });
  await quick.received(200);
  expect(broker.stats().dropped.slow_reader).toBeGreaterThan(0);
  expect(broker.stats().outboxBytes).toBeLessThan(400_000);
  // The kernel takes a little more now and then, until its own buffers are full.
  for (let i = 0; i < 1000 && broker.findClient("slow") !== null; i++) {
    await publisher.client.publishAsync("t", payload, { qos: 1 });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(broker.findClient("slow")).toBeNull();
  expect(broker.stats().outboxBytes).toBe(0);
});

test("a client that connects too often is banned, told so, and let in again when the ban is over", async () => {
  const { port } = startBroker({ limits: { flappingConnects: 3, flappingWindowMs: 10_000, flappingBanMs: 300 } });
  const options = { clientId: "flapper", protocolVersion: 5 as const };
  for (let i = 0; i < 3; i++) await (await connect(port, options)).end();
  expect(await connect(port, options).catch((error: { code: number }) => error.code)).toBe(0x8a);
  await connect(port, { clientId: "other" });
  const deadline = performance.now() + 5000;
  let outcome: unknown = null;
  while (outcome === null && performance.now() < deadline) {
    outcome = await connect(port, options).catch(() => null);
  }
  expect(outcome).not.toBeNull();
});

test("a publisher above its rate is not read for the rest of the second, and loses nothing", async () => {
  const { port, broker } = startBroker({ limits: { publishesPerSecond: 50 } });
  const reader = await connect(port);
  await reader.client.subscribeAsync("t", { qos: 0 });
  const publisher = await connect(port);
  const start = performance.now();
  for (let i = 0; i < 120; i++) publisher.client.publish("t", String(i), { qos: 0 });
  const arrived = await reader.received(120);
  expect(performance.now() - start).toBeGreaterThan(SECOND_MS);
  expect(arrived.map(({ payload }) => Number(payload))).toEqual(Array.from({ length: 120 }, (_, i) => i));
  expect(broker.stats().readingPaused).toBeGreaterThanOrEqual(2);
});

test("an overload is met in its order, and ends when what was kept is gone", async () => {
  const { port, broker } = startBroker({ limits: { memoryBytes: 100_000, packetBytes: 50_000 } });
  const levels: number[] = [];
  broker.on("overload", ({ level }) => levels.push(level));
  const sleeper = { clientId: "sleeper", clean: false };
  const first = await connect(port, sleeper);
  await first.client.subscribeAsync("t", { qos: 1 });
  await first.end();
  const publisher = await connect(port);
  const watcher = await connect(port);
  await watcher.client.subscribeAsync("$SYS/broker/store/bytes");
  for (let i = 0; i < 11; i++) await publisher.client.publishAsync("t", Buffer.alloc(9000), { qos: 1 });
  expect(levels).toEqual([1, 2, 3]);
  expect(broker.stats().readingPaused).toBeGreaterThan(0);
  const newcomer: Partial<IConnectPacket> = { clientId: "newcomer", protocolVersion: 5 };
  expect((await rawConnected(port, newcomer)).connack.reasonCode).toBe(Reason.serverBusy);
  broker.forget("sleeper");
  await until(() => levels.at(-1) === 0, "the end of the overload");
  await connect(port);
});

test("in an overload the client with most that it does not take is closed, and nobody else", async () => {
  const limits = { memoryBytes: 8_000_000, outboxShedBytes: 100_000, queuedBytes: 100_000_000 };
  const { port, broker } = startBroker({ limits });
  const stalled = await rawConnected(port, { clientId: "stalled" });
  const reader = await connect(port, { clientId: "reader" });
  stalled.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "#", qos: 1 }] });
  await stalled.next("suback");
  await reader.client.subscribeAsync("#", { qos: 1 });
  stalled.stall();
  const reasons: string[] = [];
  broker.on("disconnected", ({ identity, message }) => reasons.push(`${identity.clientId}: ${message}`));
  const inside = broker.client("inside");
  for (let i = 0; i < 400 && reasons.length === 0; i++) {
    inside.publish("t", Buffer.alloc(100_000), { qos: 1 });
    await inside.committed();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await until(() => reasons.length > 0, "the end of the one that reads nothing");
  expect(reasons[0]).toStartWith("stalled: memory is short");
  await until(() => broker.stats().overload === 0, "the end of the overload");
  expect(broker.findClient("reader")?.connection).not.toBeNull();
});

import { describe, expect, test } from "bun:test";
import { generate } from "mqtt-packet";
import { startBroker } from "../../mqtt/support/broker";
import { until } from "../../mqtt/support/client";
import { brokerClock, lasting, lose, publish, refusal, subscribe } from "../../mqtt/support/exchange";
import { handClient, turn } from "../../mqtt/support/handClients";
import { type RawClient, rawClient, rawConnected } from "../../mqtt/support/raw";
import { startPair } from "./healthyPair";

const MEBIBYTE = 1024 * 1024;
const SWEEP_MS = 250;
const DEEP = "/a".repeat(63);

/** What is in use when nothing more can be collected: what earlier tests have left goes in several rounds. */
async function usedBytes(): Promise<number> {
  let last = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 50; round++) {
    Bun.gc(true);
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    if (Math.abs(last - heapUsed - arrayBuffers) < 10_000) break;
    last = heapUsed + arrayBuffers;
  }
  return last;
}

describe("what a client can make the broker keep is counted with what it takes", () => {
  /** What the broker says it holds more after something, as a part of what the process has really taken. */
  async function countedPart(kept: number, heldBytes: () => number, action: () => Promise<void>): Promise<number> {
    const [used, held] = [await usedBytes(), heldBytes()];
    await action();
    const taken = (await usedBytes()) - used;
    expect(taken).toBeGreaterThan(kept);
    return (heldBytes() - held) / taken;
  }

  test("retained messages on deep topics", async () => {
    const pair = await startPair();
    const peer = await rawConnected(pair.port);
    const part = await countedPart(
      10 * MEBIBYTE,
      () => pair.broker.stats().heldBytes,
      async () => {
        for (let i = 0; i < 1000; i++) await publish(peer, `${i}${DEEP}`, "x", { retain: true });
      },
    );
    expect(part).toBeGreaterThan(0.5);
    for (let i = 0; i < 1000; i++) await publish(peer, `${i}${DEEP}`, "", { retain: true });
    expect(pair.broker.stats()).toMatchObject({ retainedMessages: 0, retainedBytes: 0 });
    peer.cut();
    await pair.expectUndisturbed();
  });

  test("subscriptions to deep filters", async () => {
    const pair = await startPair();
    const before = pair.broker.stats().heldBytes;
    const peer = await rawConnected(pair.port, { protocolVersion: 5 });
    const part = await countedPart(
      10 * MEBIBYTE,
      () => pair.broker.stats().heldBytes,
      async () => {
        for (let i = 0; i < 1000; i++) expect(await subscribe(peer, `${i}${DEEP}`, 0)).toEqual([0]);
      },
    );
    expect(part).toBeGreaterThan(0.5);
    await lose(pair.broker, peer);
    expect(pair.broker.stats().heldBytes).toBe(before);
    await pair.expectUndisturbed();
  });

  test("small messages that wait", async () => {
    const pair = await startPair();
    const sleeper = await rawConnected(pair.port, lasting(5, "sleeper"));
    await subscribe(sleeper, "t/#", 1);
    await lose(pair.broker, sleeper);
    const peer = await rawConnected(pair.port);
    const part = await countedPart(
      4 * MEBIBYTE,
      () => pair.broker.stats().heldBytes,
      async () => {
        for (let i = 0; i < 10_000; i++) await publish(peer, "t/1", "x");
      },
    );
    expect(part).toBeGreaterThan(0.5);
    peer.cut();
    pair.broker.forget("sleeper");
    await pair.expectUndisturbed();
  });
});

test("a million places in queues take what they are counted with, and less than a hundred megabytes", async () => {
  const { broker } = startBroker({ limits: { flappingConnects: 0 } });
  for (let i = 0; i < 1000; i++) {
    const client = handClient(broker, `away-${i}`);
    client.say({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 1 }] });
    client.leave();
  }
  const publisher = handClient(broker, "publisher", { clean: true });
  const [used, held] = [await usedBytes(), broker.stats().heldBytes];
  for (let i = 0; i < 1000; i++) {
    publisher.say({ cmd: "publish", topic: "t", payload: "x".repeat(50), qos: 0, dup: false, retain: false });
    publisher.say({
      cmd: "publish",
      topic: "t",
      payload: "x".repeat(50),
      qos: 1,
      messageId: 1,
      dup: false,
      retain: false,
    });
    await turn();
  }
  expect(broker.queueDepths().queuedMessages).toBe(1_000_000);
  const taken = (await usedBytes()) - used;
  expect(taken).toBeLessThan(100 * MEBIBYTE);
  expect((broker.stats().heldBytes - held) / taken).toBeWithin(0.8, 1.2);
});

test("identifiers of QoS 2 messages that are never released are counted until their sessions end", async () => {
  const pair = await startPair([], { limits: { flappingConnects: 0 } });
  const before = pair.broker.stats().heldBytes;
  const used = await usedBytes();
  const SESSIONS = 100;
  const IDS = 1000;
  for (let i = 0; i < SESSIONS; i++) {
    const peer = await rawConnected(pair.port, lasting(4, `hoarder-${i}`));
    for (let messageId = 1; messageId <= IDS; messageId++) {
      peer.send({ cmd: "publish", topic: "t", payload: "", qos: 2, messageId, dup: false, retain: false });
    }
    await until(() => peer.packets.length === IDS, "all confirmations");
    peer.send({ cmd: "pubrel", messageId: 1 });
    await peer.next("pubcomp");
    await lose(pair.broker, peer);
    peer.packets.length = 0;
    peer.chunks.length = 0;
  }
  const held = pair.broker.stats().heldBytes - before;
  expect(held / ((await usedBytes()) - used)).toBeGreaterThan(0.5);
  for (let i = 0; i < SESSIONS; i++) pair.broker.forget(`hoarder-${i}`);
  expect(pair.broker.stats().heldBytes).toBe(before);
  await pair.expectUndisturbed();
});

describe("packets that begin and do not end", () => {
  const begun = Buffer.concat([new Uint8Array([0x30, 0xf0, 0xff, 0x3f]), Buffer.alloc(500_000)]);

  test("are counted while they are kept, and no more when their connection is gone", async () => {
    const pair = await startPair();
    const before = pair.broker.stats().heldBytes;
    const peers: RawClient[] = [];
    for (let i = 0; i < 4; i++) peers.push(await rawConnected(pair.port));
    for (const peer of peers) peer.send(begun);
    await until(() => pair.broker.stats().heldBytes - before >= 4 * begun.length, "all of them");
    for (const peer of peers) peer.cut();
    await until(() => pair.broker.stats().heldBytes === before, "the memory");
    await pair.expectUndisturbed();
  });

  test("are not read on in an overload, until there is room again", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock, limits: { memoryBytes: 400_000 } });
    const slow = await rawConnected(port);
    slow.send(begun);
    await until(() => broker.stats().heldBytes > begun.length, "what has begun");
    clock.advance(SWEEP_MS);
    expect(broker.stats().overload).toBe(3);
    for (let i = 0; i < 10; i++) slow.send(Buffer.alloc(10_000));
    await until(() => broker.stats().readingPaused > 0, "the pause");
    const { bytesReceived } = broker.stats();
    slow.send(Buffer.alloc(10_000));
    const connect = generate({ cmd: "connect", protocolId: "MQTT", clientId: "other", clean: true, keepalive: 0 });
    expect(await refusal(port, connect)).toBe(3);
    expect(broker.stats().bytesReceived).toBe(bytesReceived + connect.length);
    slow.cut();
    await until(() => broker.stats().connections === 0, "its end");
    clock.advance(SWEEP_MS);
    expect(broker.stats().overload).toBe(0);
  });
});

test("in an overload no subscription is added, and one may be replaced (5.0)", async () => {
  const { port, broker } = startBroker({ limits: { memoryBytes: 60_000 } });
  const client = await rawConnected(port, { protocolVersion: 5 });
  expect(await subscribe(client, "t", 1)).toEqual([1]);
  const other = await rawConnected(port, { protocolVersion: 5 });
  for (let i = 0; broker.stats().overload < 3; i++) await subscribe(other, `${i}${DEEP}`, 0);
  expect(await subscribe(client, ["u", "t"], 0)).toEqual([0x97, 0]);
  await lose(broker, other);
  await until(() => broker.stats().overload === 0, "the end of the overload");
  expect(await subscribe(client, "u", 0)).toEqual([0]);
});

test("a topic that thousands get is not remembered with all of them for ever", async () => {
  const RECEIVERS = 1000;
  const TOPICS = 2000;
  const { broker } = startBroker({ limits: { flappingConnects: 0, retainedMessages: TOPICS } });
  const ignore = (): void => undefined;
  const transport = {
    write: (bytes: Uint8Array) => bytes.length,
    end: ignore,
    terminate: ignore,
    pause: ignore,
    resume: ignore,
  };
  const connect = (clientId: string) => {
    const connection = broker.attachment.open(transport, "hand", "by hand")!;
    const say = (packet: Parameters<typeof generate>[0]): void =>
      broker.attachment.receive(connection, generate(packet, { protocolVersion: 4 }));
    say({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, keepalive: 0, clientId });
    return say;
  };
  for (let i = 0; i < RECEIVERS; i++) {
    connect(`c${i}`)({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "#", qos: 0 }] });
  }
  const write = connect("writer");
  const before = await usedBytes();
  for (let i = 0; i < TOPICS; i++) {
    write({ cmd: "publish", topic: `t/${i}`, payload: "x", qos: 0, dup: false, retain: true });
    if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(broker.stats().messagesSent[0]).toBe(RECEIVERS * TOPICS);
  // Two thousand lists of a thousand would be sixteen megabytes.
  expect((await usedBytes()) - before - broker.stats().retainedBytes).toBeLessThan(6 * MEBIBYTE);
});

test("what is retained is not kept encoded for whoever asked for it once", async () => {
  const pair = await startPair([], { limits: { outboxShedBytes: 64 * MEBIBYTE, outboxBytes: 64 * MEBIBYTE } });
  const writer = await rawConnected(pair.port);
  for (let i = 0; i < 100; i++) await publish(writer, `big/${i}`, Buffer.alloc(100_000), { retain: true });
  const before = await usedBytes();
  for (const protocolVersion of [4, 5] as const) {
    for (const qos of [0, 1] as const) {
      const reader = await rawConnected(pair.port, { protocolVersion });
      await subscribe(reader, "big/#", qos);
      await until(() => reader.packets.length === 100, "all of them");
      await lose(pair.broker, reader);
      reader.packets.length = 0;
      reader.chunks.length = 0;
    }
  }
  expect((await usedBytes()) - before).toBeLessThan(5 * MEBIBYTE);
  for (let i = 0; i < 100; i++) await publish(writer, `big/${i}`, "", { retain: true });
  writer.cut();
  await pair.expectUndisturbed();
});

test("no more clients are remembered for their visits than there may be sessions", async () => {
  const clock = brokerClock();
  const { port } = startBroker({ clock, limits: { sessions: 5, flappingConnects: 2 } });
  const visit = async (clientId: string): Promise<number> => {
    const client = await rawClient(port, 5);
    client.send({ cmd: "connect", protocolId: "MQTT", protocolVersion: 5, clientId, clean: true, keepalive: 0 });
    const { reasonCode } = await client.next("connack");
    if (reasonCode === 0) client.send({ cmd: "disconnect" });
    await client.closed();
    return reasonCode!;
  };
  expect([await visit("a"), await visit("a"), await visit("a")]).toEqual([0, 0, 0x8a]);
  for (let i = 0; i < 5; i++) expect(await visit(`other-${i}`)).toBe(0);
  // By now the first of them is forgotten, ban and all.
  expect(await visit("a")).toBe(0);
});

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { generate } from "mqtt-packet";
import { until } from "../../mqtt/support/client";
import { brokerClock, lasting, publish, subscribe } from "../../mqtt/support/exchange";
import { type RawClient, rawClient, rawConnected } from "../../mqtt/support/raw";
import { type HealthyPair, startPair } from "./healthyPair";

setDefaultTimeout(30_000);

const SECOND_MS = 1000;
const MEBIBYTE = 1024 * 1024;

/** Lets the event loop turn, while one side sends and the other reads. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

function heldBytes(): number {
  Bun.gc(true);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe("a client that does not read", () => {
  test.each([0, 1] as const)(
    "its QoS %d messages are bounded, it is closed in time, and its memory comes back",
    async (qos) => {
      const clock = brokerClock();
      const limits = { outboxShedBytes: 200_000, queuedMessages: 50, slowReaderMs: 30_000 };
      const pair = await startPair([], { clock, limits });
      const slow = await rawConnected(pair.port, { clientId: "slow", protocolVersion: 5 });
      await subscribe(slow, "big", qos);
      slow.stall();
      const writer = await rawConnected(pair.port);
      const payload = Buffer.alloc(100_000);
      for (let i = 0; i < 200; i++) await publish(writer, "big", payload, { qos: 1 });
      await pair.exchange();
      const { outboxBytes, queuedBytes, dropped } = pair.broker.stats();
      expect(outboxBytes).toBeLessThan(400_000);
      expect(queuedBytes).toBeLessThan(51 * 100_300);
      expect(dropped.slow_reader + dropped.queue_full).toBeGreaterThan(0);
      // The kernel takes a little more now and then, until its own buffers are full.
      for (let i = 0; i < 100 && pair.broker.findClient("slow") !== null; i++) {
        for (let more = 0; more < 5; more++) await publish(writer, "big", payload, { qos: 1 });
        clock.advance(31 * SECOND_MS);
      }
      expect(pair.broker.findClient("slow")).toBeNull();
      writer.cut();
      await pair.expectUndisturbed();
    },
  );

  test("and pings without end is closed at the limit, in which answers of two bytes count as what they take", async () => {
    const pair = await startPair([], { limits: { outboxBytes: 4 * MEBIBYTE } });
    const peer = await rawConnected(pair.port, { protocolVersion: 5 });
    peer.stall();
    const pings = Buffer.alloc(200_000, new Uint8Array([0xc0, 0]));
    let mostWaiting = 0;
    for (let sent = 0; pair.broker.stats().connections === 3 && sent < 100 * MEBIBYTE; sent += pings.length) {
      peer.send(pings);
      await turns(20);
      const { packetsReceived, bytesSent } = pair.broker.stats();
      mostWaiting = Math.max(mostWaiting, packetsReceived - bytesSent / 2);
    }
    expect(pair.broker.stats().connections).toBe(2);
    // Counted by their two bytes they would be two million, and take fifty megabytes.
    expect(mostWaiting).toBeLessThan(500_000);
    peer.cut();
    await pair.expectUndisturbed();
  }, 20_000);
});

describe("a take-over storm", () => {
  test("leaves one connection, and ends with a ban that expires", async () => {
    const clock = brokerClock();
    const limits = { flappingConnects: 20, flappingWindowMs: 60_000, flappingBanMs: 30_000 };
    const pair = await startPair([], { clock, limits });
    const peers = await Promise.all(Array.from({ length: 60 }, () => rawClient(pair.port, 5)));
    for (const peer of peers) peer.send(connectOf("same"));
    await until(() => pair.broker.stats().connections === 3, "one of sixty");
    const outcomes = await Promise.all(peers.map(outcomeOf));
    expect(outcomes.filter((outcome) => outcome === "in").length).toBe(1);
    expect(outcomes.filter((outcome) => outcome === 0x8e).length).toBe(19);
    expect(outcomes.filter((outcome) => outcome === 0x8a).length).toBe(40);
    await pair.exchange();
    for (const peer of peers) peer.cut();
    clock.advance(31 * SECOND_MS);
    const again = await rawConnected(pair.port, { clientId: "same", protocolVersion: 5 });
    expect(again.connack.reasonCode).toBe(0);
    again.cut();
    await pair.expectUndisturbed();
  });

  test("of a session with messages keeps them, and sends each until it is acknowledged", async () => {
    const pair = await startPair([], { limits: { flappingConnects: 0 } });
    const first = await rawConnected(pair.port, lasting(5, "s"));
    await subscribe(first, "t", 1);
    const writer = await rawConnected(pair.port);
    for (let i = 0; i < 10; i++) await publish(writer, "t", String(i));
    writer.cut();
    let last: RawClient = first;
    for (let i = 0; i < 30; i++) last = await rawConnected(pair.port, lasting(5, "s"));
    await until(() => last.packets.length === 10, "ten messages");
    const payloads = last.packets.map((packet) => (packet.cmd === "publish" ? packet.payload.toString() : packet.cmd));
    expect(payloads).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect(pair.broker.findClient("s")?.inflight).toBe(10);
    last.cut();
    pair.broker.forget("s");
    await pair.expectUndisturbed();
  });
});

test("a client that comes and goes without end is banned, others with it are not", async () => {
  const clock = brokerClock();
  const pair = await startPair([], { clock });
  let outcome: number | "in" = "in";
  let visits = 0;
  for (; outcome === "in" && visits < 200; visits++) {
    const peer = await rawClient(pair.port, 5);
    peer.send(connectOf("flapper"));
    await until(() => peer.packets.length > 0, "an answer");
    outcome = await outcomeOf(peer);
    peer.cut();
  }
  expect([outcome, visits]).toEqual([0x8a, 121]);
  await pair.expectUndisturbed();
});

function connectOf(clientId: string): Buffer {
  const packet = {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 5,
    clientId,
    clean: true,
    keepalive: 0,
  } as const;
  return generate(packet, { protocolVersion: 5 });
}

/** `in`, or the reason code with which the broker has ended it. */
async function outcomeOf(peer: RawClient): Promise<number | "in"> {
  await until(() => peer.packets.length > 0, "an answer");
  const last = peer.packets.at(-1)!;
  const code = last.cmd === "connack" || last.cmd === "disconnect" ? (last.reasonCode ?? 0) : 0;
  return code === 0 ? "in" : code;
}

describe("QoS 2 without PUBREL", () => {
  test("holds what its limit says, also over reconnects, and no more (CVE-2023-28366)", async () => {
    const pair = await startPair([], { limits: { receiveMaximum: 100, flappingConnects: 0 } });
    const before = heldBytes();
    for (let round = 0; round < 20; round++) {
      const peer = await rawConnected(pair.port, lasting(5, "hoarder"));
      for (let messageId = 1; messageId <= 101; messageId++) {
        const id = 1 + ((messageId + round * 101) % 65_535);
        peer.send({ cmd: "publish", topic: "t", payload: "x", qos: 2, messageId: id, dup: false, retain: false });
      }
      expect((await peer.next("disconnect")).reasonCode).toBe(0x93);
      await peer.closed();
    }
    expect(heldBytes() - before).toBeLessThan(4 * MEBIBYTE);
    pair.broker.forget("hoarder");
    await pair.expectUndisturbed();
  });
});

describe("topics as deep as they may be", () => {
  test("a thousand filters of 64 levels with wildcards at each hold up nobody", async () => {
    const pair = await startPair();
    const peer = await rawConnected(pair.port, { protocolVersion: 5 });
    const filters = Array.from({ length: 1000 }, (_, i) =>
      Array.from({ length: 64 }, (_level, depth) => ((i >> (depth % 10)) & 1 ? "+" : "a")).join("/"),
    );
    for (let from = 0; from < 1000; from += 100) await subscribe(peer, filters.slice(from, from + 100), 0);
    const deep = Array.from({ length: 64 }, () => "a").join("/");
    for (let i = 0; i < 20; i++) {
      // Each change of subscriptions makes the broker look for the topic anew.
      await subscribe(peer, `other/${i % 2}`, 0).catch(() => undefined);
      await publish(peer, deep, "x");
      await pair.exchange();
    }
    peer.cut();
    await pair.expectUndisturbed();
  });

  test("retained messages on deep topics leave no branches behind", async () => {
    const pair = await startPair();
    const peer = await rawConnected(pair.port, { protocolVersion: 5 });
    const before = heldBytes();
    for (let i = 0; i < 300; i++) {
      const topic = Array.from({ length: 64 }, (_, depth) => `${i}-${depth}`).join("/");
      await publish(peer, topic, "x", { retain: true });
      await publish(peer, topic, "", { retain: true });
    }
    peer.cut();
    await pair.expectUndisturbed();
    expect(heldBytes() - before).toBeLessThan(4 * MEBIBYTE);
  });
});

test("subscribing and unsubscribing without end holds up nobody and leaves nothing", async () => {
  const pair = await startPair();
  const peer = await rawConnected(pair.port, { protocolVersion: 5 });
  for (let i = 0; i < 3000; i++) {
    peer.send({ cmd: "subscribe", messageId: 1 + i, subscriptions: [{ topic: `$share/g${i}/a/+/${i}/#`, qos: 1 }] });
    peer.send({ cmd: "unsubscribe", messageId: 1 + i, unsubscriptions: [`$share/g${i}/a/+/${i}/#`] });
    if (i % 300 === 0) await pair.exchange();
  }
  await until(() => peer.packets.length === 6000, "all answers");
  peer.cut();
  await pair.expectUndisturbed();
});

test("user properties up to the limit in every message reach who asked, and stay with nobody", async () => {
  const pair = await startPair();
  const reader = await rawConnected(pair.port, { protocolVersion: 5 });
  await subscribe(reader, "t", 0);
  const writer = await rawConnected(pair.port, { protocolVersion: 5 });
  const userProperties = { name: Array.from({ length: 64 }, (_, i) => "v".repeat(i * 10)) };
  for (let i = 0; i < 200; i++) await publish(writer, "t", "x", { qos: 1, properties: { userProperties } });
  await until(() => reader.packets.length === 200, "all messages");
  reader.cut();
  writer.cut();
  await pair.expectUndisturbed();
});

test("retained messages beyond the limit are refused a place, and nobody else's goes", async () => {
  const pair = await startPair([], { limits: { retainedMessages: 50, retainedBytes: 100_000 } });
  const writer = await rawConnected(pair.port);
  for (let i = 0; i < 200; i++) await publish(writer, `t/${i}`, Buffer.alloc(i < 40 ? 10 : 5000), { retain: true });
  const { retainedMessages, retainedBytes, dropped } = pair.broker.stats();
  expect(retainedMessages).toBeLessThanOrEqual(50);
  expect(retainedBytes).toBeLessThanOrEqual(100_000);
  expect(dropped.retained_full).toBe(200 - retainedMessages);
  expect(pair.broker.retained("t/+", 100).filter(({ payloadBytes }) => payloadBytes === 10).length).toBe(40);
  for (let i = 0; i < 200; i++) await publish(writer, `t/${i}`, "", { retain: true });
  writer.cut();
  await pair.expectUndisturbed();
});

test("a hundred peers that all misbehave at once are all gone, and the healthy two were never late", async () => {
  const pair: HealthyPair = await startPair([], { limits: { flappingConnects: 0 } });
  const chunks = [
    new Uint8Array([0x30, 0xff, 0xff, 0xff, 0x7f]),
    connectOf("x"),
    Buffer.concat([connectOf("y"), new Uint8Array([0x30, 5, 0, 1, 0x23, 0, 0])]),
    Buffer.from("GET / HTTP/1.1\r\n\r\n"),
    connectOf("z").subarray(0, 9),
  ];
  const peers: RawClient[] = [];
  for (let i = 0; i < 100; i++) {
    const peer = await rawClient(pair.port, 5);
    peer.send(chunks[i % chunks.length]!);
    peers.push(peer);
    if (i % 10 === 0) await pair.exchange();
  }
  for (const peer of peers) peer.cut();
  await pair.expectUndisturbed();
});

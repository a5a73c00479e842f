import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { lasting, publish, subscribe } from "../support/exchange";
import { rawClient, rawConnected } from "../support/raw";

const RECEIPT = [0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
const RELEASE = [0, 0x92];
const ALL = Array.from({ length: 256 }, (_, code) => code);

describe("reason codes of a client's acknowledgements (5.0)", () => {
  const kinds: [name: string, clause: string, firstByte: number, codes: number[]][] = [
    ["PUBACK", "MQTT-3.4.2-1", 0x40, RECEIPT],
    ["PUBREC", "MQTT-3.5.2-1", 0x50, RECEIPT],
    ["PUBREL", "MQTT-3.6.2-1", 0x62, RELEASE],
    ["PUBCOMP", "MQTT-3.7.2-1", 0x70, RELEASE],
  ];
  test.each(kinds)("%s has one of its own, or the connection ends [%s]", async (_name, _clause, firstByte, codes) => {
    const { port } = startBroker({ limits: { flappingConnects: 0 } });
    const client = await rawConnected(port, { protocolVersion: 5 });
    for (const code of codes) client.send(new Uint8Array([firstByte, 3, 0, 9, code]));
    client.send({ cmd: "pingreq" });
    await client.next("pingresp");
    for (const code of ALL.filter((code) => !codes.includes(code))) {
      const wrong = await rawConnected(port, { protocolVersion: 5 });
      wrong.send(new Uint8Array([firstByte, 3, 0, 9, code]));
      expect((await wrong.next("disconnect")).reasonCode).toBe(0x81);
    }
  });
});

test("a right that is refused is asked for again where an alias stands for the topic (5.0)", async () => {
  const { port } = startBroker({ authorize: (_identity, action, topic) => action !== "write" || topic !== "secret" });
  const client = await rawConnected(port, { protocolVersion: 5 });
  const properties = { topicAlias: 1 };
  for (const topic of ["secret", "", "$SYS/x", ""])
    expect(await publish(client, topic, "x", { properties })).toBe(0x87);
  expect(await publish(client, "open", "x", { properties })).toBe(0x10);
});

test.each([1, 3, 5, 0x10, 0x7f, 0xff])(
  "a DISCONNECT with %d, which is no reason, ends badly: its will goes out (5.0) [MQTT-3.14.2-1]",
  async (code) => {
    const { port } = startBroker();
    const watcher = await rawConnected(port);
    await subscribe(watcher, "will", 1);
    const will = { topic: "will", payload: Buffer.from("gone"), qos: 1 as const, retain: false };
    const client = await rawConnected(port, { protocolVersion: 5, will });
    client.send(new Uint8Array([0xe0, 1, code]));
    expect((await client.next("disconnect")).reasonCode).toBe(0x81);
    await client.closed();
    await watcher.next("publish");
  },
);

describe("a topic that breaks a rule is no topic that is not accepted (5.0) [3.14.2.1]", () => {
  const LONG = "x".repeat(1025);
  const topics: [topic: string, code: number][] = [
    ["", 0x82],
    ["a/#", 0x81],
    ["a/+", 0x81],
    [LONG, 0x90],
    ["/".repeat(64), 0x90],
  ];
  test.each(topics)("PUBLISH to %p: %d [MQTT-3.3.2-2] [3.3.2.1]", async (topic, code) => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    client.send({ cmd: "publish", topic, payload: "x", qos: 0, dup: false, retain: false, properties: {} });
    expect((await client.next("disconnect")).reasonCode).toBe(code);
  });

  const filters: [filter: string, code: number][] = [
    ["a/#/b", 0x81],
    ["a+", 0x81],
    ["$share/g", 0x81],
    [LONG, 0x8f],
    ["/".repeat(64), 0x8f],
  ];
  test.each(filters)("SUBSCRIBE to %p: %d [MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.8.2-1]", async (topic, code) => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic, qos: 0 }] });
    expect((await client.next("disconnect")).reasonCode).toBe(code);
  });
});

test("a client that wants no reason strings gets them in CONNACK and DISCONNECT alone (5.0) [MQTT-3.1.2-29]", async () => {
  const authorize = (_identity: unknown, _action: string, topic: string) => topic !== "secret";
  const { port, broker } = startBroker({ authorize });
  const options = lasting(5, "c");
  const properties = { ...options.properties, requestProblemInformation: false };
  const client = await rawConnected(port, { ...options, properties });
  expect(await subscribe(client, "secret", 1)).toEqual([0x87]);
  expect(await publish(client, "secret", "x")).toBe(0x87);
  client.send({ cmd: "pubrel", messageId: 9 });
  expect((await client.next("pubcomp")).properties).toBeUndefined();
  broker.kick("c");
  await client.closed();
  const withStrings = Buffer.concat(client.chunks).toString("latin1").split("operator").length - 1;
  expect(withStrings).toBe(1);
});

test("an older client is told of its session only where its version has a place for it [MQTT-3.2.2-2 of 3.1.1]", async () => {
  const { port } = startBroker();
  const old = { protocolId: "MQIsdp", protocolVersion: 3, clientId: "old", clean: false } as const;
  const first = await rawConnected(port, old);
  first.send({ cmd: "disconnect" });
  await first.closed();
  const again = await rawClient(port, 3);
  again.send({ cmd: "connect", keepalive: 0, ...old });
  await again.next("connack");
  // In 3.1 the first byte is reserved.
  expect([...again.chunks[0]!]).toEqual([0x20, 2, 0, 0]);
});

test.each(["a+b", "#", "a/b/#"])(
  "the client identifier %p gives no response information (5.0) [3.2.2.3.15]",
  async (clientId) => {
    const { port } = startBroker();
    const properties = { requestResponseInformation: true };
    const { connack } = await rawConnected(port, { protocolVersion: 5, clientId, properties });
    expect([connack.reasonCode, connack.properties?.responseInformation]).toEqual([0, undefined]);
  },
);

test("a will that says it is text and is not is refused with 0x99 (5.0) [3.1.3.2.3]", async () => {
  const { port, broker } = startBroker();
  const properties = { payloadFormatIndicator: true };
  for (const [bytes, code] of [
    [Buffer.from([0xff]), 0x99],
    [Buffer.from("ü"), 0],
  ] as const) {
    const will = { topic: "t", payload: bytes, qos: 0 as const, retain: false, properties };
    const { connack } = await rawConnected(port, { protocolVersion: 5, will });
    expect(connack.reasonCode).toBe(code);
  }
  expect(broker.stats().sessions).toBe(1);
});

import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { connect as realConnect, until } from "../support/client";
import { arrivals, lasting, publish, subscribe, texts } from "../support/exchange";
import { rawConnected } from "../support/raw";

const PUBLISH = { cmd: "publish", topic: "t", payload: "x", qos: 2, dup: false, retain: false } as const;

describe("receive maximum of the client (5.0)", () => {
  test.each([1, 2] as const)(
    "no more than that many QoS %d messages are unacknowledged [MQTT-3.3.4-9]",
    async (qos) => {
      const { port, broker } = startBroker();
      const reader = await rawConnected(port, { protocolVersion: 5, clientId: "r", properties: { receiveMaximum: 2 } });
      await subscribe(reader, "t", 2);
      const writer = await rawConnected(port);
      for (let i = 0; i < 5; i++) await publish(writer, "t", String(i), { qos });
      const got: string[] = [];
      for (const expected of [2, 1, 1, 1]) {
        const messages = await arrivals(reader);
        expect(messages.length).toBe(expected);
        got.push(...messages.map(({ payload }) => payload.toString()));
        const { messageId } = messages[0]!;
        if (qos === 1) reader.send({ cmd: "puback", messageId: messageId! });
        else {
          reader.send({ cmd: "pubrec", messageId: messageId! });
          await reader.next("pubrel");
          expect(await arrivals(reader)).toEqual([]);
          reader.send({ cmd: "pubcomp", messageId: messageId! });
        }
      }
      expect(got).toEqual(["0", "1", "2", "3", "4"]);
      expect(broker.findClient("r")).toMatchObject({ queuedMessages: 0 });
    },
  );

  test("a PUBREC with an error makes room as well [4.9]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5, properties: { receiveMaximum: 1 } });
    await subscribe(client, "t", 2);
    for (const payload of ["1", "2"]) await publish(client, "t", payload, { qos: 2 });
    const [first] = await arrivals(client);
    client.send({ cmd: "pubrec", messageId: first!.messageId!, reasonCode: 0x80 });
    expect(await texts(client)).toEqual(["t=2"]);
  });

  test("QoS 0 is not counted [4.9]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5, properties: { receiveMaximum: 1 } });
    await subscribe(client, "t", 1);
    for (let i = 0; i < 3; i++) await publish(client, "t", "q1");
    for (let i = 0; i < 3; i++) await publish(client, "t", "q0", { qos: 0 });
    expect(await texts(client)).toEqual(["t=q1", "t=q0", "t=q0", "t=q0"]);
  });

  test("it holds for what waits in the session when the client comes back", async () => {
    const { port } = startBroker();
    const first = await rawConnected(port, lasting(5, "s"));
    await subscribe(first, "t", 1);
    first.send({ cmd: "disconnect" });
    await first.closed();
    const writer = await rawConnected(port);
    for (let i = 0; i < 6; i++) await publish(writer, "t", String(i));
    const properties = { sessionExpiryInterval: 60, receiveMaximum: 2 };
    const second = await rawConnected(port, { ...lasting(5, "s"), properties });
    for (const batch of [
      ["0", "1"],
      ["2", "3"],
      ["4", "5"],
    ]) {
      const messages = await arrivals(second);
      expect(messages.map(({ payload }) => payload.toString())).toEqual(batch);
      for (const { messageId } of messages) second.send({ cmd: "puback", messageId: messageId! });
    }
  });

  test("a receive maximum of 0 is refused [3.1.2.11.3]", async () => {
    const { port } = startBroker();
    const outcome = rawConnected(port, { protocolVersion: 5, properties: { receiveMaximum: 0 } });
    expect((await outcome).connack.reasonCode).toBe(0x82);
  });

  test("a real client with a small window gets everything", async () => {
    const { port } = startBroker();
    const reader = await realConnect(port, { protocolVersion: 5, properties: { receiveMaximum: 3 } });
    await reader.client.subscribeAsync("t", { qos: 2 });
    const writer = await realConnect(port, { protocolVersion: 5 });
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => writer.client.publishAsync("t", `${i}`, { qos: i % 2 === 0 ? 1 : 2 })),
    );
    expect((await reader.received(200)).length).toBe(200);
  });
});

describe("receive maximum of the broker (5.0)", () => {
  test("so many QoS 2 messages may be open, one more ends the connection with 0x93 [MQTT-3.3.4-7]", async () => {
    const { port, broker } = startBroker({ limits: { receiveMaximum: 3 } });
    const client = await rawConnected(port, { protocolVersion: 5 });
    expect(client.connack.properties?.receiveMaximum).toBe(3);
    for (let messageId = 1; messageId <= 3; messageId++) client.send({ ...PUBLISH, messageId });
    await until(() => client.packets.length === 3, "three PUBRECs");
    client.send({ ...PUBLISH, messageId: 4 });
    expect((await client.next("disconnect")).reasonCode).toBe(0x93);
    await client.closed();
    expect(broker.stats().messagesReceived[2]).toBe(4);
  });

  test("PUBREL makes room", async () => {
    const { port } = startBroker({ limits: { receiveMaximum: 1 } });
    const client = await rawConnected(port, { protocolVersion: 5 });
    for (let i = 0; i < 5; i++) await publish(client, "t", "x", { qos: 2 });
  });
});

describe("maximum packet size (5.0)", () => {
  test("of the client: what is larger is not sent, and nothing waits for it [MQTT-3.1.2-24] [MQTT-3.1.2-25]", async () => {
    const { port, broker } = startBroker();
    const reader = await rawConnected(port, {
      protocolVersion: 5,
      clientId: "r",
      properties: { maximumPacketSize: 64, receiveMaximum: 1 },
    });
    await subscribe(reader, "t", 2);
    const writer = await rawConnected(port);
    for (const qos of [0, 1, 2] as const) await publish(writer, "t", Buffer.alloc(100), { qos });
    await publish(writer, "t", "small", { qos: 1 });
    expect(await texts(reader)).toEqual(["t=small"]);
    expect(broker.stats().dropped.too_large).toBe(3);
    expect(broker.findClient("r")).toMatchObject({ inflight: 1, queuedMessages: 0 });
  });

  test("of the client: a packet of just that size is sent", async () => {
    const { port } = startBroker();
    // Two bytes of header, three of topic, one of properties.
    const reader = await rawConnected(port, { protocolVersion: 5, properties: { maximumPacketSize: 6 + 40 } });
    await subscribe(reader, "t", 0);
    await publish(reader, "t", Buffer.alloc(40, "x"), { qos: 0 });
    await publish(reader, "t", Buffer.alloc(41, "y"), { qos: 0 });
    expect((await arrivals(reader)).map(({ payload }) => payload.length)).toEqual([40]);
  });

  test("of the client: a reason string is left out of a DISCONNECT that would be too large [MQTT-3.14.2-3]", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, {
      protocolVersion: 5,
      clientId: "c",
      properties: { maximumPacketSize: 20 },
    });
    broker.kick("c");
    const { reasonCode, properties } = await client.next("disconnect");
    expect([reasonCode, properties?.reasonString]).toEqual([0x98, undefined]);
  });

  test("of the client: a size of 0 is refused [3.1.2.11.4]", async () => {
    const { port } = startBroker();
    const { connack } = await rawConnected(port, { protocolVersion: 5, properties: { maximumPacketSize: 0 } });
    expect(connack.reasonCode).toBe(0x82);
  });

  test("of the broker: it is told, and a larger packet ends the connection with 0x95 [MQTT-3.2.2-15]", async () => {
    const { port } = startBroker({ limits: { packetBytes: 1000 } });
    const client = await rawConnected(port, { protocolVersion: 5 });
    expect(client.connack.properties?.maximumPacketSize).toBe(1000);
    await publish(client, "t", Buffer.alloc(900));
    client.send({ ...PUBLISH, messageId: 1, payload: Buffer.alloc(1000) });
    expect((await client.next("disconnect")).reasonCode).toBe(0x95);
    await client.closed();
  });
});

describe("topic aliases from the client (5.0)", () => {
  test("stand for their topic from then on, and can be given anew [MQTT-3.3.2-7]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "#", 0);
    const properties = { topicAlias: 1 };
    await publish(client, "a", "1", { properties });
    await publish(client, "", "2", { properties });
    await publish(client, "b", "3", { properties });
    await publish(client, "", "4", { properties });
    expect(await texts(client)).toEqual(["a=1", "a=2", "b=3", "b=4"]);
  });

  test("belong to their connection alone [MQTT-3.3.2-7]", async () => {
    const { port } = startBroker();
    const first = await rawConnected(port, { protocolVersion: 5 });
    await publish(first, "a", "1", { properties: { topicAlias: 1 } });
    const second = await rawConnected(port, { protocolVersion: 5 });
    second.send({ ...PUBLISH, topic: "", messageId: 1, properties: { topicAlias: 1 } });
    expect((await second.next("disconnect")).reasonCode).toBe(0x82);
    await second.closed();
  });

  test.each([0, 33, 65_535])("alias %d is refused with 0x94 [MQTT-3.3.2-8] [MQTT-3.3.2-9]", async (topicAlias) => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    expect(client.connack.properties?.topicAliasMaximum).toBe(32);
    client.send({ ...PUBLISH, messageId: 1, properties: { topicAlias } });
    expect((await client.next("disconnect")).reasonCode).toBe(0x94);
    await client.closed();
  });

  test("are not passed on [3.3.2.3.4]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "a", 1);
    await publish(client, "a", "1", { properties: { topicAlias: 3 } });
    expect((await arrivals(client))[0]).toMatchObject({ topic: "a" });
    await publish(client, "", "2", { properties: { topicAlias: 3 } });
    expect((await arrivals(client))[0]!.properties?.topicAlias).toBeUndefined();
  });
});

describe("topic aliases to the client (5.0)", () => {
  test("are used up to the number it takes [MQTT-3.1.2-26]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5, properties: { topicAliasMaximum: 2 } });
    await subscribe(client, "#", 1);
    for (const topic of ["a", "b", "c", "a", "b", "c"]) await publish(client, topic, topic.toUpperCase());
    const got = (await arrivals(client)).map(({ topic, payload, properties }) => [
      topic,
      `${payload}`,
      properties?.topicAlias,
    ]);
    expect(got).toEqual([
      ["a", "A", 1],
      ["b", "B", 2],
      ["c", "C", undefined],
      ["", "A", 1],
      ["", "B", 2],
      ["c", "C", undefined],
    ]);
  });

  test("are not used where it takes none [MQTT-3.1.2-27]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "#", 1);
    for (let i = 0; i < 2; i++) await publish(client, "a", "x");
    expect((await arrivals(client)).map(({ topic, properties }) => [topic, properties?.topicAlias])).toEqual([
      ["a", undefined],
      ["a", undefined],
    ]);
  });

  test("begin anew with each connection, also for what is sent again [MQTT-3.3.2-7]", async () => {
    const { port } = startBroker();
    const options = lasting(5, "s");
    const properties = { ...options.properties, topicAliasMaximum: 5 };
    const first = await rawConnected(port, { ...options, properties });
    await subscribe(first, "a", 1);
    for (const payload of ["1", "2"]) await publish(first, "a", payload);
    expect((await arrivals(first)).map(({ topic }) => topic)).toEqual(["a", ""]);
    first.send({ cmd: "disconnect" });
    await first.closed();
    const second = await rawConnected(port, { ...options, properties });
    expect((await arrivals(second)).map(({ topic, dup }) => [topic, dup])).toEqual([
      ["a", true],
      ["", true],
    ]);
    second.send({ cmd: "disconnect" });
    await second.closed();
    const third = await rawConnected(port, options);
    expect((await arrivals(third)).map(({ topic, dup }) => [topic, dup])).toEqual([
      ["a", true],
      ["a", true],
    ]);
  });

  test("a message that was too large for its client has not made its alias known", async () => {
    const { port } = startBroker();
    const properties = { topicAliasMaximum: 5, maximumPacketSize: 64 };
    const client = await rawConnected(port, { protocolVersion: 5, properties });
    await subscribe(client, "a", 1);
    await publish(client, "a", Buffer.alloc(100));
    await publish(client, "a", "x");
    expect((await arrivals(client)).map(({ topic }) => topic)).toEqual(["a"]);
  });

  test("a real client that takes aliases sees topics", async () => {
    const { port } = startBroker();
    const reader = await realConnect(port, { protocolVersion: 5, properties: { topicAliasMaximum: 2 } });
    await reader.client.subscribeAsync("#", { qos: 1 });
    const writer = await realConnect(port, {
      protocolVersion: 5,
      autoUseTopicAlias: true,
      autoAssignTopicAlias: true,
      properties: { topicAliasMaximum: 10 },
    });
    const topics = Array.from({ length: 60 }, (_, i) => `t/${i % 5}`);
    for (const topic of topics) await writer.client.publishAsync(topic, "x", { qos: 1 });
    expect((await reader.received(60)).map(({ topic }) => topic)).toEqual(topics);
  });
});

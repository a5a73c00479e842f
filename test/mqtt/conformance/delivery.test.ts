import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { until } from "../support/client";
import { arrivals, publish, subscribe, texts } from "../support/exchange";
import { rawConnected } from "../support/raw";

const QOS = [0, 1, 2] as const;
const LEVELS = [4, 5] as const;
const pairs = LEVELS.flatMap((from) => LEVELS.map((to) => [from, to] as const));

describe.each(pairs)("a publisher at level %d and a subscriber at level %d", (from, to) => {
  const granted = QOS.flatMap((published) =>
    QOS.map((asked) => [published, asked, Math.min(published, asked)] as const),
  );
  test.each(granted)(
    "published at QoS %d to QoS %d arrives at QoS %d [MQTT-3.8.4-8]",
    async (published, asked, qos) => {
      const { port } = startBroker();
      const reader = await rawConnected(port, { protocolVersion: to });
      expect(await subscribe(reader, "t/+", asked)).toEqual([asked]);
      const writer = await rawConnected(port, { protocolVersion: from });
      await publish(writer, "t/1", "payload", { qos: published });
      await until(() => reader.packets.length > 0, "the message");
      const [message, ...more] = await arrivals(reader);
      expect(message).toMatchObject({ topic: "t/1", qos, dup: false, retain: false });
      expect(message!.payload.toString()).toBe("payload");
      expect(message!.messageId !== undefined).toBe(qos > 0);
      expect(more).toEqual([]);
    },
  );

  test("an empty payload and one of 200 kB arrive as they were", async () => {
    const { port } = startBroker();
    const reader = await rawConnected(port, { protocolVersion: to });
    await subscribe(reader, "t", 1);
    const writer = await rawConnected(port, { protocolVersion: from });
    const large = Buffer.alloc(200_000, "0123456789");
    await publish(writer, "t", "");
    await publish(writer, "t", large);
    const [empty, long] = await arrivals(reader);
    expect(empty!.payload.length).toBe(0);
    expect(large.equals(long!.payload as Buffer)).toBe(true);
  });
});

describe.each(LEVELS)("QoS 1 at level %d", (level) => {
  test("is acknowledged with the same identifier, and one is free again after that [MQTT-2.2.1-5] [MQTT-4.3.2-5]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, "t", 0);
    for (let i = 0; i < 2; i++) {
      client.send({ cmd: "publish", topic: "t", payload: "x", qos: 1, messageId: 4711, dup: i > 0, retain: false });
      expect((await client.next("puback")).messageId).toBe(4711);
    }
    // With the PUBACK the identifier is free, whatever DUP says: both are messages of their own.
    expect(await texts(client)).toEqual(["t=x", "t=x"]);
  });

  test("DUP is not passed on [MQTT-3.3.1-3]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, "t", 2);
    for (const qos of [1, 2] as const) await publish(client, "t", "x", { qos, dup: true });
    expect((await arrivals(client)).map(({ dup }) => dup)).toEqual([false, false]);
  });

  test("a message that is not acknowledged is not repeated on the same connection [MQTT-4.4.0-1]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, "t", 1);
    await publish(client, "t", "x");
    expect((await arrivals(client)).length).toBe(1);
    await publish(client, "other", "y");
    expect(await arrivals(client)).toEqual([]);
  });
});

describe.each(LEVELS)("QoS 2 at level %d", (level) => {
  test("a repeated PUBLISH is confirmed again and delivered once [MQTT-4.3.3-10]", async () => {
    const { port } = startBroker();
    const reader = await rawConnected(port, { protocolVersion: level });
    await subscribe(reader, "t", 2);
    const writer = await rawConnected(port, { protocolVersion: level });
    for (const dup of [false, true, true]) {
      writer.send({ cmd: "publish", topic: "t", payload: "x", qos: 2, messageId: 9, dup, retain: false });
      expect((await writer.next("pubrec")).messageId).toBe(9);
    }
    expect(await texts(reader)).toEqual(["t=x"]);
  });

  test("PUBREL is confirmed by PUBCOMP, and the identifier is free for a new message [MQTT-4.3.3-11] [MQTT-4.3.3-12]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, "t", 0);
    for (const payload of ["first", "second"]) {
      client.send({ cmd: "publish", topic: "t", payload, qos: 2, messageId: 9, dup: false, retain: false });
      await client.next("pubrec");
      client.send({ cmd: "pubrel", messageId: 9 });
      expect((await client.next("pubcomp")).messageId).toBe(9);
    }
    expect(await texts(client)).toEqual(["t=first", "t=second"]);
  });

  test("a PUBREL for an unknown identifier is confirmed, with 0x92 in 5.0 [MQTT-4.3.3-11]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    client.send({ cmd: "pubrel", messageId: 77 });
    const pubcomp = await client.next("pubcomp");
    expect(pubcomp).toMatchObject({ messageId: 77, ...(level === 5 ? { reasonCode: 0x92 } : {}) });
  });

  test("the broker sends PUBREL for a PUBREC and is done at PUBCOMP [MQTT-4.3.3-4]", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level, clientId: "c" });
    await subscribe(client, "t", 2);
    await publish(client, "t", "x", { qos: 2 });
    const [message] = await arrivals(client);
    const messageId = message!.messageId!;
    client.send({ cmd: "pubrec", messageId });
    expect((await client.next("pubrel")).messageId).toBe(messageId);
    expect(broker.findClient("c")?.inflight).toBe(1);
    client.send({ cmd: "pubcomp", messageId });
    await until(() => broker.findClient("c")?.inflight === 0, "the end of the exchange");
  });

  test("a PUBREC for an unknown identifier is answered, with 0x92 in 5.0", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    client.send({ cmd: "pubrec", messageId: 77 });
    const pubrel = await client.next("pubrel");
    expect(pubrel).toMatchObject({ messageId: 77, ...(level === 5 ? { reasonCode: 0x92 } : {}) });
  });
});

test("a PUBREC with an error ends the exchange (5.0) [MQTT-4.3.3-4]", async () => {
  const { port, broker } = startBroker();
  const client = await rawConnected(port, { protocolVersion: 5, clientId: "c" });
  await subscribe(client, "t", 2);
  await publish(client, "t", "x", { qos: 2 });
  const [message] = await arrivals(client);
  client.send({ cmd: "pubrec", messageId: message!.messageId!, reasonCode: 0x83 });
  await until(() => broker.findClient("c")?.inflight === 0, "the end of the exchange");
  expect(client.packets.filter(({ cmd }) => cmd === "pubrel")).toEqual([]);
});

test("a message nobody has asked for is acknowledged with 0x10 (5.0) [3.4.2.1]", async () => {
  const { port } = startBroker();
  const client = await rawConnected(port, { protocolVersion: 5 });
  expect(await publish(client, "t", "x", { qos: 1 })).toBe(0x10);
  expect(await publish(client, "t", "x", { qos: 2 })).toBe(0x10);
  await subscribe(client, "t", 0);
  expect(await publish(client, "t", "x", { qos: 1 })).toBe(0);
});

describe("order", () => {
  test("messages of one topic and QoS come in the order in which they were sent [MQTT-4.6.0-6]", async () => {
    const { port } = startBroker();
    const reader = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(reader, "#", 2);
    const writer = await rawConnected(port);
    const COUNT = 300;
    for (let i = 1; i <= COUNT; i++) {
      const qos = QOS[i % 3]!;
      writer.send({
        cmd: "publish",
        topic: `t/${qos}`,
        payload: String(i),
        qos,
        messageId: i,
        dup: false,
        retain: false,
      });
    }
    await until(() => reader.packets.length === COUNT, "all messages");
    for (const qos of QOS) {
      const numbers = (await Promise.resolve(reader.packets))
        .filter((packet) => packet.cmd === "publish" && packet.qos === qos)
        .map((packet) => Number((packet as { payload: Buffer }).payload.toString()));
      expect(numbers).toEqual(Array.from({ length: COUNT }, (_, i) => i + 1).filter((i) => QOS[i % 3] === qos));
    }
  });

  test("acknowledgements come in the order of the messages [MQTT-4.6.0-2] [MQTT-4.6.0-3]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port);
    for (let i = 1; i <= 50; i++) {
      client.send({
        cmd: "publish",
        topic: "t",
        payload: "",
        qos: i % 2 === 0 ? 1 : 2,
        messageId: i,
        dup: false,
        retain: false,
      });
    }
    await until(() => client.packets.length === 50, "all acknowledgements");
    expect(client.packets.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });
});

describe.each(LEVELS)("overlapping filters at level %d", (level) => {
  test("bring a message once, at the highest of their QoS [MQTT-3.3.4-2]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, "t/+", 0);
    await subscribe(client, "t/#", 2);
    await subscribe(client, "#", 1);
    await publish(client, "t/1", "x", { qos: 2 });
    expect(await arrivals(client)).toMatchObject([{ topic: "t/1", qos: 2 }]);
  });
});

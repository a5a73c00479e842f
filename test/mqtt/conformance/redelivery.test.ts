import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { until } from "../support/client";
import { arrivals, lasting, lose, publish, subscribe, texts } from "../support/exchange";
import { rawConnected } from "../support/raw";

describe.each([4, 5] as const)("redelivery at level %d", (level) => {
  test("what was not acknowledged comes again, marked, under its identifiers and in its order [MQTT-4.4.0-1] [MQTT-3.3.1-1]", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(level, "r"));
    await subscribe(first, "t/#", 2);
    const writer = await rawConnected(port);
    for (let i = 0; i < 6; i++) await publish(writer, `t/${i}`, "x", { qos: i % 2 === 0 ? 1 : 2 });
    const before = await arrivals(first);
    first.send({ cmd: "puback", messageId: before[2]!.messageId! });
    first.send({ cmd: "pubrec", messageId: before[3]!.messageId! });
    await first.next("pubrel");
    await lose(broker, first);
    const second = await rawConnected(port, lasting(level, "r"));
    const again = await arrivals(second);
    const expected = before.filter((_, i) => i !== 2 && i !== 3);
    expect(again.map(({ topic, messageId, dup, qos }) => ({ topic, messageId, dup, qos }))).toEqual(
      expected.map(({ topic, messageId, qos }) => ({ topic, messageId, dup: true, qos })),
    );
    expect((await second.next("pubrel")).messageId).toBe(before[3]!.messageId!);
  });

  test("an exchange that was finished on the next connection is over [MQTT-4.3.3-12]", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(level, "r"));
    await subscribe(first, "t", 2);
    await publish(first, "t", "x", { qos: 2 });
    await arrivals(first);
    await lose(broker, first);
    const second = await rawConnected(port, lasting(level, "r"));
    const [message] = await arrivals(second);
    second.send({ cmd: "pubrec", messageId: message!.messageId! });
    await second.next("pubrel");
    second.send({ cmd: "pubcomp", messageId: message!.messageId! });
    await until(() => broker.findClient("r")?.inflight === 0, "the end of the exchange");
    await lose(broker, second);
    const third = await rawConnected(port, lasting(level, "r"));
    expect(await arrivals(third)).toEqual([]);
  });

  test("a QoS 2 message of the client's that was cut off before PUBREL is not delivered twice [MQTT-4.3.3-10]", async () => {
    const { port, broker } = startBroker();
    const reader = await rawConnected(port);
    await subscribe(reader, "t", 2);
    const packet = {
      cmd: "publish",
      topic: "t",
      payload: "x",
      qos: 2,
      messageId: 5,
      dup: false,
      retain: false,
    } as const;
    const first = await rawConnected(port, lasting(level, "w"));
    first.send(packet);
    await first.next("pubrec");
    await lose(broker, first);
    const second = await rawConnected(port, lasting(level, "w"));
    second.send({ ...packet, dup: true });
    await second.next("pubrec");
    second.send({ cmd: "pubrel", messageId: 5 });
    await second.next("pubcomp");
    expect(await texts(reader)).toEqual(["t=x"]);
  });

  test("a clean start forgets what was on its way [MQTT-3.1.2-4]", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(level, "r"));
    await subscribe(first, "t", 1);
    await publish(first, "t", "x");
    await lose(broker, first);
    const second = await rawConnected(port, { ...lasting(level, "r"), clean: true });
    expect(second.connack.sessionPresent).toBe(false);
    expect(await arrivals(second)).toEqual([]);
    expect(broker.findClient("r")).toMatchObject({ inflight: 0, queuedMessages: 0, subscriptions: [] });
  });
});

test("what was sent to a session at one level comes again to it at the other", async () => {
  const { port, broker } = startBroker();
  const first = await rawConnected(port, lasting(5, "r"));
  await subscribe(first, "t", 1);
  await publish(first, "t", "x", { properties: { contentType: "text/plain" } });
  await lose(broker, first);
  const second = await rawConnected(port, lasting(4, "r"));
  expect(await arrivals(second)).toMatchObject([{ topic: "t", dup: true, qos: 1 }]);
  await lose(broker, second);
  const third = await rawConnected(port, lasting(5, "r"));
  expect(await arrivals(third)).toMatchObject([{ topic: "t", properties: { contentType: "text/plain" } }]);
});

test("what has become too large for the client counts as delivered, and what follows it comes (5.0) [MQTT-3.1.2-25]", async () => {
  const { port, broker } = startBroker();
  const first = await rawConnected(port, lasting(5, "r"));
  await subscribe(first, "t/#", 2);
  const writer = await rawConnected(port);
  await publish(writer, "t/large", Buffer.alloc(500), { qos: 1 });
  await publish(writer, "t/large", Buffer.alloc(500), { qos: 2 });
  await publish(writer, "t/small", "x", { qos: 1 });
  await publish(writer, "t/small", "y", { qos: 1 });
  await lose(broker, first);
  const { properties } = lasting(5, "r");
  const narrow = { ...properties, maximumPacketSize: 100, receiveMaximum: 1 };
  const second = await rawConnected(port, { ...lasting(5, "r"), properties: narrow });
  // At QoS 2 the client may have seen it: the identifier is freed on both sides.
  const { messageId } = await second.next("pubrel");
  second.send({ cmd: "pubcomp", messageId: messageId! });
  for (const payload of ["x", "y"]) {
    const [message, ...more] = await arrivals(second);
    expect([`${message?.payload}`, more.length]).toEqual([payload, 0]);
    second.send({ cmd: "puback", messageId: message!.messageId! });
  }
  await until(() => broker.findClient("r")?.inflight === 0, "nothing in flight");
  expect(broker.stats().dropped.too_large).toBe(2);
});

test("more than the client's receive maximum is in flight: it is sent again bit by bit (5.0) [MQTT-3.3.4-9]", async () => {
  const { port, broker } = startBroker();
  const first = await rawConnected(port, lasting(5, "r"));
  await subscribe(first, "t", 1);
  const writer = await rawConnected(port);
  for (let i = 0; i < 5; i++) await publish(writer, "t", String(i));
  await lose(broker, first);
  for (let i = 5; i < 8; i++) await publish(writer, "t", String(i));
  const properties = { sessionExpiryInterval: 3600, receiveMaximum: 2 };
  const second = await rawConnected(port, { ...lasting(5, "r"), properties });
  const got: string[] = [];
  for (let batch = 0; batch < 4; batch++) {
    const messages = await arrivals(second);
    expect(messages.length).toBe(2);
    for (const { payload, messageId } of messages) {
      got.push(payload.toString());
      second.send({ cmd: "puback", messageId: messageId! });
    }
  }
  expect(got).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
});

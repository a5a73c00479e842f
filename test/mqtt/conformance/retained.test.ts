import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { connect as realConnect } from "../support/client";
import { arrivals, lasting, lose, publish, subscribe, texts } from "../support/exchange";
import { rawConnected } from "../support/raw";

const retain = { retain: true, qos: 1 } as const;

describe.each([4, 5] as const)("retained messages at level %d", (level) => {
  test("a new subscription gets the last one of each matching topic, marked as retained [MQTT-3.3.1-5] [MQTT-3.3.1-8]", async () => {
    const { port } = startBroker();
    const writer = await rawConnected(port, { protocolVersion: level });
    await publish(writer, "a/1", "old", retain);
    for (const qos of [0, 1, 2] as const) await publish(writer, `a/${qos}`, `new ${qos}`, { retain: true, qos });
    await publish(writer, "b", "not asked for", retain);
    const reader = await rawConnected(port, { protocolVersion: level });
    await subscribe(reader, "a/+", 1);
    const got = (await arrivals(reader)).map(({ topic, payload, qos, retain }) => [topic, `${payload}`, qos, retain]);
    expect(got.sort()).toEqual([
      ["a/0", "new 0", 0, true],
      ["a/1", "new 1", 1, true],
      ["a/2", "new 2", 1, true],
    ]);
  });

  test("they come after the SUBACK, also to a session that was there", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(level, "s"));
    await publish(first, "a", "x", retain);
    await lose(broker, first);
    const second = await rawConnected(port, lasting(level, "s"));
    second.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "a", qos: 1 }] });
    await second.next("publish");
    expect(second.packets.map(({ cmd }) => cmd)).toEqual(["suback"]);
  });

  test("an established subscription gets it without the mark [MQTT-3.3.1-12]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, "a", 1);
    await publish(client, "a", "x", retain);
    expect(await arrivals(client)).toMatchObject([{ topic: "a", retain: false }]);
  });

  test("an empty payload clears the topic and is itself delivered, and not kept [MQTT-3.3.1-6] [MQTT-3.3.1-7]", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await publish(client, "a", "x", retain);
    await subscribe(client, "a", 1, { rh: 2 });
    await arrivals(client);
    await publish(client, "a", "", retain);
    expect(await arrivals(client)).toMatchObject([{ topic: "a", retain: false }]);
    expect(broker.stats()).toMatchObject({ retainedMessages: 0, retainedBytes: 0 });
    const late = await rawConnected(port, { protocolVersion: level });
    await subscribe(late, "#", 1);
    expect(await arrivals(late)).toEqual([]);
  });

  test("a message without the flag changes nothing [MQTT-3.3.1-8 of 5.0, 3.3.1-12 of 3.1.1]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await publish(client, "a", "kept", retain);
    await publish(client, "a", "passing");
    await publish(client, "a", "");
    await subscribe(client, "a", 1);
    expect(await texts(client)).toEqual(["a=kept"]);
  });

  test("they outlast their publisher's session [3.1.2.4]", async () => {
    const { port, broker } = startBroker();
    const writer = await rawConnected(port, { protocolVersion: level });
    await publish(writer, "a", "x", retain);
    await lose(broker, writer);
    const reader = await rawConnected(port, { protocolVersion: level });
    await subscribe(reader, "#", 1);
    expect(await texts(reader)).toEqual(["a=x"]);
  });

  test("each of several filters in one SUBSCRIBE brings its own [MQTT-3.8.4-5]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await publish(client, "a", "1", retain);
    await publish(client, "b", "2", retain);
    await subscribe(client, ["a", "b", "+"], 1);
    expect((await texts(client)).sort()).toEqual(["a=1", "a=1", "b=2", "b=2"]);
  });

  test("subscribing again brings it again [MQTT-3.8.4-4]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await publish(client, "a", "1", retain);
    for (let i = 0; i < 2; i++) {
      await subscribe(client, "a", 1);
      expect(await texts(client)).toEqual(["a=1"]);
    }
  });

  test("the parent level is matched by a/# as well, and a sibling is not", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    for (const topic of ["a", "a/b", "a/b/c", "ab", "/a"]) await publish(client, topic, "x", retain);
    await subscribe(client, "a/#", 1);
    expect((await arrivals(client)).map(({ topic }) => topic).sort()).toEqual(["a", "a/b", "a/b/c"]);
  });
});

describe("retain handling (5.0)", () => {
  const cases: [rh: 0 | 1 | 2, first: number, again: number, clause: string][] = [
    [0, 1, 1, "MQTT-3.3.1-9"],
    [1, 1, 0, "MQTT-3.3.1-10"],
    [2, 0, 0, "MQTT-3.3.1-11"],
  ];
  test.each(cases)(
    "%d: %d message for a new subscription, %d for one that was there [%s]",
    async (rh, first, again) => {
      const { port } = startBroker();
      const client = await rawConnected(port, { protocolVersion: 5 });
      await publish(client, "a", "x", retain);
      await subscribe(client, "a", 1, { rh });
      expect((await arrivals(client)).length).toBe(first);
      await subscribe(client, "a", 1, { rh });
      expect((await arrivals(client)).length).toBe(again);
    },
  );
});

test("retain handling 1 counts a subscription as new after it was given up (5.0) [MQTT-3.3.1-10]", async () => {
  const { port } = startBroker();
  const client = await rawConnected(port, { protocolVersion: 5 });
  await publish(client, "t", "x", retain);
  for (const expected of [["t=x"], []]) {
    await subscribe(client, "t", 1, { rh: 1 });
    expect(await texts(client)).toEqual(expected);
  }
  client.send({ cmd: "unsubscribe", messageId: 3, unsubscriptions: ["t"] });
  await client.next("unsuback");
  await subscribe(client, ["t", "t"], 1, { rh: 1 });
  expect(await texts(client)).toEqual(["t=x"]);
});

test("one of QoS 0 takes the place of one of QoS 2, and comes as such [MQTT-3.3.1-5]", async () => {
  const { port } = startBroker();
  const client = await rawConnected(port, { protocolVersion: 5 });
  await publish(client, "t", "2", { retain: true, qos: 2 });
  await publish(client, "t", "0", { retain: true, qos: 0 });
  await subscribe(client, "t", 2);
  const got = await arrivals(client);
  expect(got.map(({ payload, qos }) => [payload.toString(), qos])).toEqual([["0", 0]]);
});

test("retain as published keeps the flag as it came (5.0) [MQTT-3.3.1-13]", async () => {
  const { port } = startBroker();
  const client = await rawConnected(port, { protocolVersion: 5 });
  await subscribe(client, "a", 1, { rap: true });
  await publish(client, "a", "x", retain);
  await publish(client, "a", "y");
  expect((await arrivals(client)).map(({ retain }) => retain)).toEqual([true, false]);
});

test("a shared subscription gets no retained messages (5.0) [4.8.2]", async () => {
  const { port } = startBroker();
  const client = await rawConnected(port, { protocolVersion: 5 });
  await publish(client, "a", "x", retain);
  await subscribe(client, "$share/g/a", 1);
  expect(await arrivals(client)).toEqual([]);
});

test("no local holds for what is retained too (5.0) [MQTT-3.8.3-3]", async () => {
  const { port } = startBroker();
  const client = await rawConnected(port, { protocolVersion: 5 });
  await publish(client, "mine", "x", retain);
  const other = await rawConnected(port, { protocolVersion: 5 });
  await publish(other, "theirs", "y", retain);
  await subscribe(client, "+", 1, { nl: true });
  expect(await texts(client)).toEqual(["theirs=y"]);
});

test("properties are retained with the message (5.0) [MQTT-3.3.2-17]", async () => {
  const { port } = startBroker();
  const client = await rawConnected(port, { protocolVersion: 5 });
  const properties = { contentType: "text/plain", userProperties: { a: ["1", "2"] } };
  await publish(client, "a", "x", { ...retain, properties });
  await subscribe(client, "a", 1, { identifier: 9 });
  expect((await arrivals(client))[0]!.properties).toMatchObject({ ...properties, subscriptionIdentifier: 9 });
});

test("a retained message of 5.0 reaches a 3.1.1 client, and the other way round", async () => {
  const { port } = startBroker();
  const old = await realConnect(port, { protocolVersion: 4 });
  const modern = await realConnect(port, { protocolVersion: 5 });
  await old.client.publishAsync("from/old", "1", { qos: 1, retain: true });
  await modern.client.publishAsync("from/new", "2", { qos: 1, retain: true, properties: { contentType: "x" } });
  for (const { client, received } of [old, modern]) {
    await client.subscribeAsync("from/+", { qos: 1 });
    const got = await received(2);
    expect(got.map(({ topic, payload, packet }) => [topic, payload, packet.retain]).sort()).toEqual([
      ["from/new", "2", true],
      ["from/old", "1", true],
    ]);
  }
});

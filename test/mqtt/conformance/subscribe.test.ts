import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { connect as realConnect, until } from "../support/client";
import { arrivals, lasting, lose, publish, subscribe, texts } from "../support/exchange";
import { rawConnected } from "../support/raw";

describe.each([4, 5] as const)("SUBSCRIBE at level %d", (level) => {
  test("is answered under its identifier with one code per filter, in their order [MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.9.3-1]", async () => {
    const { port } = startBroker({ authorize: (_identity, _action, topic) => topic !== "secret" });
    const client = await rawConnected(port, { protocolVersion: level });
    client.send({
      cmd: "subscribe",
      messageId: 65_535,
      subscriptions: [
        { topic: "a", qos: 2 },
        { topic: "secret", qos: 1 },
        { topic: "b", qos: 0 },
        { topic: "c", qos: 1 },
      ],
    });
    const suback = await client.next("suback");
    expect(suback.messageId).toBe(65_535);
    expect(suback.granted).toEqual([2, level === 5 ? 0x87 : 0x80, 0, 1]);
  });

  test("a filter that failed brings nothing [MQTT-3.8.4-5]", async () => {
    const { port } = startBroker({ authorize: (_identity, action) => action !== "subscribe" });
    const client = await rawConnected(port, { protocolVersion: level });
    expect(await subscribe(client, "t", 1)).toEqual([level === 5 ? 0x87 : 0x80]);
    await publish(client, "t", "x");
    expect(await arrivals(client)).toEqual([]);
  });

  test("the same filter again replaces the subscription [MQTT-3.8.4-3]", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level, clientId: "c" });
    await subscribe(client, "t", 2);
    await subscribe(client, "t", 0);
    await publish(client, "t", "x", { qos: 2 });
    expect(await arrivals(client)).toMatchObject([{ qos: 0 }]);
    expect(broker.findClient("c")?.subscriptions).toEqual([{ filter: "t", qos: 0 }]);
  });

  test("to many filters at once takes effect for each [MQTT-3.8.4-5]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    const filters = Array.from({ length: 500 }, (_, i) => `t/${i}`);
    expect(await subscribe(client, filters, 1)).toEqual(new Array(500).fill(1));
    await publish(client, "t/0", "x");
    await publish(client, "t/499", "y");
    expect(await texts(client)).toEqual(["t/0=x", "t/499=y"]);
  });
});

describe.each([4, 5] as const)("UNSUBSCRIBE at level %d", (level) => {
  test("ends the delivery and is answered under its identifier [MQTT-3.10.4-2] [MQTT-3.10.4-4]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, ["a", "b", "c/#"], 1);
    client.send({ cmd: "unsubscribe", messageId: 77, unsubscriptions: ["a", "c/#"] });
    expect((await client.next("unsuback")).messageId).toBe(77);
    for (const topic of ["a", "b", "c/1"]) await publish(client, topic, "x");
    expect(await texts(client)).toEqual(["b=x"]);
  });

  test("compares filters letter by letter, and answers where there was none [MQTT-3.10.4-1] [MQTT-3.10.4-5]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, ["a/+", "a/#"], 1);
    client.send({ cmd: "unsubscribe", messageId: 5, unsubscriptions: ["a/b", "a/+", "a/+", "A/#"] });
    const unsuback = await client.next("unsuback");
    if (level === 5) expect(unsuback.granted).toEqual([0x11, 0, 0x11, 0x11]);
    await publish(client, "a", "x");
    await publish(client, "a/b", "y");
    expect(await texts(client)).toEqual(["a=x", "a/b=y"]);
  });

  test("what is on its way arrives [MQTT-3.10.4-3]", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, { ...lasting(level, "c") });
    await subscribe(client, "t", 2);
    await publish(client, "t", "x", { qos: 2 });
    const [message] = await arrivals(client);
    client.send({ cmd: "unsubscribe", messageId: 5, unsubscriptions: ["t"] });
    await client.next("unsuback");
    await lose(broker, client);
    const again = await rawConnected(port, lasting(level, "c"));
    expect(await arrivals(again)).toMatchObject([{ messageId: message!.messageId!, dup: true }]);
    again.send({ cmd: "pubrec", messageId: message!.messageId! });
    await again.next("pubrel");
    again.send({ cmd: "pubcomp", messageId: message!.messageId! });
    await until(() => broker.findClient("c")?.inflight === 0, "the end of the exchange");
  });
});

describe("subscription options (5.0)", () => {
  test("no local keeps one's own messages away [MQTT-3.8.3-3]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    const other = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "t", 1, { nl: true });
    await publish(client, "t", "mine");
    await publish(other, "t", "theirs");
    expect(await texts(client)).toEqual(["t=theirs"]);
  });

  test("no local is a matter of the client identifier, so it holds after a new connection", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(5, "c"));
    await subscribe(first, "t", 1, { nl: true });
    await lose(broker, first);
    const second = await rawConnected(port, lasting(5, "c"));
    await publish(second, "t", "mine");
    expect(await arrivals(second)).toEqual([]);
  });

  test("no local of one of two overlapping filters does not keep away what the other asks for", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "t/+", 1, { nl: true });
    await subscribe(client, "t/#", 0);
    await publish(client, "t/1", "x");
    expect((await arrivals(client)).length).toBe(1);
  });

  test("no local on a shared subscription is an error [MQTT-3.8.3-4]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    const subscriptions = [{ topic: "$share/g/t", qos: 1 as const, nl: true, rap: false, rh: 0 as const }];
    client.send({ cmd: "subscribe", messageId: 1, subscriptions });
    expect((await client.next("disconnect")).reasonCode).toBe(0x82);
    await client.closed();
  });
});

describe("subscription identifiers (5.0)", () => {
  test("come with the message [MQTT-3.3.4-3]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "t", 1, { identifier: 1 });
    await subscribe(client, "u", 1, { identifier: 268_435_455 });
    await subscribe(client, "v", 1);
    for (const topic of ["t", "u", "v"]) await publish(client, topic, "x");
    const got = (await arrivals(client)).map(({ properties }) => properties?.subscriptionIdentifier);
    expect(got).toEqual([1, 268_435_455, undefined]);
  });

  test("of all overlapping filters come with the one copy [MQTT-3.3.4-4]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "t/+", 1, { identifier: 10 });
    await subscribe(client, "t/#", 2, { identifier: 20 });
    await subscribe(client, "#", 0);
    await publish(client, "t/1", "x", { qos: 2 });
    const [message, ...more] = await arrivals(client);
    expect([message!.properties!.subscriptionIdentifier].flat().sort()).toEqual([10, 20]);
    expect([message!.qos, more.length]).toEqual([2, 0]);
  });

  test("are replaced with their subscription [3.8.2.1.2]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    for (const identifier of [1, 2, undefined]) {
      await subscribe(client, "t", 1, identifier === undefined ? {} : { identifier });
      await publish(client, "t", "x");
      expect((await arrivals(client))[0]!.properties?.subscriptionIdentifier).toEqual(identifier);
    }
  });

  test("of a subscription that survived come with what waited for it", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(5, "s"));
    await subscribe(first, "t", 1, { identifier: 7 });
    await lose(broker, first);
    await publish(await rawConnected(port), "t", "x");
    const [message] = await arrivals(await rawConnected(port, lasting(5, "s")));
    expect(message!.properties?.subscriptionIdentifier).toBe(7);
  });

  test("in a PUBLISH from a client are an error [MQTT-3.3.4-6]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    client.send(new Uint8Array([0x30, 6, 0, 1, 0x74, 2, 0x0b, 1]));
    expect((await client.next("disconnect")).reasonCode).toBe(0x82);
    await client.closed();
  });
});

describe("shared subscriptions (5.0)", () => {
  test("each message goes to one member, and all members get some [4.8.2]", async () => {
    const { port } = startBroker();
    const members = [];
    for (let i = 0; i < 3; i++) {
      const member = await rawConnected(port, { protocolVersion: 5 });
      await subscribe(member, "$share/group/t/+", 1);
      members.push(member);
    }
    const writer = await rawConnected(port);
    for (let i = 0; i < 30; i++) await publish(writer, "t/1", String(i));
    const got = await Promise.all(members.map(texts));
    expect(got.flat().sort()).toEqual(Array.from({ length: 30 }, (_, i) => `t/1=${i}`).sort());
    for (const share of got) expect(share.length).toBe(10);
  });

  test("groups and plain subscriptions do not share with each other [MQTT-4.8.2-1]", async () => {
    const { port } = startBroker();
    const filters = ["$share/a/t", "$share/b/t", "t"];
    const clients = [];
    for (const filter of filters) {
      const client = await rawConnected(port, { protocolVersion: 5 });
      await subscribe(client, filter, 1);
      clients.push(client);
    }
    await publish(clients[0]!, "t", "x");
    for (const client of clients) expect(await texts(client)).toEqual(["t=x"]);
  });

  test("one client may have both a share and the whole [4.8.2]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "$share/g/t", 1, { identifier: 1 });
    await subscribe(client, "t", 1, { identifier: 2 });
    await publish(client, "t", "x");
    const got = (await arrivals(client)).map(({ properties }) => properties!.subscriptionIdentifier);
    expect(got.sort()).toEqual([1, 2]);
  });

  test("each member's own QoS holds [MQTT-4.8.2-3]", async () => {
    const { port } = startBroker();
    const low = await rawConnected(port, { protocolVersion: 5 });
    const high = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(low, "$share/g/t", 0);
    await subscribe(high, "$share/g/t", 2);
    for (let i = 0; i < 2; i++) await publish(low, "t", "x", { qos: 2 });
    expect([(await arrivals(low))[0]!.qos, (await arrivals(high))[0]!.qos]).toEqual([0, 2]);
  });

  test("a member that is gone gets no more, and one that is away gets only what nobody there can take", async () => {
    const { port, broker } = startBroker();
    const away = await rawConnected(port, lasting(5, "away"));
    const gone = await rawConnected(port, { protocolVersion: 5 });
    const there = await rawConnected(port, { protocolVersion: 5 });
    for (const member of [away, gone, there]) await subscribe(member, "$share/g/t", 1);
    await lose(broker, away);
    await lose(broker, gone);
    const writer = await rawConnected(port);
    for (let i = 0; i < 4; i++) await publish(writer, "t", String(i));
    const taken = await arrivals(there);
    expect(taken.map(({ payload }) => payload.toString())).toEqual(["0", "1", "2", "3"]);
    for (const { messageId } of taken) there.send({ cmd: "puback", messageId: messageId! });
    expect(await arrivals(there)).toEqual([]);
    await lose(broker, there);
    await publish(writer, "t", "4");
    expect(await texts(await rawConnected(port, lasting(5, "away")))).toEqual(["t=4"]);
  });

  test("the same name with another filter is another group [4.8.2]", async () => {
    const { port } = startBroker();
    const first = await rawConnected(port, { protocolVersion: 5 });
    const second = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(first, "$share/g/t/#", 1);
    await subscribe(second, "$share/g/t/+", 1);
    await publish(first, "t/1", "x");
    expect(await texts(first)).toEqual(["t/1=x"]);
    expect(await texts(second)).toEqual(["t/1=x"]);
  });

  test("unsubscribing takes the shared filter as it was given [MQTT-3.10.4-1]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(client, "$share/g/t", 1);
    client.send({ cmd: "unsubscribe", messageId: 5, unsubscriptions: ["t", "$share/g/t"] });
    expect((await client.next("unsuback")).granted).toEqual([0x11, 0]);
    await publish(client, "t", "x");
    expect(await arrivals(client)).toEqual([]);
  });

  test.each(["$share/g", "$share//t", "$share/g/", "$share/+/t", "$share/g#/t"])(
    "%p is refused [MQTT-4.8.2-1] [MQTT-4.8.2-2]",
    async (filter) => {
      const { port } = startBroker();
      const client = await rawConnected(port, { protocolVersion: 5 });
      client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: filter, qos: 1 }] });
      expect((await client.next("disconnect")).reasonCode).toBe(0x81);
      await client.closed();
    },
  );
});

test("a real client reads the refusal of its subscription in both versions", async () => {
  const { port } = startBroker({ authorize: (_identity, action) => action !== "subscribe" });
  for (const protocolVersion of [4, 5] as const) {
    const { client } = await realConnect(port, { protocolVersion });
    const error = await client
      .subscribeAsync("t", { qos: 1 })
      .catch((reason: { packet?: { granted: number[] } }) => reason);
    expect(error).toMatchObject({ packet: { granted: [protocolVersion === 5 ? 0x87 : 0x80] } });
  }
});

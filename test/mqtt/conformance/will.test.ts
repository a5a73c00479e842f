import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { connect as realConnect, until } from "../support/client";
import { arrivals, brokerClock, lasting, lose, publish, subscribe, texts } from "../support/exchange";
import { type RawClient, rawConnected } from "../support/raw";

const SECOND_MS = 1000;

function willOf(delaySeconds?: number, more: object = {}) {
  const properties = delaySeconds === undefined ? {} : { properties: { willDelayInterval: delaySeconds } };
  return {
    will: { topic: "will", payload: Buffer.from("gone"), qos: 1 as const, retain: false, ...properties, ...more },
  };
}

async function watcherOf(port: number): Promise<RawClient> {
  const watcher = await rawConnected(port);
  await subscribe(watcher, "will", 2);
  return watcher;
}

describe.each([4, 5] as const)("a will at level %d", (level) => {
  const base = { protocolVersion: level };

  test("is published when the connection breaks [MQTT-3.1.2-8]", async () => {
    const { port, broker } = startBroker();
    const watcher = await watcherOf(port);
    await lose(broker, await rawConnected(port, { ...base, ...willOf() }));
    expect(await texts(watcher)).toEqual(["will=gone"]);
  });

  test("is published when the keep-alive runs out [MQTT-3.1.2-8]", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const watcher = await watcherOf(port);
    await rawConnected(port, { ...base, ...willOf(), keepalive: 10 });
    clock.advance(16 * SECOND_MS);
    expect(broker.stats().connections).toBe(1);
    expect(await texts(watcher)).toEqual(["will=gone"]);
  });

  test("is published when the client breaks a rule", async () => {
    const { port } = startBroker();
    const watcher = await watcherOf(port);
    const client = await rawConnected(port, { ...base, ...willOf() });
    client.send(new Uint8Array([0, 0]));
    await client.closed();
    expect(await texts(watcher)).toEqual(["will=gone"]);
  });

  test("is not published after DISCONNECT [MQTT-3.14.4-3]", async () => {
    const { port } = startBroker();
    const watcher = await watcherOf(port);
    const client = await rawConnected(port, { ...base, ...willOf() });
    client.send({ cmd: "disconnect" });
    await client.closed();
    expect(await arrivals(watcher)).toEqual([]);
  });

  test("is published once, whatever becomes of the session later [MQTT-3.1.2-10]", async () => {
    const { port, broker } = startBroker();
    const watcher = await watcherOf(port);
    await lose(broker, await rawConnected(port, { ...lasting(level, "c"), ...willOf() }));
    await lose(broker, await rawConnected(port, lasting(level, "c")));
    expect(await texts(watcher)).toEqual(["will=gone"]);
  });

  test("is published when another connection takes over", async () => {
    const { port } = startBroker();
    const watcher = await watcherOf(port);
    await rawConnected(port, { ...lasting(level, "c"), ...willOf() });
    await rawConnected(port, lasting(level, "c"));
    expect(await texts(watcher)).toEqual(["will=gone"]);
  });

  test.each([0, 1, 2] as const)("has QoS %d as it was asked for, and is not retained [MQTT-3.1.2-14]", async (qos) => {
    const { port, broker } = startBroker();
    const watcher = await watcherOf(port);
    await lose(broker, await rawConnected(port, { ...base, ...willOf(undefined, { qos }) }));
    await until(() => watcher.packets.length > 0, "the will");
    expect(await arrivals(watcher)).toMatchObject([{ qos, retain: false }]);
    expect(broker.stats().retainedMessages).toBe(0);
  });

  test("is retained where that was asked for [MQTT-3.1.2-15]", async () => {
    const { port, broker } = startBroker();
    await lose(broker, await rawConnected(port, { ...base, ...willOf(undefined, { retain: true }) }));
    const watcher = await watcherOf(port);
    expect(await arrivals(watcher)).toMatchObject([{ topic: "will", retain: true }]);
  });

  test("may be empty", async () => {
    const { port, broker } = startBroker();
    const watcher = await watcherOf(port);
    await lose(broker, await rawConnected(port, { ...base, ...willOf(undefined, { payload: Buffer.alloc(0) }) }));
    expect(await texts(watcher)).toEqual(["will="]);
  });
});

describe("a delayed will (5.0)", () => {
  test("is published when its delay is over, and not before [MQTT-3.1.3-9]", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const watcher = await watcherOf(port);
    await lose(broker, await rawConnected(port, { ...lasting(5, "c"), ...willOf(20) }));
    clock.advance(19 * SECOND_MS);
    expect(await arrivals(watcher)).toEqual([]);
    clock.advance(2 * SECOND_MS);
    expect(await texts(watcher)).toEqual(["will=gone"]);
  });

  test("is published with the end of the session where that is sooner", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const watcher = await watcherOf(port);
    await lose(broker, await rawConnected(port, { ...lasting(5, "c", 5), ...willOf(20) }));
    clock.advance(4 * SECOND_MS);
    expect(await arrivals(watcher)).toEqual([]);
    clock.advance(2 * SECOND_MS);
    expect(await texts(watcher)).toEqual(["will=gone"]);
    expect(broker.findClient("c")).toBeNull();
  });

  test("is published at once where the session ends with its connection", async () => {
    const { port, broker } = startBroker({ clock: brokerClock() });
    const watcher = await watcherOf(port);
    await lose(broker, await rawConnected(port, { protocolVersion: 5, ...willOf(20) }));
    expect(await texts(watcher)).toEqual(["will=gone"]);
  });

  test("is not published when the client is back in time [MQTT-3.1.3-9]", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const watcher = await watcherOf(port);
    await lose(broker, await rawConnected(port, { ...lasting(5, "c"), ...willOf(20) }));
    clock.advance(10 * SECOND_MS);
    await rawConnected(port, { ...lasting(5, "c"), ...willOf(20) });
    clock.advance(60 * SECOND_MS);
    expect(await arrivals(watcher)).toEqual([]);
  });

  test("is published when the client is back with a clean start, which ends the session", async () => {
    const { port, broker } = startBroker({ clock: brokerClock() });
    const watcher = await watcherOf(port);
    await lose(broker, await rawConnected(port, { ...lasting(5, "c"), ...willOf(20) }));
    await rawConnected(port, { protocolVersion: 5, clientId: "c", clean: true });
    expect(await texts(watcher)).toEqual(["will=gone"]);
  });

  test("survives a second connection that breaks as that one's will", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const watcher = await watcherOf(port);
    await lose(broker, await rawConnected(port, { ...lasting(5, "c"), ...willOf(20) }));
    await lose(
      broker,
      await rawConnected(port, { ...lasting(5, "c"), ...willOf(40, { payload: Buffer.from("later") }) }),
    );
    clock.advance(30 * SECOND_MS);
    expect(await arrivals(watcher)).toEqual([]);
    clock.advance(11 * SECOND_MS);
    expect(await texts(watcher)).toEqual(["will=later"]);
  });
});

test("a delayed will of a session that a clean start has ended is not taken for the next one (5.0)", async () => {
  const { port, broker } = startBroker({ clock: brokerClock() });
  const watcher = await watcherOf(port);
  await lose(broker, await rawConnected(port, { ...lasting(5, "c"), ...willOf(30) }));
  const next = { ...lasting(5, "c"), clean: true, ...willOf(0, { payload: Buffer.from("next") }) };
  const second = await rawConnected(port, next);
  expect(await texts(watcher)).toEqual(["will=gone"]);
  await lose(broker, second);
  expect(await texts(watcher)).toEqual(["will=next"]);
});

describe("DISCONNECT with a reason (5.0)", () => {
  test("0x04 and the end of the session bring a delayed will at once [3.1.3.2.2]", async () => {
    const { port } = startBroker({ clock: brokerClock() });
    const watcher = await watcherOf(port);
    const client = await rawConnected(port, { ...lasting(5, "c"), ...willOf(30) });
    client.send({ cmd: "disconnect", reasonCode: 4, properties: { sessionExpiryInterval: 0 } });
    await client.closed();
    expect(await texts(watcher)).toEqual(["will=gone"]);
  });

  test("0x04 asks for the will [3.14.2.1]", async () => {
    const { port } = startBroker();
    const watcher = await watcherOf(port);
    const client = await rawConnected(port, { protocolVersion: 5, ...willOf() });
    client.send({ cmd: "disconnect", reasonCode: 4 });
    await client.closed();
    expect(await texts(watcher)).toEqual(["will=gone"]);
  });

  test.each([0x80, 0x81, 0x99])(
    "%d is no normal end, so the will is published [MQTT-3.1.2-8] [MQTT-3.14.4-3]",
    async (reasonCode) => {
      const { port } = startBroker();
      const watcher = await watcherOf(port);
      const client = await rawConnected(port, { protocolVersion: 5, ...willOf() });
      client.send({ cmd: "disconnect", reasonCode });
      await client.closed();
      expect(await texts(watcher)).toEqual(["will=gone"]);
    },
  );
});

test("a will has properties like any message (5.0) [3.1.3.2]", async () => {
  const clock = brokerClock();
  const { port, broker } = startBroker({ clock });
  const watcher = await rawConnected(port, { protocolVersion: 5 });
  await subscribe(watcher, "will", 1);
  const properties = {
    willDelayInterval: 5,
    payloadFormatIndicator: true,
    messageExpiryInterval: 100,
    contentType: "text/plain",
    responseTopic: "answer/here",
    correlationData: Buffer.from([1, 2, 3]),
    userProperties: { a: ["1", "2"], b: "3" },
  };
  await lose(broker, await rawConnected(port, { ...lasting(5, "c"), ...willOf(undefined, { properties }) }));
  clock.advance(6 * SECOND_MS);
  const { willDelayInterval, ...forwarded } = properties;
  const [message] = await arrivals(watcher);
  expect(message!.properties).toEqual(forwarded);
});

test("a will to a topic that is none is refused at CONNECT", async () => {
  const { port, broker } = startBroker();
  for (const topic of ["a/#", "a/+/b"]) {
    const will = { topic, payload: Buffer.from("x"), qos: 0 as const, retain: false };
    const error = await rawConnected(port, { protocolVersion: 5, will }).then(
      ({ connack }) => connack.reasonCode,
      (reason: Error) => reason.message,
    );
    expect(error, topic).toBe(0x81);
  }
  expect(broker.stats().sessions).toBe(0);
});

test("wills of one version reach clients of the other", async () => {
  const { port } = startBroker();
  const will = { topic: "will", payload: Buffer.from("gone"), qos: 2 as const, retain: false };
  for (const [doomed, watching] of [
    [4, 5],
    [5, 4],
  ] as const) {
    const watcher = await realConnect(port, { protocolVersion: watching });
    await watcher.client.subscribeAsync("will", { qos: 2 });
    (await realConnect(port, { protocolVersion: doomed, will })).cut();
    expect((await watcher.received(1))[0]).toMatchObject({ payload: "gone", packet: { qos: 2 } });
    await watcher.end();
  }
});

test("a client that says goodbye and asks for a longer session keeps it (5.0) [3.14.2.2.2]", async () => {
  const clock = brokerClock();
  const { port, broker } = startBroker({ clock });
  const client = await rawConnected(port, lasting(5, "c", 10));
  client.send({ cmd: "disconnect", reasonCode: 0, properties: { sessionExpiryInterval: 100 } });
  await client.closed();
  clock.advance(50 * SECOND_MS);
  expect(broker.findClient("c")).not.toBeNull();
  clock.advance(51 * SECOND_MS);
  expect(broker.findClient("c")).toBeNull();
  await publish(await rawConnected(port), "t", "x");
});

import { describe, expect, test } from "bun:test";
import { startBroker } from "./support/broker";
import { connect, until } from "./support/client";

describe.each([4, 5] as const)("the mqtt client at protocol level %d", (protocolVersion) => {
  test.each([0, 1, 2] as const)("publishes and receives at QoS %d", async (qos) => {
    const { port } = startBroker();
    const subscriber = await connect(port, { protocolVersion });
    const publisher = await connect(port, { protocolVersion });
    await subscriber.client.subscribeAsync("a/+/c", { qos });
    for (let i = 0; i < 100; i++) await publisher.client.publishAsync("a/b/c", `message ${i}`, { qos });
    const arrived = await subscriber.received(100);
    expect(arrived.map(({ payload }) => payload)).toEqual(Array.from({ length: 100 }, (_, i) => `message ${i}`));
    expect(arrived.every(({ packet }) => packet.qos === qos && !packet.retain && !packet.dup)).toBe(true);
  });

  test("gets a retained message when it subscribes, and none after it was cleared", async () => {
    const { port } = startBroker();
    const publisher = await connect(port, { protocolVersion });
    await publisher.client.publishAsync("state/x", "on", { qos: 1, retain: true });
    const early = await connect(port, { protocolVersion });
    await early.client.subscribeAsync("state/#", { qos: 1 });
    expect((await early.received(1))[0]).toMatchObject({ topic: "state/x", payload: "on", packet: { retain: true } });
    await publisher.client.publishAsync("state/x", "", { qos: 1, retain: true });
    const late = await connect(port, { protocolVersion });
    await late.client.subscribeAsync("state/#", { qos: 1 });
    await publisher.client.publishAsync("state/y", "end", { qos: 1 });
    expect((await late.received(1))[0]).toMatchObject({ topic: "state/y" });
  });

  test("finds what was sent while it was away", async () => {
    const { port, broker } = startBroker();
    const options = {
      protocolVersion,
      clientId: "sleeper",
      clean: false,
      ...(protocolVersion === 5 ? { properties: { sessionExpiryInterval: 60 } } : {}),
    };
    const first = await connect(port, options);
    await first.client.subscribeAsync("night", { qos: 2 });
    await first.end();
    await until(() => broker.stats().connections === 0, "the end of the connection");
    const publisher = await connect(port, { protocolVersion });
    for (const qos of [1, 2] as const) await publisher.client.publishAsync("night", `qos ${qos}`, { qos });
    const second = await connect(port, options);
    expect(second.sessionPresent).toBe(true);
    expect((await second.received(2)).map(({ payload }) => payload)).toEqual(["qos 1", "qos 2"]);
  });

  test("leaves its will when the connection breaks, and not when it says goodbye", async () => {
    const { port } = startBroker();
    const watcher = await connect(port, { protocolVersion });
    await watcher.client.subscribeAsync("will/#", { qos: 1 });
    const will = (topic: string) => ({ topic, payload: Buffer.from("gone"), qos: 1 as const, retain: false });
    const polite = await connect(port, { protocolVersion, will: will("will/polite") });
    await polite.end();
    const broken = await connect(port, { protocolVersion, will: will("will/broken") });
    broken.cut();
    expect((await watcher.received(1)).map(({ topic }) => topic)).toEqual(["will/broken"]);
  });
});

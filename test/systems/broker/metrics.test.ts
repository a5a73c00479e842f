import { describe, expect, test } from "bun:test";
import { connect, until } from "../../mqtt/support/client";
import { rawClient } from "../../mqtt/support/raw";
import { type StartedSystem, startSystem } from "./system";

/** The samples of one metric, by their labels as they stand in the text. */
async function samples({ metrics }: StartedSystem, name: string): Promise<Record<string, number>> {
  const lines = (await metrics.registry.metrics())
    .split("\n")
    .filter((line) => line.startsWith(`foresight_mqtt_${name}`));
  return Object.fromEntries(
    lines.map((line) => {
      const [, labels = "", value] = /^\w+(\{.*\})? (\S+)$/.exec(line)!;
      return [labels, Number(value)];
    }),
  );
}

const label = (direction: string, qos: number) => `{direction="${direction}",qos="${qos}"}`;

describe("what Prometheus is told of the broker", () => {
  test("messages and their bytes by direction and QoS, as counters", async () => {
    const started = await startSystem();
    const receiver = await connect(started.mqttPort);
    await receiver.client.subscribeAsync("a/#", { qos: 1 });
    const { client } = await connect(started.mqttPort);
    await client.publishAsync("a/0", "x", { qos: 0 });
    await client.publishAsync("a/1", "yy", { qos: 1 });
    await client.publishAsync("a/2", "zzz", { qos: 2 });
    await receiver.received(3);
    expect(await samples(started, "messages_total")).toEqual({
      [label("in", 0)]: 1,
      [label("in", 1)]: 1,
      [label("in", 2)]: 1,
      [label("out", 0)]: 1,
      [label("out", 1)]: 2,
      [label("out", 2)]: 0,
    });
    const bytes = await samples(started, "message_bytes_total");
    expect([bytes[label("in", 2)], bytes[label("out", 1)]]).toEqual([3, 5]);
    const text = await started.metrics.registry.metrics();
    expect(text).toContain("# TYPE foresight_mqtt_messages_total counter");
    // Looking twice counts nothing twice.
    expect(await samples(started, "messages_total")).toMatchObject({ [label("out", 1)]: 2 });
  });

  test("connections by outcome, and clients apart from sockets that have said nothing", async () => {
    const started = await startSystem({ settings: { MQTT_MAX_CONNECTIONS: "2" } });
    const { client } = await connect(started.mqttPort);
    await rawClient(started.mqttPort);
    await until(() => started.system.broker.stats().connections === 2, "the second connection");
    expect([await samples(started, "connections "), await samples(started, "clients")]).toEqual([{ "": 2 }, { "": 1 }]);
    // The socket that has said nothing makes room.
    const second = await connect(started.mqttPort);
    expect(await samples(started, "connections_total")).toEqual({
      '{outcome="accepted"}': 2,
      '{outcome="refused"}': 1,
    });
    await client.endAsync();
    await second.end();
    await until(() => started.system.health()["mqtt_clients_connected"] === 0, "the end of the client");
  });

  test("drops by reason", async () => {
    const started = await startSystem({ settings: { MQTT_MAX_RETAINED_MESSAGES: "1" } });
    const { client } = await connect(started.mqttPort);
    for (const topic of ["a", "b", "c"]) await client.publishAsync(topic, "1", { qos: 1, retain: true });
    const dropped = await samples(started, "dropped_total");
    expect(dropped['{reason="retained_full"}']).toBe(2);
    expect(dropped['{reason="slow_reader"}']).toBe(0);
  });

  test("queue depths of sessions that wait", async () => {
    const started = await startSystem();
    const sleeper = await connect(started.mqttPort, { clientId: "sleeper", clean: false });
    await sleeper.client.subscribeAsync("a", { qos: 1 });
    await sleeper.end();
    const { client } = await connect(started.mqttPort);
    for (const payload of ["1", "22", "333"]) await client.publishAsync("a", payload, { qos: 1 });
    expect(await samples(started, "queued_messages")).toEqual({ "": 3 });
    expect((await samples(started, "queued_bytes"))[""]).toBeGreaterThanOrEqual(6);
    expect(await samples(started, "sessions")).toEqual({ "": 2 });
  });

  test("no part of the program itself as a client", async () => {
    const started = await startSystem();
    const market = started.system.broker.client("market");
    market.subscribe("a/#", () => undefined);
    expect(started.system.health()["mqtt_clients_connected"]).toBe(0);
    expect(await samples(started, "clients")).toEqual({ "": 0 });
    const taker = await connect(started.mqttPort, { clientId: "one" });
    await connect(started.mqttPort, { clientId: "one" });
    await until(() => !taker.client.connected, "the take-over");
    expect(started.system.health()["mqtt_clients_connected"]).toBe(1);
  });
});

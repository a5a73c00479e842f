import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { arrivals, publish, subscribe, texts } from "../support/exchange";
import { rawConnected } from "../support/raw";

/** A QoS 0 PUBLISH with a topic of any bytes. */
function publishBytes(topic: Uint8Array, level: 4 | 5): Uint8Array {
  const body = Buffer.concat([new Uint8Array([0, topic.length]), topic, new Uint8Array(level === 5 ? [0] : [])]);
  return Buffer.concat([new Uint8Array([0x30, body.length]), body]);
}

describe.each([4, 5] as const)("topics at level %d", (level) => {
  const cases: [filter: string, topic: string, isMatch: boolean][] = [
    ["TopicA/B", "TopicA/B", true],
    ["TopicA/B", "Topica/B", false],
    ["TopicA/+", "TopicA/B", true],
    ["TopicA/+", "TopicA", false],
    ["TopicA/+", "TopicA/", true],
    ["TopicA/+", "TopicA/B/C", false],
    ["+/C", "TopicA/C", true],
    ["+/+", "/TopicA", true],
    ["/+", "/TopicA", true],
    ["+", "/TopicA", false],
    ["TopicA/#", "TopicA", true],
    ["TopicA/#", "TopicA/B/C/D", true],
    ["#", "/a//b/", true],
    ["a//b", "a//b", true],
    ["a//b", "a/b", false],
    ["a b/ü/😀", "a b/ü/😀", true],
  ];
  test.each(cases)("filter %p and topic %p: %p [4.7.1]", async (filter, topic, isMatch) => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, filter, 0);
    await publish(client, topic, "x");
    expect(await texts(client)).toEqual(isMatch ? [`${topic}=x`] : []);
  });

  test("topics that begin with $ are hidden from filters that begin with a wildcard [MQTT-4.7.2-1]", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, ["#", "+/broker/#", "+/#"], 0);
    expect(await arrivals(client)).toEqual([]);
    broker.client("self").publish("$SYS/broker/test", "x");
    broker.client("self").publish("$other", "x");
    expect(await arrivals(client)).toEqual([]);
    await subscribe(client, ["$SYS/broker/+", "$other"], 0);
    broker.client("self").publish("$SYS/broker/test", "x");
    broker.client("self").publish("$other", "x");
    const got = (await arrivals(client)).map(({ topic }) => topic);
    expect(got).toEqual(expect.arrayContaining(["$SYS/broker/uptime", "$SYS/broker/test", "$other"]));
  });

  test("a client must not write to topics that begin with $ [4.7.2]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, ["$SYS/#", "$x"], 0, { rh: 2 });
    await arrivals(client);
    expect(await publish(client, "$SYS/broker/uptime", "forged")).toBe(level === 5 ? 0x87 : 0);
    expect(await publish(client, "$x", "forged", { qos: 2, retain: true })).toBe(level === 5 ? 0x87 : 0);
    expect((await texts(client)).filter((text) => text.includes("forged"))).toEqual([]);
  });

  test("a byte order mark is a character like any other [MQTT-1.5.4-3]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, "#", 0);
    client.send(publishBytes(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]), level));
    const [message] = await arrivals(client);
    expect(Buffer.from(message!.topic).toString("hex")).toBe("efbbbf61");
  });

  test("nothing is normalised [MQTT-4.7.3-4]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    await subscribe(client, "caf\u00e9", 0);
    await publish(client, "cafe\u0301", "x");
    await publish(client, "caf\u00e9", "y");
    expect(await texts(client)).toEqual(["caf\u00e9=y"]);
  });

  const refused: [name: string, clause: string, topic: Uint8Array, code: number][] = [
    ["empty", "MQTT-4.7.3-1", new Uint8Array(0), 0x82],
    ["#", "MQTT-3.3.2-2", Buffer.from("#"), 0x81],
    ["a/+", "MQTT-3.3.2-2", Buffer.from("a/+"), 0x81],
    ["with a null character", "MQTT-1.5.4-2", Buffer.from("a\0b"), 0x81],
    ["overlong UTF-8", "MQTT-1.5.4-1", new Uint8Array([0xc0, 0xaf]), 0x81],
    ["a surrogate", "MQTT-1.5.4-1", new Uint8Array([0xed, 0xa0, 0x80]), 0x81],
    ["a cut character", "MQTT-1.5.4-1", new Uint8Array([0xe2, 0x82]), 0x81],
  ];
  test.each(refused)("a topic that is %s ends the connection [%s]", async (_name, _clause, topic, code) => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    client.send(publishBytes(topic, level));
    if (level === 5) expect((await client.next("disconnect")).reasonCode).toBe(code);
    await client.closed();
  });

  test.each(["a/#/b", "a#", "a/b+", "+a"])(
    "the filter %p ends the connection [MQTT-4.7.1-1] [MQTT-4.7.1-2]",
    async (topic) => {
      const { port } = startBroker();
      const client = await rawConnected(port, { protocolVersion: level });
      client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic, qos: 0 }] });
      if (level === 5) expect((await client.next("disconnect")).reasonCode).toBe(0x81);
      await client.closed();
    },
  );
});

import { describe, expect, test } from "bun:test";
import { generate } from "mqtt-packet";
import { startBroker } from "../support/broker";
import { lasting, refusal, subscribe } from "../support/exchange";
import { rawClient, rawConnected } from "../support/raw";

/** A CONNECT of a client that takes no packet of more than that many bytes. */
function connectOf(maximumPacketSize: number, more: object = {}): Buffer {
  const packet = {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 5,
    clientId: "small",
    clean: true,
    keepalive: 0,
    properties: { maximumPacketSize, ...more },
  } as const;
  return generate(packet, { protocolVersion: 5 });
}

/** How many bytes the broker sent before it closed. */
async function bytesOf(port: number, connect: Buffer): Promise<number> {
  const client = await rawClient(port, 5);
  client.send(connect);
  await client.closed();
  return Buffer.concat(client.chunks).length;
}

describe("no packet is larger than its client takes (5.0) [MQTT-3.1.2-24]", () => {
  test.each([5, 16])("a CONNACK that refuses leaves out its reason string (of %d) [MQTT-3.2.2-19]", async (size) => {
    const { port } = startBroker({ authenticate: () => 0x87 });
    expect(await refusal(port, connectOf(size), 5)).toBe(0x87);
    expect(await bytesOf(port, connectOf(size))).toBe(5);
  });

  test("a CONNACK that refuses is not sent where even that is too large", async () => {
    const { port } = startBroker({ authenticate: () => 0x87 });
    expect(await bytesOf(port, connectOf(4))).toBe(0);
  });

  test("a CONNACK that lets in leaves out what was only a help", async () => {
    const { port } = startBroker();
    const client = await rawClient(port, 5);
    client.send(connectOf(24, { requestResponseInformation: true }));
    const { reasonCode, properties } = await client.next("connack");
    expect([reasonCode, properties?.responseInformation]).toEqual([0, undefined]);
    expect(Buffer.concat(client.chunks).length).toBeLessThanOrEqual(24);
  });

  test("whose client cannot be told what it must know is refused, and a session of its name goes on", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(5, "small"));
    await subscribe(first, "t", 1);
    expect(await refusal(port, connectOf(10), 5)).toBe(0x95);
    expect(broker.findClient("small")).toMatchObject({ subscriptions: [{ filter: "t" }] });
    expect(first.isClosed).toBe(false);
  });

  test.each(["subscribe", "unsubscribe"] as const)(
    "a %s whose answer would be is refused whole, with 0x95",
    async (cmd) => {
      const { port, broker } = startBroker();
      const client = await rawConnected(port, lasting(5, "c"));
      client.send({ cmd: "disconnect" });
      await client.closed();
      const { properties } = lasting(5, "c");
      const small = await rawConnected(port, {
        ...lasting(5, "c"),
        properties: { ...properties, maximumPacketSize: 40 },
      });
      const filters = Array.from({ length: 40 }, (_, i) => `t/${i}`);
      if (cmd === "subscribe") {
        small.send({ cmd, messageId: 1, subscriptions: filters.map((topic) => ({ topic, qos: 0 as const })) });
      } else small.send({ cmd, messageId: 1, unsubscriptions: filters });
      const { reasonCode } = await small.next("disconnect");
      expect(reasonCode).toBe(0x95);
      await small.closed();
      expect(broker.findClient("c")?.subscriptions).toEqual([]);
    },
  );
});

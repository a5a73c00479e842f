import { describe, expect, test } from "bun:test";
import { createLiveRights } from "../../../src/mqtt";
import { startBroker } from "../support/broker";
import { connect as realConnect, until } from "../support/client";
import { lasting, subscribe } from "../support/exchange";
import { rawClient, rawConnected } from "../support/raw";

describe("DISCONNECT from the broker (5.0)", () => {
  test("says that the broker stops [3.14.2.1]", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    await broker.stop();
    expect(await client.next("disconnect")).toMatchObject({
      reasonCode: 0x8b,
      properties: { reasonString: expect.any(String) },
    });
    await client.closed();
  });

  test("says that an operator did it", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5, clientId: "c" });
    expect(broker.kick("c")).toBe(true);
    expect((await client.next("disconnect")).reasonCode).toBe(0x98);
    await client.closed();
    expect(broker.kick("c")).toBe(false);
  });

  test("says that a right is gone", async () => {
    const open = { users: [], allowsAnonymous: true, rules: [] };
    const rights = createLiveRights(open);
    const { port, broker } = startBroker(rights);
    const client = await rawConnected(port, { protocolVersion: 5 });
    rights.replace({ ...open, allowsAnonymous: false });
    broker.rightsChanged(rights.isWelcome);
    expect((await client.next("disconnect")).reasonCode).toBe(0x87);
    await client.closed();
  });

  test("is never sent to a 3.1.1 client, which has none", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, { clientId: "c" });
    broker.kick("c");
    await client.closed();
    expect(client.packets).toEqual([]);
  });

  test("is read by a real client", async () => {
    const { port, broker } = startBroker();
    const { client } = await realConnect(port, { protocolVersion: 5, clientId: "c" });
    const reason = new Promise<number | undefined>((resolve) => {
      client.on("disconnect", ({ reasonCode }) => resolve(reasonCode));
    });
    broker.kick("c");
    expect(await reason).toBe(0x98);
  });
});

describe("DISCONNECT from a client", () => {
  test.each([4, 5] as const)(
    "ends the connection, and nothing after it is read (level %d) [MQTT-3.14.4-1]",
    async (level) => {
      const { port, broker } = startBroker();
      const client = await rawConnected(port, { protocolVersion: level });
      const disconnect = new Uint8Array([0xe0, 0]);
      const publish = new Uint8Array(level === 5 ? [0x31, 5, 0, 1, 0x74, 0, 0x78] : [0x31, 4, 0, 1, 0x74, 0x78]);
      client.send(Buffer.concat([disconnect, publish]));
      await client.closed();
      expect(broker.stats()).toMatchObject({ connections: 0, retainedMessages: 0, protocolErrors: 0 });
    },
  );

  test("with reserved flags is an error [MQTT-3.14.1-1]", async () => {
    const { port, broker } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    client.send(new Uint8Array([0xe1, 0]));
    expect((await client.next("disconnect")).reasonCode).toBe(0x81);
    await client.closed();
    expect(broker.stats().protocolErrors).toBe(1);
  });
});

describe("enhanced authentication (5.0)", () => {
  test("is refused at CONNECT with 0x8c [MQTT-4.12.0-1]", async () => {
    const { port, broker } = startBroker();
    const client = await rawClient(port, 5);
    client.send({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: 5,
      clientId: "c",
      clean: true,
      keepalive: 0,
      properties: { authenticationMethod: "SCRAM-SHA-256", authenticationData: Buffer.from("n,,n=user") },
    });
    expect((await client.next("connack")).reasonCode).toBe(0x8c);
    await client.closed();
    expect(broker.stats().sessions).toBe(0);
  });

  test("AUTH on an open connection is an error [MQTT-4.12.0-6]", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: 5 });
    client.send({ cmd: "auth", reasonCode: 0x19, properties: { authenticationMethod: "SCRAM-SHA-256" } });
    expect((await client.next("disconnect")).reasonCode).toBe(0x82);
    await client.closed();
  });

  test("AUTH does not exist in 3.1.1", async () => {
    const { port } = startBroker();
    const client = await rawConnected(port);
    client.send(new Uint8Array([0xf0, 0]));
    await client.closed();
  });
});

describe("packets a client must not send", () => {
  const packets: [name: string, bytes: number[], code: number][] = [
    ["CONNACK", [0x20, 2, 0, 0], 0x82],
    ["SUBACK", [0x90, 3, 0, 1, 0], 0x82],
    ["UNSUBACK", [0xb0, 2, 0, 1], 0x82],
    ["PINGRESP", [0xd0, 0], 0x82],
    ["type 0", [0x00, 0], 0x82],
    ["PUBREL with flags 0", [0x60, 2, 0, 1], 0x81],
    ["SUBSCRIBE with flags 0", [0x80, 6, 0, 1, 0, 1, 0x74, 0], 0x81],
    ["UNSUBSCRIBE with flags 0", [0xa0, 5, 0, 1, 0, 1, 0x74], 0x81],
    ["PINGREQ with a body", [0xc0, 1, 0], 0x82],
    ["PUBLISH with QoS 3", [0x36, 7, 0, 1, 0x74, 0, 1, 0, 0x78], 0x81],
    ["PUBLISH with DUP at QoS 0", [0x38, 4, 0, 1, 0x74, 0], 0x81],
  ];
  test.each(packets)("%s ends the connection [MQTT-2.1.3-1] [MQTT-4.13.1-1]", async (_name, bytes, code) => {
    const { port, broker } = startBroker();
    for (const level of [4, 5] as const) {
      const client = await rawConnected(port, { protocolVersion: level });
      client.send(new Uint8Array(bytes));
      if (level === 5) expect((await client.next("disconnect")).reasonCode).toBe(code);
      await client.closed();
    }
    await until(() => broker.stats().connections === 0, "no connection");
    expect(broker.stats().protocolErrors).toBe(2);
  });
});

test("the session of a client that broke a rule is kept, the others notice nothing [4.13.1]", async () => {
  const { port, broker } = startBroker();
  const other = await rawConnected(port);
  const client = await rawConnected(port, lasting(5, "c"));
  await subscribe(client, "t", 1);
  client.send(new Uint8Array([0x00, 0]));
  await client.closed();
  expect(broker.findClient("c")?.subscriptions).toEqual([{ filter: "t", qos: 1 }]);
  expect(await subscribe(other, "t", 0)).toEqual([0]);
});

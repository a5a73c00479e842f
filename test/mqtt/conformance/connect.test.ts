import { describe, expect, test } from "bun:test";
import { generate, type IConnectPacket } from "mqtt-packet";
import { startBroker } from "../support/broker";
import { connect as realConnect, until } from "../support/client";
import { arrivals, lasting, lose, publish, refusal, subscribe, texts } from "../support/exchange";
import { rawClient, rawConnected } from "../support/raw";

// Clauses are numbered as in 5.0; those of 3.1.1 that have no counterpart under that number are marked "3.1.1".

const CONNECT: IConnectPacket = {
  cmd: "connect",
  protocolId: "MQTT",
  protocolVersion: 4,
  clientId: "c",
  clean: true,
  keepalive: 0,
};

/** A CONNECT with one byte changed; places are those of protocol "MQTT": name length 2, M 4, level 8, flags 9. */
function altered(at: number, byte: number, connect: Partial<IConnectPacket> = {}): Buffer {
  const packet = { ...CONNECT, ...connect };
  const bytes = generate(packet, { protocolVersion: packet.protocolVersion ?? 4 });
  bytes[at] = byte;
  return bytes;
}

describe("the first packet", () => {
  test("anything but CONNECT ends the connection unanswered [MQTT-3.1.0-1]", async () => {
    const { port } = startBroker();
    const others = [
      { cmd: "pingreq" },
      { cmd: "publish", topic: "t", payload: "x", qos: 0, dup: false, retain: false },
    ];
    for (const packet of others as IConnectPacket[]) expect(await refusal(port, generate(packet))).toBeNull();
  });

  test.each([4, 5] as const)("a second CONNECT at level %d ends the connection [MQTT-3.1.0-2]", async (level) => {
    const { port } = startBroker();
    const client = await rawConnected(port, { protocolVersion: level });
    client.send({ ...CONNECT, protocolVersion: level });
    if (level === 5) expect((await client.next("disconnect")).reasonCode).toBe(0x82);
    await client.closed();
    expect(client.packets.filter(({ cmd }) => cmd === "connack")).toEqual([]);
  });

  test("a wrong protocol name is refused [MQTT-3.1.2-1]", async () => {
    const { port } = startBroker();
    expect(await refusal(port, altered(5, "q".charCodeAt(0)))).toBe(1);
  });

  test.each([0, 3, 6, 0x84, 255])(
    "protocol level %d is answered with 0x01 and closed [MQTT-3.1.2-2]",
    async (level) => {
      const { port } = startBroker();
      expect(await refusal(port, altered(8, level))).toBe(1);
    },
  );

  test("3.1 is spoken too, under its own name", async () => {
    const { port } = startBroker();
    const old = await rawConnected(port, { protocolId: "MQIsdp", protocolVersion: 3 });
    expect(old.connack.returnCode).toBe(0);
    expect(await subscribe(old, "t", 2)).toEqual([2]);
    await publish(old, "t", "x", { qos: 2 });
    expect(await arrivals(old)).toMatchObject([{ topic: "t", qos: 2 }]);
  });

  const flags: [name: string, byte: number, level: 4 | 5, clause: string][] = [
    ["the reserved flag", 0x03, 4, "MQTT-3.1.2-3"],
    ["the reserved flag", 0x03, 5, "MQTT-3.1.2-3"],
    ["will QoS without a will", 0x0a, 4, "MQTT-3.1.2-11"],
    ["will retain without a will", 0x22, 5, "MQTT-3.1.2-13"],
    ["will QoS 3", 0x1e, 4, "MQTT-3.1.2-12"],
    ["a password without a user name", 0x42, 4, "MQTT-3.1.2-22 of 3.1.1"],
  ];
  test.each(flags)("with %s set (%d) at level %d is refused [%s]", async (_name, byte, level) => {
    const { port } = startBroker();
    const code = await refusal(port, altered(9, byte, { protocolVersion: level }), level);
    expect(code).toBe(level === 5 ? 0x81 : null);
  });

  test("what comes behind a refused CONNECT has no effect [MQTT-3.1.4-6]", async () => {
    const { port, broker } = startBroker({ authenticate: () => 0x87 });
    const client = await rawClient(port);
    const retained = { cmd: "publish", topic: "t", payload: "x", qos: 0, dup: false, retain: true } as const;
    client.send(Buffer.concat([generate(CONNECT), generate(retained)]));
    expect((await client.next("connack")).returnCode).toBe(5);
    await client.closed();
    expect(broker.stats()).toMatchObject({ retainedMessages: 0, sessions: 0, connections: 0 });
  });

  test.each([true, false])("what comes behind an accepted one is read (waited for: %p) [4.1.4]", async (isLate) => {
    const verdict = isLate ? () => new Promise<null>((resolve) => setImmediate(resolve, null)) : () => null;
    const { port, broker } = startBroker({ authenticate: verdict });
    const client = await rawClient(port);
    const retained = {
      cmd: "publish",
      topic: "t",
      payload: "x",
      qos: 1,
      messageId: 3,
      dup: false,
      retain: true,
    } as const;
    client.send(Buffer.concat([generate(CONNECT), generate(retained)]));
    expect((await client.next("puback")).messageId).toBe(3);
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(["connack"]);
    expect(broker.stats().retainedMessages).toBe(1);
  });
});

describe.each([4, 5] as const)("the answer at level %d", (level) => {
  test("is a CONNACK, first of all, with session present 0 for a clean start [MQTT-3.2.0-1] [MQTT-3.2.2-2]", async () => {
    const { port } = startBroker();
    const { connack } = await rawConnected(port, { protocolVersion: level });
    expect(connack).toMatchObject({ cmd: "connack", sessionPresent: false });
    expect(connack.reasonCode ?? connack.returnCode).toBe(0);
  });

  test("says whether there was a session [MQTT-3.2.2-3]", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(level, "s"));
    expect(first.connack.sessionPresent).toBe(false);
    await lose(broker, first);
    expect((await rawConnected(port, lasting(level, "s"))).connack.sessionPresent).toBe(true);
  });

  test("has session present 0 where it refuses, and the connection is closed [MQTT-3.2.2-6] [MQTT-3.2.2-7]", async () => {
    const { port, broker } = startBroker({ authenticate: ({ password }) => (password === null ? 0x86 : null) });
    const first = await rawConnected(port, { ...lasting(level, "s"), username: "u", password: Buffer.from("p") });
    await lose(broker, first);
    const second = await rawClient(port, level);
    second.send({ ...CONNECT, ...lasting(level, "s") } as IConnectPacket);
    const connack = await second.next("connack");
    expect([connack.sessionPresent, connack.reasonCode ?? connack.returnCode]).toEqual([false, level === 5 ? 0x86 : 4]);
    await second.closed();
    expect(broker.findClient("s")?.connection).toBeNull();
  });

  test("lets in identifiers of 1 to 23 letters and digits, and longer ones of any text [MQTT-3.1.3-5]", async () => {
    const { port, broker } = startBroker();
    for (const clientId of ["a", "0123456789abcdefghijABC", "ü-€-😀/+#".repeat(8)]) {
      await rawConnected(port, { protocolVersion: level, clientId });
      expect(broker.findClient(clientId)?.connection).not.toBeNull();
    }
  });

  test("refuses an identifier beyond the limit with its code [MQTT-3.1.3-8]", async () => {
    const { port } = startBroker();
    const packet = { ...CONNECT, protocolVersion: level, clientId: "x".repeat(257) };
    expect(await refusal(port, packet, level)).toBe(level === 5 ? 0x85 : 2);
  });

  test("refuses an identifier that is no UTF-8 [MQTT-3.1.3-4]", async () => {
    const { port } = startBroker();
    const bytes = generate({ ...CONNECT, protocolVersion: level }, { protocolVersion: level });
    bytes[bytes.length - 1] = 0xff;
    expect(await refusal(port, bytes, level)).toBe(level === 5 ? 0x81 : null);
  });
});

describe("an empty client identifier", () => {
  test("with clean session is given one of the broker's own (3.1.1) [MQTT-3.1.3-6]", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, { clientId: "" });
    const second = await rawConnected(port, { clientId: "" });
    expect(broker.stats().sessions).toBe(2);
    await subscribe(second, "t");
    await publish(first, "t", "x");
    expect(await texts(second)).toEqual(["t=x"]);
  });

  test("without clean session is refused with 0x02 (3.1.1) [MQTT-3.1.3-8 of 3.1.1]", async () => {
    const { port } = startBroker();
    expect(await refusal(port, altered(9, 0, { clientId: "" }))).toBe(2);
  });

  test("is told what it has become, and finds its session under it (5.0) [MQTT-3.1.3-7] [MQTT-3.2.2-16]", async () => {
    const { port, broker } = startBroker();
    const first = await rawClient(port, 5);
    first.send(altered(9, 0, { ...lasting(5, ""), clean: true }));
    const assigned = (await first.next("connack")).properties?.assignedClientIdentifier;
    expect(assigned).toMatch(/^.+$/);
    await lose(broker, first);
    expect((await rawConnected(port, lasting(5, assigned!))).connack.sessionPresent).toBe(true);
  });

  test("is not assigned to a client that has one", async () => {
    const { port } = startBroker();
    const { connack } = await rawConnected(port, { protocolVersion: 5, clientId: "mine" });
    expect(connack.properties?.assignedClientIdentifier).toBeUndefined();
  });
});

describe("taking over a client identifier", () => {
  test.each([
    [4, 4],
    [5, 5],
    [4, 5],
    [5, 4],
  ] as const)("ends the earlier connection (level %d by level %d) [MQTT-3.1.4-3]", async (before, after) => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, { ...lasting(before, "same") });
    await subscribe(first, "t", 1);
    const second = await rawConnected(port, { ...lasting(after, "same") });
    if (before === 5) expect((await first.next("disconnect")).reasonCode).toBe(0x8e);
    await first.closed();
    expect(second.connack.sessionPresent).toBe(true);
    await publish(second, "t", "x");
    expect(await texts(second)).toEqual(["t=x"]);
    expect(broker.stats()).toMatchObject({ connections: 1, sessions: 1 });
  });

  test("with a clean start begins anew [MQTT-3.1.2-4]", async () => {
    const { port, broker } = startBroker();
    const first = await rawConnected(port, lasting(5, "same"));
    await subscribe(first, "t", 1);
    const second = await rawConnected(port, { protocolVersion: 5, clientId: "same", clean: true });
    await first.closed();
    await publish(second, "t", "x");
    expect(await texts(second)).toEqual([]);
    expect(broker.findClient("same")?.subscriptions).toEqual([]);
  });
});

test("a real client reads why it was refused, in both versions", async () => {
  const { port } = startBroker({ authenticate: () => 0x86 });
  for (const [protocolVersion, code] of [
    [4, 4],
    [5, 0x86],
  ] as const) {
    const error = await realConnect(port, { protocolVersion }).catch((reason: { code?: number }) => reason);
    expect((error as { code?: number }).code).toBe(code);
  }
});

test("what the broker can do is told in CONNACK [MQTT-3.2.2-15] [MQTT-3.2.2-17] [MQTT-3.2.2-21]", async () => {
  const limits = {
    receiveMaximum: 7,
    packetBytes: 5000,
    topicAliases: 3,
    keepAliveSeconds: 60,
    sessionExpirySeconds: 100,
  };
  const { port } = startBroker({ limits });
  const { connack } = await rawConnected(port, { ...lasting(5, "s", 3600), keepalive: 600 });
  expect(connack.properties).toMatchObject({
    receiveMaximum: 7,
    maximumPacketSize: 5000,
    topicAliasMaximum: 3,
    serverKeepAlive: 60,
    sessionExpiryInterval: 100,
  });
  const modest = await rawConnected(port, { ...lasting(5, "m", 50), keepalive: 30 });
  expect(modest.connack.properties?.serverKeepAlive).toBeUndefined();
  expect(modest.connack.properties?.sessionExpiryInterval).toBeUndefined();
});

test("response information is given to whoever asks, and to nobody else [MQTT-3.1.2-28]", async () => {
  const { port } = startBroker();
  const asking = await rawConnected(port, {
    protocolVersion: 5,
    clientId: "asker",
    properties: { requestResponseInformation: true },
  });
  expect(asking.connack.properties?.responseInformation).toContain("asker");
  const other = await rawConnected(port, { protocolVersion: 5 });
  expect(other.connack.properties?.responseInformation).toBeUndefined();
});

test("PINGREQ is answered [MQTT-3.12.4-1]", async () => {
  const { port } = startBroker();
  const client = await rawConnected(port);
  client.send({ cmd: "pingreq" });
  await client.next("pingresp");
});

test("a connection that breaks in the middle of a packet leaves nothing behind", async () => {
  const { port, broker } = startBroker();
  const client = await rawConnected(port);
  client.send(new Uint8Array([0x30, 200, 1, 0, 1]));
  await lose(broker, client);
  await until(() => broker.stats().sessions === 0, "the end of the session");
});

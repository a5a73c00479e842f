import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { generate, type IPublishPacket, type Packet, parser } from "mqtt-packet";
import {
  connectPacket,
  createReader,
  DISCONNECT,
  type IncomingPacket,
  PINGREQ,
  pubackPacket,
  publishPacket,
  subscribePacket,
  unsubscribePacket,
} from "../../../static/broker/mqtt/packets";

/** What the reference decoder reads in our bytes. */
function decoded(bytes: Uint8Array): Packet {
  const packets: Packet[] = [];
  const reading = parser({ protocolVersion: 5 });
  reading.on("packet", (packet) => packets.push(packet));
  reading.on("error", (error) => {
    throw error;
  });
  reading.parse(Buffer.from(bytes));
  expect(packets.length).toBe(1);
  return packets[0]!;
}

/** What our reader finds in the reference encoder's bytes. */
function read(...packets: Packet[]): IncomingPacket[] {
  const found: IncomingPacket[] = [];
  createReader((packet) => found.push(packet))(
    Buffer.concat(packets.map((packet) => generate(packet, { protocolVersion: 5 }))),
  );
  return found;
}

const topics = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((text) => !/[+#\0]/.test(text));
const payloads = fc.uint8Array({ maxLength: 400 });

describe("packets that the page sends are read by the reference decoder", () => {
  test("CONNECT, with and without user and password", () => {
    const plain = decoded(connectPacket({ clientId: "page-1", keepAliveS: 30, username: "", password: "" }));
    expect(plain).toMatchObject({ cmd: "connect", protocolVersion: 5, clean: true, clientId: "page-1", keepalive: 30 });
    expect("username" in plain && plain.username).toBeFalsy();
    const named = decoded(connectPacket({ clientId: "é", keepAliveS: 1, username: "ann", password: "wönder" }));
    expect(named).toMatchObject({ clientId: "é", username: "ann", password: Buffer.from("wönder") });
  });

  test("SUBSCRIBE, UNSUBSCRIBE, PUBACK, PINGREQ, DISCONNECT", () => {
    expect(decoded(subscribePacket(7, "a/+/é", 1))).toMatchObject({
      cmd: "subscribe",
      messageId: 7,
      subscriptions: [{ topic: "a/+/é", qos: 1 }],
    });
    expect(decoded(unsubscribePacket(65_535, "#"))).toMatchObject({ messageId: 65_535, unsubscriptions: ["#"] });
    expect(decoded(pubackPacket(258))).toMatchObject({ cmd: "puback", messageId: 258 });
    expect([decoded(PINGREQ).cmd, decoded(DISCONNECT).cmd]).toEqual(["pingreq", "disconnect"]);
  });

  test("PUBLISH of any topic and payload, up to lengths of three bytes", () => {
    const check = (topic: string, payload: Uint8Array, qos: 0 | 1, retain: boolean, packetId: number) => {
      const packet = decoded(publishPacket(topic, payload, { qos, retain, packetId })) as IPublishPacket;
      expect([packet.topic, packet.qos, packet.retain]).toEqual([topic, qos, retain]);
      expect(Buffer.compare(packet.payload as Buffer, payload)).toBe(0);
      if (qos === 1) expect(packet.messageId).toBe(packetId);
    };
    fc.assert(
      fc.property(topics, payloads, fc.constantFrom(0, 1), fc.boolean(), fc.integer({ min: 1, max: 65_535 }), check),
    );
    for (const length of [127, 128, 16_383, 16_384, 100_000]) check("a", new Uint8Array(length).fill(7), 0, false, 0);
  });
});

describe("packets of the broker are read", () => {
  test("PUBLISH with whatever properties, in pieces of any size and several at once", () => {
    const packets = fc.array(
      fc.record({
        topic: topics,
        payload: payloads,
        qos: fc.constantFrom(0, 1),
        retain: fc.boolean(),
        expiry: fc.nat(),
        user: fc.string(),
      }),
      { maxLength: 5 },
    );
    const pieces = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });
    const check = (
      messages: { topic: string; payload: Uint8Array; qos: number; retain: boolean; expiry: number; user: string }[],
      sizes: number[],
    ) => {
      const bytes = Buffer.concat(
        messages.map(({ topic, payload, qos, retain, expiry, user }, i) =>
          generate(
            {
              cmd: "publish",
              topic,
              payload: Buffer.from(payload),
              qos: qos as 0 | 1,
              retain,
              dup: false,
              messageId: i + 1,
              properties: { messageExpiryInterval: expiry, userProperties: { user }, contentType: "text/plain" },
            },
            { protocolVersion: 5 },
          ),
        ),
      );
      const found: IncomingPacket[] = [];
      const reader = createReader((packet) => found.push(packet));
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length]!;
        reader(bytes.subarray(at, at + size));
        at += size;
      }
      expect(found).toEqual(
        messages.map(({ topic, payload, qos, retain }, i) => ({
          kind: "publish",
          topic,
          payload: new Uint8Array(payload),
          qos,
          retain,
          packetId: qos === 0 ? 0 : i + 1,
        })),
      );
    };
    fc.assert(fc.property(packets, pieces, check));
  });

  test("acknowledgements with their reason, and the broker's words where it gave some", () => {
    const properties = { reasonString: "because", userProperties: { a: "b" } };
    expect(
      read(
        {
          cmd: "connack",
          reasonCode: 0x87,
          sessionPresent: false,
          properties: { receiveMaximum: 9, assignedClientIdentifier: "x", ...properties },
        },
        {
          cmd: "connack",
          reasonCode: 0,
          sessionPresent: false,
          properties: { maximumPacketSize: 9, topicAliasMaximum: 3 },
        },
        { cmd: "puback", messageId: 5 },
        { cmd: "puback", messageId: 258, reasonCode: 0x97, properties },
        { cmd: "suback", messageId: 2, granted: [0x87], properties },
        { cmd: "unsuback", messageId: 3, granted: [0x11] },
        { cmd: "pingresp" },
        { cmd: "disconnect" },
        { cmd: "disconnect", reasonCode: 0x98, properties: { serverReference: "elsewhere", ...properties } },
      ),
    ).toEqual([
      { kind: "connack", reason: 0x87, reasonText: "because" },
      { kind: "connack", reason: 0, reasonText: "" },
      { kind: "puback", packetId: 5, reason: 0, reasonText: "" },
      { kind: "puback", packetId: 258, reason: 0x97, reasonText: "because" },
      { kind: "suback", packetId: 2, reason: 0x87, reasonText: "because" },
      { kind: "unsuback", packetId: 3, reason: 0x11, reasonText: "" },
      { kind: "pingresp" },
      { kind: "disconnect", reason: 0, reasonText: "" },
      { kind: "disconnect", reason: 0x98, reasonText: "because" },
    ]);
  });

  test("what the page has no use for is passed over", () => {
    expect(read({ cmd: "pubrec", messageId: 1 }, { cmd: "pingresp" })).toEqual([{ kind: "pingresp" }]);
  });
});

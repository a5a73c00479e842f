import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { generate, type IPublishPacket, type Packet, parser } from "mqtt-packet";
import { encodePublishV3, encodePublishV5 } from "../../../src/mqtt/packet/encodePublish";
import {
  ACK_FRAME,
  ackFrame,
  copyFrame,
  FirstByte,
  type Frame,
  patchOf,
  publishFirstByte,
} from "../../../src/mqtt/packet/frame";
import { forwardedProperties } from "../../../src/mqtt/packet/properties";
import { createPublishView, decodePublish } from "../../../src/mqtt/packet/publish";
import { publishPacket } from "./arbitraries";

function parsed(version: number, bytes: Uint8Array): Packet {
  const packets: Packet[] = [];
  const oracle = parser({ protocolVersion: version });
  oracle.on("packet", (packet) => packets.push(packet));
  oracle.on("error", (error) => {
    throw error;
  });
  oracle.parse(Buffer.from(bytes));
  expect(packets.length).toBe(1);
  return packets[0]!;
}

function patched(frame: Frame, firstByte: number, packetId: number): Uint8Array {
  const target = new Uint8Array(frame.bytes.length);
  expect(copyFrame(frame, patchOf(firstByte, packetId), target, 0)).toBe(target.length);
  return target;
}

const added = fc.record({
  expirySeconds: fc.constantFrom(-1, 1, 70_000, 0xffff_ffff),
  topicAlias: fc.constantFrom(0, 1, 300),
  subscriptionIds: fc.array(fc.integer({ min: 1, max: 268_435_455 }), { maxLength: 3 }),
});

describe("an encoded PUBLISH is read back by mqtt-packet", () => {
  test("in 3.1.1", () => {
    fc.assert(
      fc.property(publishPacket(4), (packet) => {
        const parts = {
          topic: Buffer.from(packet.topic),
          properties: new Uint8Array(0),
          payload: packet.payload as Buffer,
        };
        const frame = encodePublishV3(parts, packet.qos === 0 ? 0 : 2);
        const firstByte = publishFirstByte(packet.qos, packet.retain, packet.dup);
        const written = patched(frame, firstByte, packet.messageId ?? 0);
        expect(Buffer.from(written).toString("hex")).toBe(generate(packet).toString("hex"));
      }),
      { numRuns: 200 },
    );
  });

  test("in 5.0, with the publisher's properties and the broker's", () => {
    fc.assert(
      fc.property(publishPacket(5), added, (packet, extra) => {
        const arrived = generate(packet, { protocolVersion: 5 });
        const { frame, view } = forwarded(packet, arrived, extra);
        const firstByte = publishFirstByte(view.qos, view.retain, view.duplicate);
        const got = parsed(5, patched(frame, firstByte, view.packetId)) as IPublishPacket;
        const { messageExpiryInterval, topicAlias, subscriptionIdentifier, ...properties } = got.properties ?? {};
        const { messageExpiryInterval: _expiry, topicAlias: _alias, ...expected } = packet.properties!;
        expect(Buffer.from(got.payload)).toEqual(Buffer.from(packet.payload));
        expect([got.topic, got.qos, got.retain, got.dup, got.messageId]).toEqual([
          packet.topic,
          packet.qos,
          packet.retain,
          packet.dup,
          packet.messageId,
        ]);
        expect(JSON.stringify(properties)).toBe(JSON.stringify(expected));
        expect([messageExpiryInterval ?? -1, topicAlias ?? 0]).toEqual([extra.expirySeconds, extra.topicAlias]);
        expect([subscriptionIdentifier ?? []].flat()).toEqual(extra.subscriptionIds);
      }),
      { numRuns: 300 },
    );
  });
});

function forwarded(packet: IPublishPacket, arrived: Uint8Array, extra: Parameters<typeof encodePublishV5>[2]) {
  const view = createPublishView();
  const headerBytes = arrived.length - bodyLength(arrived);
  decodePublish(view, arrived, headerBytes, arrived.length, arrived[0]! & 15, 5, 64);
  const parts = {
    topic: arrived.subarray(view.topicFrom, view.topicTo),
    properties: forwardedProperties(arrived, view.properties),
    payload: arrived.subarray(view.payloadFrom, view.end),
  };
  return { frame: encodePublishV5(parts, packet.qos === 0 ? 0 : 2, extra), view };
}

function bodyLength(bytes: Uint8Array): number {
  let length = 0;
  for (let i = 1; ; i++) {
    length += (bytes[i]! & 127) * 128 ** (i - 1);
    if (bytes[i]! < 128) return length;
  }
}

test("acknowledgements are what mqtt-packet writes", () => {
  const reasons = { puback: 0x87, pubrec: 0x87, pubrel: 0x92, pubcomp: 0x92 } as const;
  for (const cmd of ["puback", "pubrec", "pubrel", "pubcomp"] as const) {
    const plain = patched(ACK_FRAME, FirstByte[cmd], 0x1234);
    expect(Buffer.from(plain).toString("hex")).toBe(generate({ cmd, messageId: 0x1234 }).toString("hex"));
    const reasonCode = reasons[cmd];
    const withReason = parsed(5, patched(ackFrame(reasonCode), FirstByte[cmd], 7));
    expect(withReason).toMatchObject({ cmd, messageId: 7, reasonCode });
  }
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { generate, type IPublishPacket, type Packet, parser } from "mqtt-packet";
import { checkSubscribe, checkUnsubscribe, decodeAck } from "../../../src/mqtt/packet/check";
import { decodeChunk, PacketType, resumeDecoding, type StreamState } from "../../../src/mqtt/packet/decoder";
import { parsePacket } from "../../../src/mqtt/packet/parse";
import { createPublishView, decodePublish, messageExpiryOf, topicAliasOf } from "../../../src/mqtt/packet/publish";
import { PacketError } from "../../../src/mqtt/packet/reason";
import { clientPacket } from "./arbitraries";

const MAX_USER_PROPERTIES = 64;
const LIMIT_BYTES = 100_000;
const ACKS = ["puback", "pubrec", "pubrel", "pubcomp"];

function streamState(version: number): StreamState {
  return { partial: null, partialLength: 0, version, maxPacketBytes: LIMIT_BYTES, awaitsConnect: false, reading: true };
}

const view = createPublishView();

/** What is compared of a packet: all that both sides know. */
function readWhole(
  version: number,
  firstByte: number,
  bytes: Uint8Array,
  frameFrom: number,
  from: number,
  to: number,
): unknown {
  const type = firstByte >> 4;
  const body = { bytes, at: from, end: to, version, maxUserProperties: MAX_USER_PROPERTIES };
  if (type === PacketType.publish) {
    decodePublish(view, bytes, from, to, firstByte & 15, version, MAX_USER_PROPERTIES);
    return {
      cmd: "publish",
      topic: Buffer.from(bytes.subarray(view.topicFrom, view.topicTo)).toString(),
      payload: Buffer.from(bytes.subarray(view.payloadFrom, view.end)).toString("hex"),
      qos: view.qos,
      retain: view.retain,
      dup: view.duplicate,
      messageId: view.packetId,
      alias: version === 5 ? topicAliasOf(view) : 0,
      expiry: version === 5 ? messageExpiryOf(view) : -1,
    };
  }
  if (type >= PacketType.puback && type <= PacketType.pubcomp) {
    const ack = decodeAck(body, type);
    return { cmd: ACKS[type - PacketType.puback], messageId: ack & 0xffff, reasonCode: ack >> 16 };
  }
  if (type === PacketType.subscribe) checkSubscribe(body);
  if (type === PacketType.unsubscribe) checkUnsubscribe(body);
  return comparable(parsePacket(bytes.subarray(frameFrom, to), version));
}

function comparable(packet: Packet): unknown {
  if (packet.cmd === "publish") {
    const { topic, payload, qos, retain, dup, messageId, properties } = packet as IPublishPacket;
    return {
      cmd: "publish",
      topic,
      payload: Buffer.from(payload as Buffer).toString("hex"),
      qos,
      retain,
      dup,
      messageId: messageId ?? 0,
      alias: properties?.topicAlias ?? 0,
      expiry: properties?.messageExpiryInterval ?? -1,
    };
  }
  if (ACKS.includes(packet.cmd)) {
    return {
      cmd: packet.cmd,
      messageId: packet.messageId,
      reasonCode: (packet as { reasonCode?: number }).reasonCode ?? 0,
    };
  }
  return JSON.parse(JSON.stringify(packet));
}

function parsedByOracle(version: number, bytes: Uint8Array): unknown[] {
  const packets: unknown[] = [];
  const oracle = parser({ protocolVersion: version });
  oracle.on("packet", (packet) => packets.push(comparable(packet)));
  oracle.on("error", (error) => {
    throw error;
  });
  oracle.parse(Buffer.from(bytes));
  return packets;
}

/** Cuts bytes at the given places, which need be neither sorted nor distinct. */
function cut(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.slice(i === 0 ? 0 : ends[i - 1]!, end)).filter((chunk) => chunk.length > 0);
}

describe.each([4, 5] as const)("the decoder at level %d", (version) => {
  test("reads what mqtt-packet reads, however the stream is cut", () => {
    const places = fc.array(fc.nat({ max: 200_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(clientPacket(version), { minLength: 1, maxLength: 10 }), places, (packets, at) => {
        const stream = Buffer.concat(packets.map((packet) => generate(packet, { protocolVersion: version })));
        const read: unknown[] = [];
        const state = streamState(version);
        for (const chunk of cut(stream, at)) {
          decodeChunk(state, chunk, (_state, ...packet) => void read.push(readWhole(version, ...packet)));
        }
        expect(read).toEqual(parsedByOracle(version, stream));
        expect(state.partial).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test("keeps what comes while it is not read, and goes on in order", () => {
    const packets = fc.array(clientPacket(version), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(packets, fc.nat({ max: 5 }), (list, stopAfter) => {
        const stream = Buffer.concat(list.map((packet) => generate(packet, { protocolVersion: version })));
        const read: unknown[] = [];
        const state = streamState(version);
        const sink = (_state: StreamState, ...packet: [number, Uint8Array, number, number, number]): void => {
          read.push(readWhole(version, ...packet));
          if (read.length === stopAfter) state.reading = false;
        };
        decodeChunk(state, stream.slice(0, stream.length >> 1), sink);
        decodeChunk(state, stream.slice(stream.length >> 1), sink);
        state.reading = true;
        resumeDecoding(state, sink);
        expect(read).toEqual(parsedByOracle(version, stream));
      }),
      { numRuns: 100 },
    );
  });

  test("random bytes end in PacketError or wait for more, and keep no more than the limit", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (chunks) => {
        expectNothingWorse(version, chunks);
      }),
      { numRuns: 500 },
    );
  });

  test("a packet with one byte changed ends in PacketError or is read", () => {
    fc.assert(
      fc.property(clientPacket(version), fc.nat(), fc.nat({ max: 255 }), (packet, place, byte) => {
        const stream = generate(packet, { protocolVersion: version });
        stream[place % stream.length] = byte;
        expectNothingWorse(version, [stream]);
      }),
      { numRuns: 500 },
    );
  });
});

function expectNothingWorse(version: number, chunks: Uint8Array[]): void {
  const state = streamState(version);
  try {
    for (const chunk of chunks) decodeChunk(state, chunk, (_state, ...packet) => void readWhole(version, ...packet));
  } catch (error) {
    expect(error).toBeInstanceOf(PacketError);
  }
  expect(state.partial?.length ?? 0).toBeLessThanOrEqual(2 * LIMIT_BYTES);
}

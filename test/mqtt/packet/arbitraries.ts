import fc from "fast-check";
import type { IPublishPacket, Packet } from "mqtt-packet";

const text = (maxLength: number) =>
  fc.string({ unit: "grapheme", maxLength }).map((value) => value.replaceAll("\0", ""));
export const topicName = fc
  .array(fc.constantFrom("a", "b", "", "ü", "long-level-name", "😀"), { minLength: 1, maxLength: 5 })
  .map((levels) => levels.join("/"))
  .filter((topic) => topic !== "");
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const userProperties = fc.dictionary(
  text(5).filter((name) => name !== "__proto__"),
  text(10),
  { maxKeys: 3 },
);

type Properties = NonNullable<IPublishPacket["properties"]>;

/** Drops what is undefined, as a packet is written. */
function defined(value: object): Properties {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}

const publishProperties = fc
  .record({
    messageExpiryInterval: fc.option(fc.integer({ min: 1, max: 0xffff_ffff }), { nil: undefined }),
    contentType: fc.option(text(10).filter(Boolean), { nil: undefined }),
    responseTopic: fc.option(topicName, { nil: undefined }),
    correlationData: fc.option(
      bytes(20).filter((data) => data.length > 0),
      { nil: undefined },
    ),
    topicAlias: fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined }),
    userProperties: fc.option(
      userProperties.filter((all) => Object.keys(all).length > 0),
      { nil: undefined },
    ),
  })
  .map(defined);

const packetId = fc.integer({ min: 1, max: 65_535 });

/** A PUBLISH as mqtt-packet writes it, for a protocol level. */
export function publishPacket(version: 4 | 5): fc.Arbitrary<IPublishPacket> {
  return fc
    .record({
      topic: topicName,
      qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
      retain: fc.boolean(),
      dup: fc.boolean(),
      messageId: packetId,
      payload: fc.oneof(
        bytes(20),
        fc.integer({ min: 100, max: 40_000 }).map((length) => Buffer.alloc(length, 0x78)),
      ),
      properties: publishProperties,
    })
    .map(({ properties, messageId, ...rest }) => {
      const packet: IPublishPacket = { cmd: "publish", ...rest, dup: rest.dup && rest.qos > 0 };
      if (rest.qos > 0) packet.messageId = messageId;
      if (version === 5) packet.properties = properties;
      return packet;
    });
}

function ackPacket(version: 4 | 5): fc.Arbitrary<Packet> {
  const cmd = fc.constantFrom("puback" as const, "pubrec" as const, "pubrel" as const, "pubcomp" as const);
  return fc
    .record({
      cmd,
      messageId: packetId,
      reasonCode: fc.constantFrom(0, 0x92),
      properties: fc.constantFrom({}, { reasonString: "why" }),
    })
    .map(({ cmd, messageId, reasonCode, properties }): Packet => {
      if (version === 4) return { cmd, messageId };
      // 0x92 belongs to PUBREL and PUBCOMP alone.
      const isRelease = cmd === "pubrel" || cmd === "pubcomp";
      return { cmd, messageId, reasonCode: isRelease ? reasonCode : 0, properties };
    });
}

const subscribeFilter = fc.constantFrom("a", "+/b", "a/#", "#", "$share/g/a/+");

function subscribePacket(version: 4 | 5): fc.Arbitrary<Packet> {
  const options = version === 5 ? { nl: false, rap: true, rh: 1 } : {};
  return fc
    .record({ messageId: packetId, topics: fc.array(subscribeFilter, { minLength: 1, maxLength: 4 }) })
    .map(({ messageId, topics }) => ({
      cmd: "subscribe",
      messageId,
      subscriptions: topics.map((topic) => ({ topic, qos: 1 as const, ...options })),
    }));
}

function unsubscribePacket(): fc.Arbitrary<Packet> {
  return fc
    .record({ messageId: packetId, unsubscriptions: fc.array(subscribeFilter, { minLength: 1, maxLength: 4 }) })
    .map((fields) => ({ cmd: "unsubscribe", ...fields }));
}

/** Any packet that a connected client may send. */
export function clientPacket(version: 4 | 5): fc.Arbitrary<Packet> {
  return fc.oneof(
    { weight: 4, arbitrary: publishPacket(version) },
    { weight: 2, arbitrary: ackPacket(version) },
    subscribePacket(version),
    unsubscribePacket(),
    fc.constant<Packet>({ cmd: "pingreq" }),
  );
}

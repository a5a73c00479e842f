import { type Frame, varintSize, writeVarint } from "./frame";
import { Property } from "./properties";

/** What a PUBLISH is made of, apart from its first byte and packet identifier. */
export interface PublishParts {
  /** UTF-8 of the topic name; empty where an alias known to the receiver stands for it. */
  topic: Uint8Array;
  /** Encoded properties that are passed on unaltered, without a length. */
  properties: Uint8Array;
  payload: Uint8Array;
}

/** The 5.0 properties that the broker adds for one receiver. */
export interface AddedProperties {
  /** Seconds left until the message expires; -1: it never does. */
  expirySeconds: number;
  /** Topic alias, or 0. */
  topicAlias: number;
  /** Identifiers of all subscriptions that match [MQTT-3.3.4-3]. */
  subscriptionIds: readonly number[];
}

export const NOTHING_ADDED: AddedProperties = { expirySeconds: -1, topicAlias: 0, subscriptionIds: [] };

/** A PUBLISH for 3.1.1; `hasPacketId` leaves two bytes for one. */
export function encodePublishV3(parts: PublishParts, packetIdSize: 0 | 2): Frame {
  const remaining = 2 + parts.topic.length + packetIdSize + parts.payload.length;
  const bytes = new Uint8Array(1 + varintSize(remaining) + remaining);
  const at = writeTopic(parts.topic, bytes, writeVarint(remaining, bytes, 1));
  bytes.set(parts.payload, at + packetIdSize);
  return { bytes, packetIdAt: packetIdSize === 0 ? 0 : at };
}

/** A PUBLISH for 5.0: the added properties stand before those of the publisher. */
export function encodePublishV5(parts: PublishParts, packetIdSize: 0 | 2, added: AddedProperties): Frame {
  const properties = addedSize(added) + parts.properties.length;
  const remaining = 2 + parts.topic.length + packetIdSize + varintSize(properties) + properties + parts.payload.length;
  const bytes = new Uint8Array(1 + varintSize(remaining) + remaining);
  const packetIdAt = writeTopic(parts.topic, bytes, writeVarint(remaining, bytes, 1));
  let at = writeVarint(properties, bytes, packetIdAt + packetIdSize);
  at = writeAdded(added, bytes, at);
  bytes.set(parts.properties, at);
  bytes.set(parts.payload, at + parts.properties.length);
  return { bytes, packetIdAt: packetIdSize === 0 ? 0 : packetIdAt };
}

function writeTopic(topic: Uint8Array, target: Uint8Array, at: number): number {
  target[at] = topic.length >>> 8;
  target[at + 1] = topic.length & 0xff;
  target.set(topic, at + 2);
  return at + 2 + topic.length;
}

function addedSize(added: AddedProperties): number {
  let size = (added.expirySeconds === -1 ? 0 : 5) + (added.topicAlias === 0 ? 0 : 3);
  for (const identifier of added.subscriptionIds) size += 1 + varintSize(identifier);
  return size;
}

function writeAdded(added: AddedProperties, target: Uint8Array, from: number): number {
  let at = from;
  if (added.expirySeconds !== -1) {
    target[at] = Property.messageExpiryInterval;
    new DataView(target.buffer, target.byteOffset).setUint32(at + 1, added.expirySeconds);
    at += 5;
  }
  if (added.topicAlias !== 0) {
    target[at] = Property.topicAlias;
    target[at + 1] = added.topicAlias >>> 8;
    target[at + 2] = added.topicAlias & 0xff;
    at += 3;
  }
  for (const identifier of added.subscriptionIds) {
    target[at] = Property.subscriptionIdentifier;
    at = writeVarint(identifier, target, at + 1);
  }
  return at;
}

import { type Cursor, readUint16, readUint32, skipBinary } from "./cursor";
import {
  checkPayloadFormat,
  createPropertyScan,
  Place,
  Property,
  type PropertyScan,
  scanProperties,
} from "./properties";
import { malformed, protocolError } from "./reason";

export type Qos = 0 | 1 | 2;

/** The QoS at which a message goes to a subscription: the lower of theirs [MQTT-3.8.4-8]. */
export function lowerQos(a: Qos, b: Qos): Qos {
  return Math.min(a, b) as Qos;
}

/** The higher of two. */
export function higherQos(a: Qos, b: Qos): Qos {
  return Math.max(a, b) as Qos;
}

/**
 * One PUBLISH as offsets into the bytes it arrived in. There is one of these for the whole broker, filled anew by each
 * {@link decodePublish}: what must outlive the packet is copied by whoever keeps it.
 */
export interface PublishView {
  bytes: Uint8Array;
  qos: Qos;
  retain: boolean;
  duplicate: boolean;
  topicFrom: number;
  topicTo: number;
  /** 0 at QoS 0. */
  packetId: number;
  properties: PropertyScan;
  payloadFrom: number;
  end: number;
}

/** A view to be handed to {@link decodePublish}. */
export function createPublishView(): PublishView {
  return {
    bytes: new Uint8Array(0),
    qos: 0,
    retain: false,
    duplicate: false,
    topicFrom: 0,
    topicTo: 0,
    packetId: 0,
    properties: createPropertyScan(),
    payloadFrom: 0,
    end: 0,
  };
}

const cursor: Cursor = { bytes: new Uint8Array(0), at: 0, end: 0 };

/**
 * Fills `view` from the body of a PUBLISH in `bytes[from, to)`. The topic is only measured: its rules are checked where
 * topics are interned. Throws PacketError for QoS 3 [MQTT-3.3.1-4], DUP at QoS 0 [MQTT-3.3.1-2], packet identifier 0
 * [MQTT-2.2.1-3], a body that is cut short, and properties that break their rules.
 */
export function decodePublish(
  view: PublishView,
  bytes: Uint8Array,
  from: number,
  to: number,
  flags: number,
  version: number,
  maxUserProperties: number,
): void {
  const qos = (flags >> 1) & 3;
  if (qos === 3) throw malformed("PUBLISH with QoS 3");
  if (qos === 0 && (flags & 8) !== 0) throw malformed("PUBLISH with DUP at QoS 0");
  view.bytes = bytes;
  view.qos = qos as Qos;
  view.retain = (flags & 1) !== 0;
  view.duplicate = (flags & 8) !== 0;
  view.end = to;
  cursor.bytes = bytes;
  cursor.at = from;
  cursor.end = to;
  const topicLength = skipBinary(cursor);
  view.topicTo = cursor.at;
  view.topicFrom = cursor.at - topicLength;
  view.packetId = qos === 0 ? 0 : readUint16(cursor);
  if (qos !== 0 && view.packetId === 0) throw protocolError("PUBLISH with packet identifier 0");
  if (version === 5) decodeProperties(view, maxUserProperties);
  view.payloadFrom = cursor.at;
  if (version === 5)
    checkPayloadFormat(bytes, view.properties.valueAt[Property.payloadFormatIndicator]!, view.payloadFrom, to);
}

function decodeProperties(view: PublishView, maxUserProperties: number): void {
  scanProperties(cursor, Place.publish, maxUserProperties, view.properties);
}

/** The topic alias of the viewed PUBLISH, or 0. */
export function topicAliasOf(view: PublishView): number {
  return view.properties.valueAt[Property.topicAlias] === -1 ? 0 : readAt(view, Property.topicAlias, readUint16);
}

/** The message expiry interval of the viewed PUBLISH in seconds, or -1. */
export function messageExpiryOf(view: PublishView): number {
  return view.properties.valueAt[Property.messageExpiryInterval] === -1
    ? -1
    : readAt(view, Property.messageExpiryInterval, readUint32);
}

function readAt(view: PublishView, identifier: number, read: (cursor: Cursor) => number): number {
  cursor.bytes = view.bytes;
  cursor.at = view.properties.valueAt[identifier]!;
  cursor.end = view.end;
  return read(cursor);
}

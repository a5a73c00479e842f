import { isUtf8 } from "node:buffer";
import { type Cursor, readByte, readUint16, readUint32, readVarint, skipBinary, skipString } from "./cursor";
import { malformed, PacketError, protocolError, Reason } from "./reason";

/** Property identifiers of MQTT 5.0, table 2-4, that a client may send. */
export const Property = {
  payloadFormatIndicator: 1,
  messageExpiryInterval: 2,
  contentType: 3,
  responseTopic: 8,
  correlationData: 9,
  subscriptionIdentifier: 11,
  sessionExpiryInterval: 17,
  authenticationMethod: 21,
  authenticationData: 22,
  requestProblemInformation: 23,
  willDelayInterval: 24,
  requestResponseInformation: 25,
  reasonString: 31,
  receiveMaximum: 33,
  topicAliasMaximum: 34,
  topicAlias: 35,
  userProperty: 38,
  maximumPacketSize: 39,
} as const;

/** Where a property block stands; each place has its own list of allowed properties. */
export const Place = {
  publish: 1,
  will: 2,
  connect: 4,
  subscribe: 8,
  unsubscribe: 16,
  ack: 32,
  disconnect: 64,
  auth: 128,
} as const;

interface Rule {
  places: number;
  skip(cursor: Cursor): void;
}

const ANY_ACK = Place.ack | Place.disconnect | Place.auth;
const MESSAGE = Place.publish | Place.will;

function flag(cursor: Cursor): void {
  const value = readByte(cursor);
  if (value > 1) throw protocolError(`a property that is 0 or 1 has the value ${value}`);
}

function nonZero(read: (cursor: Cursor) => number, name: string): (cursor: Cursor) => void {
  return (cursor) => {
    if (read(cursor) === 0) throw protocolError(`${name} is 0`);
  };
}

function topicAlias(cursor: Cursor): void {
  // [MQTT-3.3.2-8]
  if (readUint16(cursor) === 0) throw new PacketError(Reason.topicAliasInvalid, "topic alias is 0");
}

function responseTopic(cursor: Cursor): void {
  const length = skipString(cursor);
  // [MQTT-4.7.3-1]
  if (length === 0) throw protocolError("response topic is empty");
  for (let i = cursor.at - length; i < cursor.at; i++) {
    // [MQTT-3.3.2-14]
    if (isWildcard(cursor.bytes[i]!)) throw malformed("response topic has a wildcard");
  }
}

function isWildcard(byte: number): boolean {
  return byte === 0x23 || byte === 0x2b;
}

function userProperty(cursor: Cursor): void {
  skipString(cursor);
  skipString(cursor);
}

const RULES: (Rule | undefined)[] = [];
RULES[Property.payloadFormatIndicator] = { places: MESSAGE, skip: flag };
RULES[Property.messageExpiryInterval] = { places: MESSAGE, skip: readUint32 };
RULES[Property.contentType] = { places: MESSAGE, skip: skipString };
RULES[Property.responseTopic] = { places: MESSAGE, skip: responseTopic };
RULES[Property.correlationData] = { places: MESSAGE, skip: skipBinary };
RULES[Property.subscriptionIdentifier] = {
  places: Place.subscribe,
  skip: nonZero(readVarint, "subscription identifier"),
};
RULES[Property.sessionExpiryInterval] = { places: Place.connect | Place.disconnect, skip: readUint32 };
RULES[Property.authenticationMethod] = { places: Place.connect | Place.auth, skip: skipString };
RULES[Property.authenticationData] = { places: Place.connect | Place.auth, skip: skipBinary };
RULES[Property.requestProblemInformation] = { places: Place.connect, skip: flag };
RULES[Property.willDelayInterval] = { places: Place.will, skip: readUint32 };
RULES[Property.requestResponseInformation] = { places: Place.connect, skip: flag };
RULES[Property.reasonString] = { places: ANY_ACK, skip: skipString };
RULES[Property.receiveMaximum] = { places: Place.connect, skip: nonZero(readUint16, "receive maximum") };
RULES[Property.topicAliasMaximum] = { places: Place.connect, skip: readUint16 };
RULES[Property.topicAlias] = { places: Place.publish, skip: topicAlias };
RULES[Property.userProperty] = { places: 0xff, skip: userProperty };
RULES[Property.maximumPacketSize] = { places: Place.connect, skip: nonZero(readUint32, "maximum packet size") };

const LAST_PROPERTY = 42;

/** What one walk over a property block found. Reused from packet to packet, so that a PUBLISH makes no object. */
export interface PropertyScan {
  /** First byte behind the length of the block, and first byte behind the block. */
  from: number;
  to: number;
  /** How many properties the block has. */
  count: number;
  /** Per identifier: the offset of its value, or -1 where the packet does not have it. */
  valueAt: Int32Array;
}

/** An empty scan to be handed to {@link scanProperties}. */
export function createPropertyScan(): PropertyScan {
  return { from: 0, to: 0, count: 0, valueAt: new Int32Array(LAST_PROPERTY + 1).fill(-1) };
}

/**
 * Walks over the property block at the cursor and checks all of it: identifiers that are allowed in this place, none
 * twice [MQTT-3.1.2.11.2 and its like], values in range, texts well-formed, and no more user properties than
 * `maxUserProperties`. `cursor.at` stands behind the block afterwards.
 */
export function scanProperties(cursor: Cursor, place: number, maxUserProperties: number, scan: PropertyScan): void {
  const length = readVarint(cursor);
  const packetEnd = cursor.end;
  scan.from = cursor.at;
  scan.to = cursor.at + length;
  if (scan.to > packetEnd) throw malformed(`property block of ${length} bytes goes beyond the packet`);
  if (scan.count > 0) scan.valueAt.fill(-1);
  scan.count = 0;
  if (length === 0) return;
  cursor.end = scan.to;
  let userProperties = 0;
  while (cursor.at < scan.to) {
    const identifier = readVarint(cursor);
    if (identifier === Property.userProperty) userProperties++;
    if (userProperties > maxUserProperties) {
      throw new PacketError(Reason.quotaExceeded, `more than ${maxUserProperties} user properties`);
    }
    walkProperty(cursor, identifier, place, scan);
  }
  cursor.end = packetEnd;
}

function walkProperty(cursor: Cursor, identifier: number, place: number, scan: PropertyScan): void {
  const rule = RULES[identifier];
  if (rule === undefined) throw malformed(`property ${identifier} is unknown or a server's own`);
  if ((rule.places & place) === 0) throw protocolError(`property ${identifier} is not allowed in this packet`);
  if (identifier !== Property.userProperty && scan.valueAt[identifier] !== -1) {
    throw protocolError(`property ${identifier} is given twice`);
  }
  scan.valueAt[identifier] = cursor.at;
  scan.count++;
  rule.skip(cursor);
}

/**
 * A payload that says it is text must be text: 3.3.2.3.2 and 3.1.3.2.3 let the receiver check that. `at` is the offset of
 * the payload format indicator, or -1.
 */
export function checkPayloadFormat(bytes: Uint8Array, at: number, from: number, to: number): void {
  if (at === -1 || bytes[at] === 0 || isUtf8(bytes.subarray(from, to))) return;
  throw new PacketError(Reason.payloadFormatInvalid, "payload is marked as UTF-8 and is not");
}

/** Properties that end at the broker, with the size of their values: they count down or belong to one connection. */
const NOT_FORWARDED = [
  { identifier: Property.messageExpiryInterval, size: 4 },
  { identifier: Property.willDelayInterval, size: 4 },
  { identifier: Property.topicAlias, size: 2 },
];

/**
 * What receivers get of a scanned block, as bytes without a length: everything in its order [MQTT-3.3.2-18] but topic
 * alias, expiry and will delay. The bytes are shared with `bytes` where nothing had to be cut out.
 */
export function forwardedProperties(bytes: Uint8Array, scan: PropertyScan): Uint8Array {
  const cuts = NOT_FORWARDED.filter(({ identifier }) => scan.valueAt[identifier] !== -1)
    .map(({ identifier, size }) => ({ from: scan.valueAt[identifier]! - 1, to: scan.valueAt[identifier]! + size }))
    .sort((a, b) => a.from - b.from);
  if (cuts.length === 0) return bytes.subarray(scan.from, scan.to);
  const pieces: Uint8Array[] = [];
  let start = scan.from;
  for (const cut of cuts) {
    pieces.push(bytes.subarray(start, cut.from));
    start = cut.to;
  }
  pieces.push(bytes.subarray(start, scan.to));
  return Buffer.concat(pieces);
}

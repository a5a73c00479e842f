import { type Cursor, readByte, readUint16, skipBinary, skipString, textAt } from "./cursor";
import { PacketType } from "./decoder";
import {
  checkPayloadFormat,
  createPropertyScan,
  forwardedProperties,
  Place,
  Property,
  scanProperties,
} from "./properties";
import { malformed, PacketError, protocolError, Reason } from "./reason";

// The parser behind these checks reads what it is given and asks little: it takes null characters, broken UTF-8, packet
// identifier 0, empty lists and any number of user properties. So nothing reaches it that has not passed here.

/** Where a packet's body stands, and the limit that its properties are held to. */
export interface Body extends Cursor {
  version: number;
  maxUserProperties: number;
}

/**
 * Filters in one SUBSCRIBE or UNSUBSCRIBE. A quarter of a million fit into a packet of the usual size, and stop everybody
 * for half a second; so many stop nobody for longer than five milliseconds. A client with more sends several packets.
 */
const MAX_FILTERS = 2000;

/** What {@link checkConnect} found that the parser would lose. */
export interface ConnectLayout {
  /** The will's properties as receivers get them, in their order, which the parser does not keep. */
  willProperties: Uint8Array;
}

const scan = createPropertyScan();
const NO_BYTES = new Uint8Array(0);

const PROTOCOL_LEVELS: { [name: string]: readonly number[] } = { MQIsdp: [3], MQTT: [4, 5] };

/** The protocol level of a CONNECT body: 3, 4 or 5. Throws "unsupported protocol version" [MQTT-3.1.2-2]. */
export function readProtocolLevel(body: Cursor): number {
  const nameLength = skipString(body);
  const name = textAt(body.bytes, body.at - nameLength, body.at);
  const level = readByte(body);
  if (!Object.hasOwn(PROTOCOL_LEVELS, name)) {
    throw new PacketError(Reason.unsupportedProtocolVersion, "protocol name is neither MQTT nor MQIsdp");
  }
  if (!PROTOCOL_LEVELS[name]!.includes(level)) {
    throw new PacketError(Reason.unsupportedProtocolVersion, `${name} at level ${level} is not spoken here`);
  }
  return level;
}

/** Checks a CONNECT body from behind its protocol level to its last byte; `body.version` is that level. */
export function checkConnect(body: Body): ConnectLayout {
  const flags = readByte(body);
  checkConnectFlags(flags, body.version);
  readUint16(body);
  if (body.version === 5) checkConnectProperties(body);
  skipString(body);
  const willProperties = (flags & 0x04) === 0 ? NO_BYTES : checkWill(body);
  if ((flags & 0x80) !== 0) skipString(body);
  if ((flags & 0x40) !== 0) skipBinary(body);
  checkEnd(body);
  return { willProperties };
}

function checkConnectFlags(flags: number, version: number): void {
  const willQos = (flags >> 3) & 3;
  // [MQTT-3.1.2-3]
  if ((flags & 1) !== 0) throw malformed("CONNECT's reserved flag is set");
  if ((flags & 0x04) === 0 && (flags & 0x38) !== 0) throw malformed("will QoS or will retain without a will");
  if (willQos === 3) throw malformed("will with QoS 3");
  // [MQTT-3.1.2-22] of 3.1.1; 5.0 allows it.
  if (version !== 5 && (flags & 0xc0) === 0x40) throw malformed("password without a user name");
}

function checkConnectProperties(body: Body): void {
  scanProperties(body, Place.connect, body.maxUserProperties, scan);
  const hasMethod = scan.valueAt[Property.authenticationMethod] !== -1;
  if (scan.valueAt[Property.authenticationData] !== -1 && !hasMethod) {
    throw protocolError("authentication data without an authentication method");
  }
}

function checkWill(body: Body): Uint8Array {
  let properties = NO_BYTES;
  let formatAt = -1;
  if (body.version === 5) {
    scanProperties(body, Place.will, body.maxUserProperties, scan);
    properties = forwardedProperties(body.bytes, scan).slice();
    formatAt = scan.valueAt[Property.payloadFormatIndicator]!;
  }
  skipString(body);
  const length = skipBinary(body);
  checkPayloadFormat(body.bytes, formatAt, body.at - length, body.at);
  return properties;
}

/** Checks a SUBSCRIBE body [MQTT-3.8.3-2]; the filters' own rules are the topic rules. */
export function checkSubscribe(body: Body): void {
  checkPacketId(body, "SUBSCRIBE");
  if (body.version === 5) scanProperties(body, Place.subscribe, body.maxUserProperties, scan);
  if (body.at === body.end) throw protocolError("SUBSCRIBE without a topic filter");
  for (let count = 1; body.at < body.end; count++) {
    checkCount(count);
    if (skipString(body) === 0) throw protocolError("SUBSCRIBE with an empty topic filter");
    checkSubscriptionOptions(readByte(body), body.version);
  }
}

function checkSubscriptionOptions(options: number, version: number): void {
  const reserved = version === 5 ? 0xc0 : 0xfc;
  // [MQTT-3.8.3-5]
  if ((options & reserved) !== 0) throw malformed("reserved bits of the subscription options are set");
  if ((options & 3) === 3) throw malformed("subscription with QoS 3");
  if (((options >> 4) & 3) === 3) throw protocolError("subscription with retain handling 3");
}

/** Checks an UNSUBSCRIBE body [MQTT-3.10.3-2]. */
export function checkUnsubscribe(body: Body): void {
  checkPacketId(body, "UNSUBSCRIBE");
  if (body.version === 5) scanProperties(body, Place.unsubscribe, body.maxUserProperties, scan);
  if (body.at === body.end) throw protocolError("UNSUBSCRIBE without a topic filter");
  for (let count = 1; body.at < body.end; count++) {
    checkCount(count);
    if (skipString(body) === 0) throw protocolError("UNSUBSCRIBE with an empty topic filter");
  }
}

function checkCount(count: number): void {
  if (count > MAX_FILTERS) {
    throw new PacketError(Reason.quotaExceeded, `more than ${MAX_FILTERS} topic filters in one packet`);
  }
}

/** Checks a DISCONNECT body: empty before 5.0; there a reason code and properties may follow. */
export function checkDisconnect(body: Body): void {
  if (body.at === body.end) return;
  if (body.version !== 5) throw malformed("DISCONNECT with a body");
  readByte(body);
  if (body.at < body.end) scanProperties(body, Place.disconnect, body.maxUserProperties, scan);
  checkEnd(body);
}

function checkPacketId(body: Body, name: string): void {
  // [MQTT-2.2.1-3]
  if (readUint16(body) === 0) throw protocolError(`${name} with packet identifier 0`);
}

function checkEnd(body: Body): void {
  if (body.at !== body.end) throw malformed(`${body.end - body.at} bytes behind the end of the packet's fields`);
}

/** What PUBACK and PUBREC may say [MQTT-3.4.2-1] [MQTT-3.5.2-1]. */
const RECEIPT_REASONS = [0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
/** What PUBREL and PUBCOMP may say [MQTT-3.6.2-1] [MQTT-3.7.2-1]. */
const RELEASE_REASONS = [0, 0x92];

/**
 * The packet identifier of a PUBACK, PUBREC, PUBREL or PUBCOMP, as `type` says, with its reason code above it
 * (`reason << 16 | packetId`), so that an acknowledgement makes no object.
 */
export function decodeAck(body: Body, type: number): number {
  const packetId = readUint16(body);
  if (packetId === 0) throw protocolError("acknowledgement with packet identifier 0");
  if (body.at === body.end) return packetId;
  if (body.version !== 5) throw malformed("acknowledgement is longer than its packet identifier");
  const reason = readByte(body);
  const reasons = type < PacketType.pubrel ? RECEIPT_REASONS : RELEASE_REASONS;
  if (!reasons.includes(reason)) throw malformed(`acknowledgement with ${reason}, which is no reason code of its own`);
  if (body.at < body.end) scanProperties(body, Place.ack, body.maxUserProperties, scan);
  checkEnd(body);
  return (reason << 16) | packetId;
}

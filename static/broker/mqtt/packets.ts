/**
 * The packets of MQTT 5.0 that a page needs: it publishes and subscribes with QoS 0 and 1, and sends none but the most
 * needed properties. Clauses are those of OASIS MQTT 5.0.
 */

export type PageQos = 0 | 1;

/** A packet that came from the broker. */
export type IncomingPacket =
  | { kind: "connack"; reason: number; reasonText: string }
  | { kind: "publish"; topic: string; payload: Uint8Array; qos: number; retain: boolean; packetId: number }
  | { kind: "puback" | "suback" | "unsuback"; packetId: number; reason: number; reasonText: string }
  | { kind: "pingresp" }
  | { kind: "disconnect"; reason: number; reasonText: string };

export interface ConnectOptions {
  clientId: string;
  keepAliveS: number;
  username: string;
  password: string;
}

const Type = {
  connect: 0x10,
  connack: 0x20,
  publish: 0x30,
  puback: 0x40,
  subscribe: 0x82,
  suback: 0x90,
  unsubscribe: 0xa2,
  unsuback: 0xb0,
  disconnect: 0xe0,
} as const;

/** 3.12. */
export const PINGREQ = Uint8Array.of(0xc0, 0);
/** 3.14, a normal end. */
export const DISCONNECT = Uint8Array.of(Type.disconnect, 0);

const VERSION = 5;
const NO_PROPERTIES = [0];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** 3.1: always a clean start, and a session that ends with the connection. */
export function connectPacket({ clientId, keepAliveS, username, password }: ConnectOptions): Uint8Array {
  const CLEAN = 0x02;
  const flags = CLEAN | (username === "" ? 0 : 0x80) | (password === "" ? 0 : 0x40);
  return packet(Type.connect, [
    ...field("MQTT"),
    VERSION,
    flags,
    ...uint16(keepAliveS),
    ...NO_PROPERTIES,
    ...field(clientId),
    ...(username === "" ? [] : field(username)),
    ...(password === "" ? [] : field(password)),
  ]);
}

/** 3.8, of one filter. */
export function subscribePacket(packetId: number, filter: string, qos: PageQos): Uint8Array {
  return packet(Type.subscribe, [...uint16(packetId), ...NO_PROPERTIES, ...field(filter), qos]);
}

/** 3.10, of one filter. */
export function unsubscribePacket(packetId: number, filter: string): Uint8Array {
  return packet(Type.unsubscribe, [...uint16(packetId), ...NO_PROPERTIES, ...field(filter)]);
}

/** 3.3; `packetId` counts only with QoS 1. */
export function publishPacket(
  topic: string,
  payload: Uint8Array,
  { qos, retain, packetId }: { qos: PageQos; retain: boolean; packetId: number },
): Uint8Array {
  const head = [...field(topic), ...(qos === 0 ? [] : uint16(packetId)), ...NO_PROPERTIES];
  return packet(Type.publish | (qos << 1) | Number(retain), head, payload);
}

/** 3.4, a success. */
export function pubackPacket(packetId: number): Uint8Array {
  return packet(Type.puback, uint16(packetId));
}

/** Gives each whole packet of a stream that comes in pieces. What the page has no use for is passed over. */
export function createReader(onPacket: (packet: IncomingPacket) => void): (piece: Uint8Array) => void {
  let waiting = new Uint8Array(0);
  return (piece) => {
    const bytes = new Uint8Array(waiting.length + piece.length);
    bytes.set(waiting);
    bytes.set(piece, waiting.length);
    let at = 0;
    for (let found = frameAt(bytes, at); found !== undefined; found = frameAt(bytes, at)) {
      const read = readPacket(bytes[at]!, bytes.subarray(found.from, found.to));
      if (read !== undefined) onPacket(read);
      at = found.to;
    }
    waiting = bytes.slice(at);
  };
}

/** Where the body of the packet that begins there stands; undefined while it is not whole. */
function frameAt(bytes: Uint8Array, at: number): { from: number; to: number } | undefined {
  const length = varint(bytes, at + 1);
  if (length === undefined || length.next + length.value > bytes.length) return undefined;
  return { from: length.next, to: length.next + length.value };
}

function readPacket(firstByte: number, body: Uint8Array): IncomingPacket | undefined {
  switch (firstByte & 0xf0) {
    case Type.connack:
      return { kind: "connack", reason: body[1]!, reasonText: reasonText(body, 2) };
    case Type.publish:
      return readPublish(firstByte, body);
    case Type.puback:
      return readAck("puback", body, 2);
    case Type.suback:
      return readAck("suback", body, body.length - 1);
    case Type.unsuback:
      return readAck("unsuback", body, body.length - 1);
    case 0xd0:
      return { kind: "pingresp" };
    case Type.disconnect:
      return { kind: "disconnect", reason: body[0] ?? 0, reasonText: reasonText(body, 1) };
    default:
      return undefined;
  }
}

function readPublish(firstByte: number, body: Uint8Array): IncomingPacket {
  const qos = (firstByte >> 1) & 3;
  const topicTo = 2 + readUint16(body, 0);
  const afterId = qos === 0 ? topicTo : topicTo + 2;
  const properties = varint(body, afterId)!;
  return {
    kind: "publish",
    topic: decoder.decode(body.subarray(2, topicTo)),
    payload: body.slice(properties.next + properties.value),
    qos,
    retain: (firstByte & 1) === 1,
    packetId: qos === 0 ? 0 : readUint16(body, topicTo),
  };
}

/** PUBACK has its reason before its properties (3.4.2), the others behind them, as their payload (3.9.3, 3.11.3). */
function readAck(kind: "puback" | "suback" | "unsuback", body: Uint8Array, reasonAt: number): IncomingPacket {
  const reason = body[reasonAt] ?? 0;
  const text = reasonText(body, kind === "puback" ? 3 : 2);
  return { kind, packetId: readUint16(body, 0), reason, reasonText: text };
}

/** Bytes of each property that a broker sends (2.2.2.2): a number of them, `v` a varint, `s` a text or bytes, `p` a pair. */
const PROPERTY_FORMS: { [id: number]: number | "v" | "s" | "p" } = {
  1: 1,
  2: 4,
  3: "s",
  8: "s",
  9: "s",
  11: "v",
  17: 4,
  18: "s",
  19: 2,
  21: "s",
  22: "s",
  26: "s",
  28: "s",
  31: "s",
  33: 2,
  34: 2,
  35: 2,
  36: 1,
  37: 1,
  38: "p",
  39: 4,
  40: 1,
  41: 1,
  42: 1,
};
const REASON_STRING = 31;

/** The reason string among the properties that begin there; empty without one. */
function reasonText(body: Uint8Array, from: number): string {
  const length = varint(body, from);
  if (length === undefined) return "";
  const to = length.next + length.value;
  let at = length.next;
  while (at < to) {
    const id = body[at]!;
    if (id === REASON_STRING) return decoder.decode(body.subarray(at + 3, at + 3 + readUint16(body, at + 1)));
    at = afterProperty(body, at + 1, PROPERTY_FORMS[id]);
  }
  return "";
}

function afterProperty(body: Uint8Array, at: number, form: number | "v" | "s" | "p" | undefined): number {
  if (typeof form === "number") return at + form;
  if (form === "v") return varint(body, at)!.next;
  if (form === undefined) return body.length;
  const afterText = at + 2 + readUint16(body, at);
  return form === "s" ? afterText : afterText + 2 + readUint16(body, afterText);
}

function packet(firstByte: number, head: readonly number[], payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const length = varintBytes(head.length + payload.length);
  const bytes = new Uint8Array(1 + length.length + head.length + payload.length);
  bytes[0] = firstByte;
  bytes.set(length, 1);
  bytes.set(head, 1 + length.length);
  bytes.set(payload, 1 + length.length + head.length);
  return bytes;
}

/** A text with its length before it (1.5.4). */
function field(text: string): number[] {
  const bytes = encoder.encode(text);
  return [...uint16(bytes.length), ...bytes];
}

function uint16(value: number): number[] {
  return [value >> 8, value & 0xff];
}

function readUint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** 1.5.5. */
function varintBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** A variable byte integer and where it ends; undefined while it is not whole. */
function varint(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return undefined;
}
